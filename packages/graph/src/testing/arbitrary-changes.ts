import fc from 'fast-check'
import { applyChange } from '../apply-change.ts'
import type { GraphChange } from '../change.ts'
import { LIMITS } from '../limits.ts'
import type { GraphEdge, GraphNode, NodeConfig, PipelineGraph, Position } from '../model.ts'

/** Ids that are awkward as member names stand beside ordinary ones. */
const IDS = ['__proto__', 'constructor', 'toString', '1', '0', 'a', 'b-c', 'hasOwnProperty', 'n7', 'n8']

type Candidate = (graph: PipelineGraph) => GraphChange | null

const coordinate = fc.integer({ min: -LIMITS.coordinate, max: LIMITS.coordinate })
const position: fc.Arbitrary<Position> = fc.record({ x: coordinate, y: coordinate })
const config = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })) as fc.Arbitrary<NodeConfig>
const index = fc.nat({ max: 1_000 })

/**
 * A change that fits whatever graph it meets, as a function of that graph; null where none of its kind fits.
 * (Which nodes exist is known only when the changes before it have been applied.)
 */
export const arbitraryChange: fc.Arbitrary<Candidate> = fc.letrec<{ change: Candidate; batch: Candidate }>(
  (tie) => ({
    change: fc.oneof({ maxDepth: 2 }, ...simpleChanges(), tie('batch')),
    batch: fc
      .array(tie('change'), { maxLength: 3 })
      .map((candidates) => (graph) => batchOf(candidates, graph)),
  }),
).change

function simpleChanges(): fc.Arbitrary<Candidate>[] {
  return [
    fc
      .record({
        id: fc.constantFrom(...IDS),
        config,
        position: fc.option(position, { nil: undefined }),
        index,
      })
      .map(addNode),
    fc.record({ id: fc.constantFrom(...IDS), from: index, to: index, index }).map(addEdge),
    index.map((pick) => (graph) => onNode(graph, pick, ({ id }) => ({ kind: 'remove-node', nodeId: id }))),
    index.map((pick) => (graph) => onEdge(graph, pick, ({ id }) => ({ kind: 'remove-edge', edgeId: id }))),
    fc.tuple(index, fc.string()).map(
      ([pick, label]) =>
        (graph) =>
          onNode(graph, pick, ({ id }) => ({ kind: 'set-label', nodeId: id, label })),
    ),
    fc.tuple(index, fc.string()).map(
      ([pick, note]) =>
        (graph) =>
          onNode(graph, pick, ({ id }) => ({ kind: 'set-note', nodeId: id, note })),
    ),
    fc.tuple(index, config).map(
      ([pick, next]) =>
        (graph) =>
          onNode(graph, pick, ({ id }) => ({ kind: 'set-config', nodeId: id, config: next })),
    ),
    fc
      .dictionary(fc.constantFrom(...IDS), fc.option(position))
      .map((positions) => (graph) => move(graph, positions)),
    fc.string().map((name) => () => ({ kind: 'rename-pipeline', name })),
  ]
}

function addNode({
  id,
  config: nodeConfig,
  position: at,
  index: place,
}: {
  id: string
  config: NodeConfig
  position: Position | undefined
  index: number
}): Candidate {
  return (graph) => {
    if (graph.nodes.some((node) => node.id === id)) return null
    const node: GraphNode = { id, type: 'filter', typeVersion: 1, label: id, config: nodeConfig, note: '' }
    return { kind: 'add-node', node, at: place % (graph.nodes.length + 1), ...(at && { position: at }) }
  }
}

function addEdge(wanted: { id: string; from: number; to: number; index: number }): Candidate {
  return (graph) => {
    const from = pickFrom(graph.nodes, wanted.from)
    const to = pickFrom(graph.nodes, wanted.to)
    if (!from || !to || graph.edges.some((edge) => edge.id === wanted.id)) return null
    const edge: GraphEdge = {
      id: wanted.id,
      from: { node: from.id, port: 'out' },
      to: { node: to.id, port: 'in' },
    }
    return { kind: 'add-edge', edge, at: wanted.index % (graph.edges.length + 1) }
  }
}

function move(graph: PipelineGraph, positions: { readonly [id: string]: Position | null }): GraphChange {
  const present = Object.entries(positions).filter(([id]) => graph.nodes.some((node) => node.id === id))
  return { kind: 'move-nodes', positions: Object.fromEntries(present) }
}

function onNode(
  graph: PipelineGraph,
  pick: number,
  make: (node: GraphNode) => GraphChange,
): GraphChange | null {
  const node = pickFrom(graph.nodes, pick)
  return node ? make(node) : null
}

function onEdge(
  graph: PipelineGraph,
  pick: number,
  make: (edge: GraphEdge) => GraphChange,
): GraphChange | null {
  const edge = pickFrom(graph.edges, pick)
  return edge ? make(edge) : null
}

function pickFrom<T>(list: readonly T[], pick: number): T | undefined {
  return list[pick % Math.max(1, list.length)]
}

function batchOf(candidates: readonly Candidate[], graph: PipelineGraph): GraphChange {
  let current = graph
  const changes: GraphChange[] = []
  for (const candidate of candidates) {
    const change = candidate(current)
    if (change === null) continue
    changes.push(change)
    current = applyChange(current, change).graph
  }
  return { kind: 'batch', changes }
}
