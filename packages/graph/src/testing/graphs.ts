import { newNode } from '../define-node.ts'
import type { NodeDefinition } from '../definition.ts'
import { emptyGraph, type GraphEdge, type GraphNode, type NodeConfig, type PipelineGraph } from '../model.ts'
import { archive, filter, orders, union } from './definitions.ts'

/** A node with a label like its id. */
export function node(
  id: string,
  definition: NodeDefinition,
  config: NodeConfig = definition.defaults,
): GraphNode {
  return { ...newNode(definition, id, id), config }
}

/** An edge from text such as `a → b` or `a.late → b.in`; the ports are `out` and `in` unless named. */
export function edge(text: string, id: string = text.replaceAll(/[^A-Za-z0-9_-]+/g, '_')): GraphEdge {
  const [from = '', to = ''] = text.split(' → ')
  const [fromNode = '', fromPort = 'out'] = from.split('.')
  const [toNode = '', toPort = 'in'] = to.split('.')
  return { id, from: { node: fromNode, port: fromPort }, to: { node: toNode, port: toPort } }
}

/** A pipeline of these nodes, with edges as in `edge`, laid out from left to right. */
export function pipeline(nodes: readonly GraphNode[], edges: readonly string[]): PipelineGraph {
  const layout = Object.fromEntries(nodes.map(({ id }, i) => [id, { x: i * 200, y: 0 }]))
  return { ...emptyGraph('Test'), nodes, edges: edges.map((text) => edge(text)), layout }
}

/** Without a flaw: orders → filter → archive. */
export function soundPipeline(): PipelineGraph {
  const nodes = [
    node('orders', orders),
    node('filter', filter, { field: 'region' }),
    node('archive', archive),
  ]
  return pipeline(nodes, ['orders → filter', 'filter → archive'])
}

/** A source, then `rungs` times a fork into two filters that meet again in a union: 2^rungs ways through. */
export function diamondLadder(rungs: number): PipelineGraph {
  const steps = Array.from({ length: rungs }, (_, i) => i)
  const rungNodes = steps.flatMap((i) => [
    node(`a${i}`, filter, { field: 'region' }),
    node(`b${i}`, filter, { field: 'region' }),
    node(`u${i}`, union),
  ])
  const rungEdges = steps.flatMap((i) => {
    const start = i === 0 ? 'orders' : `u${i - 1}`
    return [`${start} → a${i}`, `${start} → b${i}`, `a${i} → u${i}`, `b${i} → u${i}`]
  })
  const nodes = [node('orders', orders), ...rungNodes, node('archive', archive)]
  return pipeline(nodes, [...rungEdges, `u${rungs - 1} → archive`])
}
