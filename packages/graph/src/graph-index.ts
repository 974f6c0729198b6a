import type { GraphEdge, GraphNode } from './model.ts'

/** Look-ups over a pipeline, built once in linear time. All maps are in document order. */
export interface GraphIndex {
  /** Nodes by id; of two nodes with the same id the first. */
  readonly nodes: ReadonlyMap<string, GraphNode>
  /** By node id: the edges that end there. Edges to or from missing nodes are left out. */
  readonly incoming: ReadonlyMap<string, readonly GraphEdge[]>
  /** By node id: the edges that begin there. */
  readonly outgoing: ReadonlyMap<string, readonly GraphEdge[]>
}

/** Builds the look-ups of a pipeline. */
export function indexGraph(graph: {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
}): GraphIndex {
  const nodes = new Map<string, GraphNode>()
  const incoming = new Map<string, GraphEdge[]>()
  const outgoing = new Map<string, GraphEdge[]>()
  for (const node of graph.nodes) {
    if (nodes.has(node.id)) continue
    nodes.set(node.id, node)
    incoming.set(node.id, [])
    outgoing.set(node.id, [])
  }
  for (const edge of graph.edges) {
    if (!nodes.has(edge.from.node) || !nodes.has(edge.to.node)) continue
    outgoing.get(edge.from.node)?.push(edge)
    incoming.get(edge.to.node)?.push(edge)
  }
  return { nodes, incoming, outgoing }
}

/** Ids of the nodes at the far end of the edges that end here, once per edge. */
export function predecessors(index: GraphIndex, nodeId: string): readonly string[] {
  return (index.incoming.get(nodeId) ?? []).map((edge) => edge.from.node)
}

/** Ids of the nodes at the far end of the edges that begin here, once per edge. */
export function successors(index: GraphIndex, nodeId: string): readonly string[] {
  return (index.outgoing.get(nodeId) ?? []).map((edge) => edge.to.node)
}
