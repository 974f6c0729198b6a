import { refusePartId, regroup, setCanvasNote, setGroup } from './apply-canvas-change.ts'
import type {
  AddEdge,
  AddNode,
  Batch,
  GraphChange,
  MoveNodes,
  RemoveEdge,
  RemoveNode,
  RenamePipeline,
  SetConfig,
  SetLabel,
  SetNote,
  SetTests,
} from './change.ts'
import { ChangeError } from './change-error.ts'
import { insert } from './insert.ts'
import { LIMITS } from './limits.ts'
import { findNode, type GraphNode, type PipelineGraph, positionOf } from './model.ts'
import { withMember, withoutMember } from './own-member.ts'

/** The edited document and the change that leads back to the very same document as before. */
export interface AppliedChange {
  readonly graph: PipelineGraph
  readonly inverse: GraphChange
}

type ChangeOf<Kind extends GraphChange['kind']> = Extract<GraphChange, { kind: Kind }>
type Appliers = {
  readonly [Kind in GraphChange['kind']]: (
    graph: PipelineGraph,
    change: ChangeOf<Kind>,
    depth: number,
  ) => AppliedChange
}

const APPLIERS: Appliers = {
  'add-node': addNode,
  'remove-node': removeNode,
  'set-label': setLabel,
  'set-note': setNote,
  'set-config': setConfig,
  'add-edge': addEdge,
  'remove-edge': removeEdge,
  'move-nodes': moveNodes,
  'rename-pipeline': renamePipeline,
  'set-canvas-note': setCanvasNote,
  'set-group': setGroup,
  'set-tests': setTests,
  batch: applyBatch,
}

/**
 * Carries out one edit. The only place that builds an edited graph; the given graph stays as it is.
 * Expects a graph with unique ids whose edges join existing nodes, as `parseGraph` warrants, and keeps it so.
 * The change must have the shape of its type; what it names is checked here.
 *
 * @throws ChangeError where the change does not fit: an unknown node or edge, an id in use, an edge to a missing
 * node, an index outside the list. A batch is carried out whole or not at all.
 */
export function applyChange(graph: PipelineGraph, change: GraphChange): AppliedChange {
  return apply(graph, change, 0)
}

function apply(graph: PipelineGraph, change: GraphChange, depth: number): AppliedChange {
  if (!Object.hasOwn(APPLIERS, change.kind)) {
    throw new ChangeError('unknown_change', `There is no change of kind ${JSON.stringify(change.kind)}.`)
  }
  const applier = APPLIERS[change.kind] as (
    graph: PipelineGraph,
    change: GraphChange,
    depth: number,
  ) => AppliedChange
  return applier(graph, change, depth)
}

function addNode(graph: PipelineGraph, { node, position, at }: AddNode): AppliedChange {
  refusePartId(graph, node.id)
  const layout = position === undefined ? graph.layout : withMember(graph.layout, node.id, position)
  return {
    graph: { ...graph, nodes: insert(graph.nodes, node, at), layout },
    inverse: { kind: 'remove-node', nodeId: node.id },
  }
}

function removeNode(graph: PipelineGraph, { nodeId }: RemoveNode): AppliedChange {
  const node = requireNode(graph, nodeId)
  const position = positionOf(graph.layout, nodeId)
  const isTouching = (edge: PipelineGraph['edges'][number]) =>
    edge.from.node === nodeId || edge.to.node === nodeId
  const restoreNode: GraphChange = {
    kind: 'add-node',
    node,
    at: graph.nodes.indexOf(node),
    ...(position && { position }),
  }
  // Ascending indexes: when an edge is put back, all that stood before it are in place again.
  const restoreEdges = graph.edges.flatMap((edge, at) =>
    isTouching(edge) ? [{ kind: 'add-edge', edge, at } as const] : [],
  )
  const { graph: ungrouped, restoreGroups } = regroup(graph, nodeId)
  return {
    graph: {
      ...ungrouped,
      nodes: graph.nodes.filter((other) => other !== node),
      edges: graph.edges.filter((edge) => !isTouching(edge)),
      layout: withoutMember(graph.layout, nodeId),
    },
    inverse: { kind: 'batch', changes: [restoreNode, ...restoreEdges, ...restoreGroups] },
  }
}

