import type { GraphEdge } from '@millrace/graph'
import { inputIndex, type Program, type ProgramNode } from './program.ts'

/** Where a program is cut, and which nodes can therefore share a stage. */
export interface Cuts {
  /** By edge id: the key fields of the repartition; null keeps the partition index. Edges that are not cut are missing. */
  readonly keys: ReadonlyMap<string, readonly string[] | null>
  /** By node id: the number of cuts on the longest way from a source. Connected nodes of one level share a stage. */
  readonly levels: ReadonlyMap<string, number>
}

/** What the planner knows of the world. */
export interface PartitionCounts {
  /** Partitions of a source node's topic, or its virtual partitions. */
  source(nodeId: string): number
  /** Partitions of every repartition topic. */
  readonly repartition: number
}

/**
 * Finds the edges at which rows must be spread anew: those into a keyed node whose key does not contain all fields of
 * its input's partitioning, unless one task sees everything anyway; and those that would otherwise make
 * a stage wait for itself. Where several edges meet in a keyed node all of them are cut: that two streams are spread
 * by the same fields does not mean that they are spread alike.
 */
export function findCuts(program: Program, counts: PartitionCounts): Cuts {
  const keys = new Map<string, readonly string[] | null>()
  const levels = new Map<string, number>()
  const widths = new Map<string, number>()
  for (const node of program.nodes) {
    const oneTask = node.incoming.every((edge) => widthOf(widths, edge) === 1)
    for (const edge of oneTask ? [] : node.incoming) {
      const key = cutKey(node, edge)
      if (key !== null) keys.set(edge.id, key)
    }
    const level = Math.max(0, ...node.incoming.map((edge) => levelBehind(edge, levels, keys)))
    for (const edge of node.incoming) {
      if (!keys.has(edge.id) && levelBehind(edge, levels, keys) < level) keys.set(edge.id, null)
    }
    levels.set(node.node.id, level)
    widths.set(node.node.id, width(node, keys, widths, counts))
  }
  return { keys, levels }
}

/** The key by which rows along this edge must be spread; null where they are already, or need not be. */
function cutKey(node: ProgramNode, edge: GraphEdge): readonly string[] | null {
  if (node.runtime.role !== 'transform') return null
  const input = inputIndex(node, edge.to.port)
  const key = node.runtime.keyFields?.(node.node.config, input)
  if (key === undefined) return null
  const partitionedBy = node.incoming.length > 1 ? null : node.inputs[input]?.partitionedBy
  return partitionedBy?.every((field) => key.includes(field)) ? null : key
}

function levelBehind(
  edge: GraphEdge,
  levels: ReadonlyMap<string, number>,
  keys: ReadonlyMap<string, readonly string[] | null>,
): number {
  return (levels.get(edge.from.node) ?? 0) + (keys.has(edge.id) ? 1 : 0)
}

function widthOf(widths: ReadonlyMap<string, number>, edge: GraphEdge): number {
  return widths.get(edge.from.node) ?? 1
}

function width(
  node: ProgramNode,
  keys: ReadonlyMap<string, readonly string[] | null>,
  widths: ReadonlyMap<string, number>,
  counts: PartitionCounts,
): number {
  if (node.incoming.length === 0) return counts.source(node.node.id)
  return Math.max(
    ...node.incoming.map((edge) => (keys.has(edge.id) ? counts.repartition : widthOf(widths, edge))),
  )
}
