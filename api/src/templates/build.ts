import { type GraphEdge, type GraphNode, newNode } from '@millrace/graph'
import { catalogue, type NodeType } from '@millrace/nodes'

/** A node of a template; settings that are not given have their defaults. */
export function step(id: string, type: NodeType, label: string, config: object): GraphNode {
  const definition = catalogue.get(type)
  if (definition === undefined) throw new Error(`there is no node type ${type}`)
  const node = newNode(definition, id, label)
  return { ...node, config: { ...node.config, ...config } }
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
