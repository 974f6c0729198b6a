import { type GraphIndex, predecessors, successors } from './graph-index.ts'

/** Nodes in an order in which every node stands behind all that feeds it. */
export interface TopologicalOrder {
  /** Ids of all nodes that stand on no cycle and between no two cycles. */
  readonly order: readonly string[]
  /** Ids of the other nodes, in document order. Empty if and only if there is no cycle. */
  readonly cyclic: readonly string[]
}

type Neighbours = (nodeId: string) => readonly string[]

/**
 * Orders the nodes in time linear in nodes and edges; ties are broken by document order, so the result is stable.
 * Source: A. B. Kahn, "Topological sorting of large networks", 1962; run from both ends, so that what only follows a
 * cycle is ordered too.
 */
export function topologicalOrder(index: GraphIndex): TopologicalOrder {
  const before: Neighbours = (nodeId) => predecessors(index, nodeId)
  const after: Neighbours = (nodeId) => successors(index, nodeId)
  const rest = new Set(index.nodes.keys())
  const head = peel(rest, before, after)
  for (const nodeId of head) rest.delete(nodeId)
  const tail = peel(rest, after, before)
  for (const nodeId of tail) rest.delete(nodeId)
  return { order: [...head, ...tail.reverse()], cyclic: [...rest] }
}

/** Takes away, again and again, the nodes that nothing left stands before. */
function peel(nodeIds: ReadonlySet<string>, before: Neighbours, after: Neighbours): string[] {
  const waitsFor = new Map<string, number>()
  for (const nodeId of nodeIds) {
    waitsFor.set(nodeId, before(nodeId).filter((other) => nodeIds.has(other)).length)
  }
  const peeled = [...nodeIds].filter((nodeId) => waitsFor.get(nodeId) === 0)
  for (const nodeId of peeled) {
    for (const next of after(nodeId)) {
      const waiting = waitsFor.get(next)
      if (waiting === undefined) continue
      waitsFor.set(next, waiting - 1)
      if (waiting === 1) peeled.push(next)
    }
  }
  return peeled
}

/** The ids of the nodes of one cycle, each feeding the next and the last the first; null where there is none. */
export function findCycle(index: GraphIndex): readonly string[] | null {
  const cyclic = new Set(topologicalOrder(index).cyclic)
  const walked = new Map<string, number>()
  let [current] = cyclic
  while (current !== undefined && !walked.has(current)) {
    walked.set(current, walked.size)
    current = successors(index, current).find((nodeId) => cyclic.has(nodeId))
  }
  return current === undefined ? null : [...walked.keys()].slice(walked.get(current))
}

/** Ids of all nodes that feed this one, directly or not. The node itself is among them only if it is on a cycle. */
export function upstreamOf(index: GraphIndex, nodeId: string): ReadonlySet<string> {
  return reach(nodeId, (other) => predecessors(index, other))
}

/** Ids of all nodes that this one feeds, directly or not. The node itself is among them only if it is on a cycle. */
export function downstreamOf(index: GraphIndex, nodeId: string): ReadonlySet<string> {
  return reach(nodeId, (other) => successors(index, other))
}

function reach(start: string, next: Neighbours): ReadonlySet<string> {
  const found = new Set(next(start))
  // A set is iterated in insertion order and includes what is added on the way.
  for (const nodeId of found) for (const other of next(nodeId)) found.add(other)
  return found
}

/** The ids along a shortest way from one node to another, both included; null where there is none. */
export function findPath(index: GraphIndex, from: string, to: string): readonly string[] | null {
  const cameFrom = new Map<string, string | null>([[from, null]])
  for (const nodeId of cameFrom.keys()) {
    if (nodeId === to) return traceBack(cameFrom, to)
    for (const next of successors(index, nodeId)) if (!cameFrom.has(next)) cameFrom.set(next, nodeId)
  }
  return null
}

function traceBack(cameFrom: ReadonlyMap<string, string | null>, to: string): string[] {
  const path: string[] = []
  for (let at: string | null | undefined = to; at != null; at = cameFrom.get(at)) path.push(at)
  return path.reverse()
}
