import {
  applyChange,
  type Batch,
  type Catalogue,
  canConnect,
  emptyGraph,
  findNode,
  type GraphChange,
  type GraphEdge,
  type GraphNode,
  type NodeDefinition,
  openOutputs,
  type PipelineGraph,
  type PortDefinition,
  type PortRef,
  type Position,
  partsOf,
  positionOf,
} from '@millrace/graph'
import { copyParts, pasteParts, withMembers } from './canvas-edits.ts'

/** Gives ids that no node or edge has. */
export type MakeId = (prefix: string) => string

/** A new edge between two ports. */
export function newEdge(from: PortRef, to: PortRef, makeId: MakeId): GraphEdge {
  return { id: makeId('e'), from, to }
}

/**
 * Adds a node and, where one is given and it fits, an edge from a node to it, or from it to that node: one step.
 */
export function addNode(
  graph: PipelineGraph,
  catalogue: Catalogue,
  { node, position, neighbour }: { node: GraphNode; position: Position; neighbour: string | null },
  makeId: MakeId,
): GraphChange {
  const add: GraphChange = { kind: 'add-node', node, position }
  const grown: PipelineGraph = { ...graph, nodes: [...graph.nodes, node] }
  const ends = neighbour === null ? null : joint(grown, catalogue, neighbour, node.id)
  if (ends === null) return add
  return { kind: 'batch', changes: [add, { kind: 'add-edge', edge: newEdge(ends.from, ends.to, makeId) }] }
}

/** The two ends of an edge. */
export interface Joint {
  readonly from: PortRef
  readonly to: PortRef
}

/** The first pair of ports by which two nodes can be joined: from the first to the second, else the other way round. */
export function joint(
  graph: PipelineGraph,
  catalogue: Catalogue,
  first: string,
  second: string,
): Joint | null {
  return (
    jointOf(graph, catalogue, mainOutputs(graph, catalogue, first), inputsOf(graph, catalogue, second)) ??
    jointOf(graph, catalogue, mainOutputs(graph, catalogue, second), inputsOf(graph, catalogue, first))
  )
}

/** The first output and input of these that can be joined. */
export function jointOf(
  graph: PipelineGraph,
  catalogue: Catalogue,
  outputs: readonly PortRef[],
  inputs: readonly PortRef[],
): Joint | null {
  for (const from of outputs) {
    const to = inputs.find((input) => canConnect(graph, catalogue, from, input).ok)
    if (to !== undefined) return { from, to }
  }
  return null
}

/** The open outputs of a node, in the order of its card. */
export function outputsOf(node: GraphNode, catalogue: Catalogue): readonly PortDefinition[] {
  const definition = catalogue.get(node.type)
  return definition ? openOutputs(definition, node) : []
}

/** Where edges to a node can end. */
export function inputsOf(graph: PipelineGraph, catalogue: Catalogue, nodeId: string): readonly PortRef[] {
  const inputs = catalogue.get(findNode(graph, nodeId)?.type ?? '')?.inputs ?? []
  return inputs.map(({ name }) => ({ node: nodeId, port: name }))
}

/** Where edges from a node can begin, without the outputs that are optional: those that nothing takes yet first. */
export function mainOutputs(graph: PipelineGraph, catalogue: Catalogue, nodeId: string): readonly PortRef[] {
  const node = findNode(graph, nodeId)
  const isTaken = ({ port }: PortRef) =>
    graph.edges.some(({ from }) => from.node === nodeId && from.port === port)
  return (node ? outputsOf(node, catalogue) : [])
    .filter(({ optional }) => !optional)
    .map(({ name }) => ({ node: nodeId, port: name }))
    .toSorted((a, b) => Number(isTaken(a)) - Number(isTaken(b)))
}

/** Puts a node into an edge: the edge's ends are joined through it. Null where the node has no way through. */
export function insertIntoEdge(
  edge: GraphEdge,
  { node, position }: { node: GraphNode; position: Position },
  definition: NodeDefinition,
  makeId: MakeId,
): GraphChange | null {
  const joined = joinIntoEdge(edge, node, definition, makeId)
  return joined && { kind: 'batch', changes: [{ kind: 'add-node', node, position }, ...joined.changes] }
}

/** Joins the ends of an edge through a node that is there already. Null where the node has no way through. */
export function joinIntoEdge(
  edge: GraphEdge,
  node: GraphNode,
  definition: NodeDefinition,
  makeId: MakeId,
): Batch | null {
  const [input] = definition.inputs
  const [output] = openOutputs(definition, node)
  if (!input || !output) return null
  return {
    kind: 'batch',
    changes: [
      { kind: 'remove-edge', edgeId: edge.id },
      { kind: 'add-edge', edge: newEdge(edge.from, { node: node.id, port: input.name }, makeId) },
      { kind: 'add-edge', edge: newEdge({ node: node.id, port: output.name }, edge.to, makeId) },
    ],
  }
}

