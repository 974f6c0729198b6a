import type { GraphEdge, GraphNode, NodeConfig } from '@millrace/graph'

/** A node of a template. */
export function step(id: string, type: string, label: string, config: object): GraphNode {
  return { id, type, typeVersion: 1, label, config: config as NodeConfig, note: '' }
}

/** Connections from each node to the next, from port `out` to port `in`. */
export function chain(nodes: readonly GraphNode[]): GraphEdge[] {
  return nodes.slice(1).map(({ id }, i) => {
    const from = nodes[i]?.id ?? ''
    return {
      id: `${from}-${id}`.slice(0, 64),
      from: { node: from, port: 'out' },
      to: { node: id, port: 'in' },
    }
  })
}
