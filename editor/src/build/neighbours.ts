import {
  downstreamOf,
  type GraphIndex,
  indexGraph,
  type PipelineGraph,
  type Position,
  positionOf,
  predecessors,
  successors,
  upstreamOf,
} from '@millrace/graph'

/** Where an arrow key leads. */
export type Direction = 'left' | 'right' | 'up' | 'down'

/** A way off the straight line counts this much more than one along it. */
const ASIDE = 2

/**
 * The node that an arrow key leads to: along the connections to the left and right, to what stands nearest where there
 * are none, and above and below. Of several the nearest; null where nothing is there.
 */
export function neighbourOf(graph: PipelineGraph, nodeId: string, direction: Direction): string | null {
  const joined = joinedTo(indexGraph(graph), nodeId, direction)
  const from = placeOf(graph, nodeId)
  if (joined.length > 0) {
    return nearest(graph, joined, (at) => Math.abs(at.y - from.y) * ASIDE + Math.abs(at.x - from.x))
  }
  const others = graph.nodes.flatMap(({ id }) =>
    id !== nodeId && ahead(from, placeOf(graph, id), direction) > 0 ? [id] : [],
  )
  return nearest(graph, others, (at) => ahead(from, at, direction) + ASIDE * aside(from, at, direction))
}

/** Where the first arrow key leads while nothing is selected: the node furthest to the left, of several the highest. */
export function firstNode(graph: PipelineGraph): string | null {
  return nearest(
    graph,
    graph.nodes.map(({ id }) => id),
    ({ x, y }) => x * ASIDE + y,
  )
}

/** What a selection depends on, and what depends on it. */
export interface Lights {
  /** Nodes upstream and downstream of the selected ones, without themselves. */
  readonly nodes: ReadonlySet<string>
  /** Connections on the ways to and from the selected nodes. */
  readonly edges: ReadonlySet<string>
}

export const NO_LIGHTS: Lights = { nodes: new Set(), edges: new Set() }

/** What lights up with a selection. */
export function lightsOf(graph: PipelineGraph, selected: ReadonlySet<string>): Lights {
  if (selected.size === 0) return NO_LIGHTS
  const index = indexGraph(graph)
  const present = [...selected].filter((id) => index.nodes.has(id))
  const up = new Set(present.flatMap((id) => [id, ...upstreamOf(index, id)]))
  const down = new Set(present.flatMap((id) => [id, ...downstreamOf(index, id)]))
  const edges = graph.edges.flatMap(({ id, from, to }) =>
    up.has(to.node) || down.has(from.node) ? [id] : [],
  )
  return {
    nodes: new Set([...up, ...down].filter((id) => !selected.has(id))),
    edges: new Set(edges),
  }
}

function joinedTo(index: GraphIndex, nodeId: string, direction: Direction): readonly string[] {
  if (direction === 'left') return predecessors(index, nodeId)
  return direction === 'right' ? successors(index, nodeId) : []
}

function nearest(
  graph: PipelineGraph,
  nodeIds: readonly string[],
  cost: (at: Position) => number,
): string | null {
  const costs = new Map(nodeIds.map((id) => [id, cost(placeOf(graph, id))]))
  return nodeIds.toSorted((a, b) => (costs.get(a) ?? 0) - (costs.get(b) ?? 0))[0] ?? null
}

/** How far a place lies ahead, px; below zero behind. */
function ahead(from: Position, to: Position, direction: Direction): number {
  return { left: from.x - to.x, right: to.x - from.x, up: from.y - to.y, down: to.y - from.y }[direction]
}

function aside(from: Position, to: Position, direction: Direction): number {
  const isLevel = direction === 'left' || direction === 'right'
  return Math.abs(isLevel ? to.y - from.y : to.x - from.x)
}

function placeOf({ layout }: PipelineGraph, nodeId: string): Position {
  return positionOf(layout, nodeId) ?? { x: 0, y: 0 }
}