function setLabel(graph: PipelineGraph, { nodeId, label }: SetLabel): AppliedChange {
  const { label: before } = requireNode(graph, nodeId)
  return {
    graph: patchNode(graph, nodeId, { label }),
    inverse: { kind: 'set-label', nodeId, label: before },
  }
}

function setNote(graph: PipelineGraph, { nodeId, note }: SetNote): AppliedChange {
  const { note: before } = requireNode(graph, nodeId)
  return { graph: patchNode(graph, nodeId, { note }), inverse: { kind: 'set-note', nodeId, note: before } }
}

function setConfig(graph: PipelineGraph, { nodeId, config }: SetConfig): AppliedChange {
  const { config: before } = requireNode(graph, nodeId)
  return {
    graph: patchNode(graph, nodeId, { config }),
    inverse: { kind: 'set-config', nodeId, config: before },
  }
}

function addEdge(graph: PipelineGraph, { edge, at }: AddEdge): AppliedChange {
  requireNode(graph, edge.from.node)
  requireNode(graph, edge.to.node)
  return {
    graph: { ...graph, edges: insert(graph.edges, edge, at) },
    inverse: { kind: 'remove-edge', edgeId: edge.id },
  }
}

function removeEdge(graph: PipelineGraph, { edgeId }: RemoveEdge): AppliedChange {
  const at = graph.edges.findIndex((edge) => edge.id === edgeId)
  const edge = graph.edges[at]
  if (edge === undefined) throw new ChangeError('unknown_edge', `There is no edge with the id "${edgeId}".`)
  return {
    graph: { ...graph, edges: graph.edges.toSpliced(at, 1) },
    inverse: { kind: 'add-edge', edge, at },
  }
}

function moveNodes(graph: PipelineGraph, { positions }: MoveNodes): AppliedChange {
  const moved = Object.entries(positions)
  const before = moved.map(([nodeId]) => {
    requireNode(graph, nodeId)
    return [nodeId, positionOf(graph.layout, nodeId) ?? null] as const
  })
  const layout = Object.entries({ ...graph.layout, ...positions }).filter(([, position]) => position !== null)
  return {
    graph: { ...graph, layout: Object.fromEntries(layout) as PipelineGraph['layout'] },
    inverse: { kind: 'move-nodes', positions: Object.fromEntries(before) },
  }
}

function renamePipeline(graph: PipelineGraph, { name }: RenamePipeline): AppliedChange {
  return { graph: { ...graph, name }, inverse: { kind: 'rename-pipeline', name: graph.name } }
}

function setTests({ tests: before, ...rest }: PipelineGraph, { tests }: SetTests): AppliedChange {
  return {
    graph: tests === null ? rest : { ...rest, tests },
    inverse: { kind: 'set-tests', tests: before ?? null },
  }
}

function applyBatch(graph: PipelineGraph, { changes }: Batch, depth: number): AppliedChange {
  if (depth >= LIMITS.batchDepth) {
    throw new ChangeError('too_deep', `Batches may be nested ${LIMITS.batchDepth} levels deep, not deeper.`)
  }
  let current = graph
  const inverses: (readonly GraphChange[])[] = []
  for (const change of changes) {
    const { graph: next, inverse } = apply(current, change, depth + 1)
    current = next
    // Flat, so that an inverse is never nested deeper than what it undoes.
    inverses.push(inverse.kind === 'batch' ? inverse.changes : [inverse])
  }
  return { graph: current, inverse: { kind: 'batch', changes: inverses.reverse().flat() } }
}

function requireNode(graph: PipelineGraph, nodeId: string): GraphNode {
  const node = findNode(graph, nodeId)
  if (node === undefined) throw new ChangeError('unknown_node', `There is no node with the id "${nodeId}".`)
  return node
}

function patchNode(graph: PipelineGraph, nodeId: string, patch: Partial<GraphNode>): PipelineGraph {
  return { ...graph, nodes: graph.nodes.map((node) => (node.id === nodeId ? { ...node, ...patch } : node)) }
}
