import type { PipelineGraph } from '@millrace/graph'
import { flowGraph, type Nodes } from '../support/flow-graph.ts'

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

/** The pipeline of a query: the source `events`, the nodes, and the edges as text. `key` names the rows of its results. */
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
  return flowGraph(name, { [SOURCE]: source, ...nodes, results: sink }, flows)
}
