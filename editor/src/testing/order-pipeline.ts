import {
  emptyGraph,
  type GraphEdge,
  type GraphNode,
  type NodeConfig,
  newNode,
  type PipelineGraph,
} from '@millrace/graph'
import { catalogue } from '@millrace/nodes'

/** A node of a real type with some settings changed. */
export function realNode(id: string, type: string, config: NodeConfig = {}): GraphNode {
  const definition = catalogue.get(type)
  if (definition === undefined) throw new Error(`no node type ${type}`)
  const node = newNode(definition, id, id)
  return { ...node, config: { ...node.config, ...config } }
}

/** Edges from each node to the next. */
export function chain(...ids: readonly string[]): readonly GraphEdge[] {
  return ids.slice(1).map((id, i) => {
    const from = ids[i] ?? ''
    return { id: `${from}_${id}`, from: { node: from, port: 'out' }, to: { node: id, port: 'in' } }
  })
}

/** Orders from a topic, filtered, enriched from a reference topic, counted per 5 min, to a topic. Without a flaw. */
export function orderPipeline(): PipelineGraph {
  const orders = realNode('orders', 'kafka', {
    connection: 'kafka',
    topic: 'orders',
    fields: [
      { name: 'orderId', type: 'string not null' },
      { name: 'userId', type: 'string not null' },
      { name: 'total', type: 'double' },
      { name: 'ts', type: 'timestamp' },
    ],
    eventTime: 'ts',
  })
  const filter = realNode('filter', 'filter', { mode: 'drop', condition: "userId like 'healthcheck%'" })
  const region = realNode('region', 'enrich', {
    connection: 'kafka',
    topic: 'users',
    fields: [
      { name: 'userId', type: 'string not null' },
      { name: 'region', type: 'string' },
    ],
    keyField: 'userId',
    key: 'userId',
    add: [{ field: 'region', as: '' }],
  })
  const window = realNode('window', 'window', { groupBy: ['region'] })
  const sink = realNode('sink', 'kafka-sink', { connection: 'kafka', topic: 'orders-per-region' })
  const nodes = [orders, filter, region, window, sink]
  return {
    ...emptyGraph('Orders'),
    nodes,
    edges: chain(...nodes.map(({ id }) => id)),
    layout: Object.fromEntries(nodes.map(({ id }, i) => [id, { x: i * 168, y: 0 }])),
  }
}
