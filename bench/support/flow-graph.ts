import { type GraphEdge, type NodeConfig, newNode, type PipelineGraph } from '@millrace/graph'
import { catalogue, type NodeType } from '@millrace/nodes'

/** Nodes by id: type, and settings that differ from the defaults. */
export type Nodes = { readonly [id: string]: readonly [NodeType, NodeConfig] }

/**
 * A pipeline of nodes and of edges as text: `events keep, keep join:left` goes from output `out` of the one to input `in`
 * of the other where no ports are named.
 */
export function flowGraph(name: string, nodes: Nodes, flows: string): PipelineGraph {
  return {
    ...{ format: 1, name, layout: {} },
    nodes: Object.entries(nodes).map(nodeOf),
    edges: flows.split(', ').map(edgeOf),
  }
}

function nodeOf([id, [type, config]]: readonly [string, Nodes[string]]) {
  const definition = catalogue.get(type)
  if (definition === undefined) throw new Error(`there is no node type ${type}`)
  const node = newNode(definition, id, id)
  return { ...node, config: { ...node.config, ...config } }
}

function edgeOf(flow: string): GraphEdge {
  const [from = '', to = ''] = flow.split(' ')
  return { id: flow.replaceAll(/[^\w-]+/g, '-'), from: end(from, 'out'), to: end(to, 'in') }
}

function end(text: string, port: string) {
  const [node = '', named = port] = text.split(':')
  return { node, port: named }
}
