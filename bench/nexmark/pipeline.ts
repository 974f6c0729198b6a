import { type GraphEdge, type NodeConfig, newNode, type PipelineGraph } from '@millrace/graph'
import { catalogue, type NodeType } from '@millrace/nodes'

/** Nodes by id: type, and settings that differ from the defaults. */
export type Nodes = { readonly [id: string]: readonly [NodeType, NodeConfig] }

/** Id of the source of every query. */
export const SOURCE = 'events'

const FIELDS = [
  ['event_type', 'int64 not null'],
  ['date_time', 'timestamp not null'],
  [
    'person',
    'struct<id int64 not null, name string not null, email string not null, credit_card string not null, city string not null, state string not null>',
  ],
  [
    'auction',
    'struct<id int64 not null, item_name string not null, initial_bid int64 not null, reserve int64 not null, expires timestamp not null, seller int64 not null, category int64 not null>',
  ],
  [
    'bid',
    'struct<auction int64 not null, bidder int64 not null, price int64 not null, channel string not null, url string not null, extra string not null>',
  ],
].map(([name = '', type = '']) => ({ name, type }))

/**
 * The pipeline of a query: the source `events`, the nodes, and the edges as text: `events keep, keep join:left` goes from
 * output `out` of the one to input `in` of the other where no ports are named. `key` names the rows of its results.
 */
export function nexmarkPipeline(
  name: string,
  nodes: Nodes,
  flows: string,
  key: readonly string[] = [],
): PipelineGraph {
  const source: Nodes[string] = [
    'kafka',
    { connection: 'kafka', topic: 'nexmark', fields: FIELDS, eventTime: 'date_time', outOfOrderness: 0 },
  ]
  const sink: Nodes[string] = ['kafka-sink', { connection: 'kafka', topic: name, key: [...key] }]
  return {
    ...{ format: 1, name, layout: {} },
    nodes: Object.entries({ [SOURCE]: source, ...nodes, results: sink }).map(nodeOf),
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