/** Removes nodes with those of selected groups, notes and edges: one step. Null where nothing is left to remove. */
export function removeSelected(
  graph: PipelineGraph,
  selected: ReadonlySet<string>,
  edges: ReadonlySet<string>,
): GraphChange | null {
  const nodes = withMembers(graph, selected)
  const alone = graph.edges.filter(
    ({ id, from, to }) => edges.has(id) && !nodes.has(from.node) && !nodes.has(to.node),
  )
  const changes: GraphChange[] = [
    ...alone.map(({ id }): GraphChange => ({ kind: 'remove-edge', edgeId: id })),
    ...graph.nodes
      .filter(({ id }) => nodes.has(id))
      .map(({ id }): GraphChange => ({ kind: 'remove-node', nodeId: id })),
    ...partsOf(graph)
      .notes.filter(({ id }) => nodes.has(id))
      .map(({ id }): GraphChange => ({ kind: 'set-canvas-note', noteId: id, note: null })),
  ]
  return changes.length === 0 ? null : { kind: 'batch', changes }
}

/**
 * Removes nodes and joins what fed each of them to what it fed, where that fits: one step, and how many edges it made.
 * Null where no such node is left.
 */
export function removeAndRejoin(
  graph: PipelineGraph,
  catalogue: Catalogue,
  nodes: ReadonlySet<string>,
  makeId: MakeId,
): { readonly change: GraphChange; readonly joined: number } | null {
  const doomed = graph.nodes.filter(({ id }) => nodes.has(id))
  if (doomed.length === 0) return null
  let rest = graph
  for (const { id } of doomed) rest = without(rest, catalogue, id, makeId)
  const before = new Set(graph.edges.map(({ id }) => id))
  const fresh = rest.edges.filter(({ id }) => !before.has(id))
  const changes: GraphChange[] = [
    ...doomed.map(({ id }): GraphChange => ({ kind: 'remove-node', nodeId: id })),
    ...fresh.map((edge): GraphChange => ({ kind: 'add-edge', edge })),
  ]
  return { change: { kind: 'batch', changes }, joined: fresh.length }
}

/** The graph without a node, its neighbours joined. */
function without(graph: PipelineGraph, catalogue: Catalogue, nodeId: string, makeId: MakeId): PipelineGraph {
  const into = graph.edges.filter(({ to }) => to.node === nodeId)
  const outOf = graph.edges.filter(({ from }) => from.node === nodeId)
  let rest = applyChange(graph, { kind: 'remove-node', nodeId }).graph
  for (const { to } of outOf)
    for (const { from } of into) {
      if (!canConnect(rest, catalogue, from, to).ok) continue
      rest = applyChange(rest, { kind: 'add-edge', edge: newEdge(from, to, makeId) }).graph
    }
  return rest
}

/** The selected nodes with the edges between them and their places, notes and groups, as a document of its own. */
export function copySelected(graph: PipelineGraph, selected: ReadonlySet<string>): PipelineGraph {
  const nodes = withMembers(graph, selected)
  return {
    ...copyParts(graph, nodes),
    ...emptyGraph(graph.name),
    nodes: graph.nodes.filter(({ id }) => nodes.has(id)),
    edges: graph.edges.filter(({ from, to }) => nodes.has(from.node) && nodes.has(to.node)),
    layout: Object.fromEntries(Object.entries(graph.layout).filter(([id]) => nodes.has(id))),
  }
}

/** Adds a copied part under new ids, moved by an offset: one step, and the ids of the new nodes and notes. */
export function pasteCopy(
  copy: PipelineGraph,
  offset: Position,
  makeId: MakeId,
): { readonly change: GraphChange; readonly nodeIds: readonly string[] } {
  const renamed = new Map(copy.nodes.map(({ id, type }) => [id, makeId(type)]))
  const idOf = (id: string) => renamed.get(id) ?? id
  const nodes = copy.nodes.map((node): GraphChange => {
    const at = positionOf(copy.layout, node.id) ?? { x: 0, y: 0 }
    return {
      kind: 'add-node',
      node: { ...node, id: idOf(node.id) },
      position: { x: at.x + offset.x, y: at.y + offset.y },
    }
  })
  const edges = copy.edges.map(({ from, to }): GraphChange => {
    const edge = newEdge({ ...from, node: idOf(from.node) }, { ...to, node: idOf(to.node) }, makeId)
    return { kind: 'add-edge', edge }
  })
  const parts = pasteParts(copy, offset, { idOf, makeId })
  return {
    change: { kind: 'batch', changes: [...nodes, ...edges, ...parts.changes] },
    nodeIds: [...renamed.values(), ...parts.noteIds],
  }
}
