import type { PipelineGraph } from '@millrace/graph'
import { step } from '../../../api/src/templates/build.ts'

/** The topics of the pipeline. */
export interface BigStateTopics {
  readonly source: string
  readonly windows: string
  readonly firsts: string
}

/** Each user's events of an hour are counted and summed; beside it, each user's first event of two hours goes on. */
export function bigStateGraph({ source, windows, firsts }: BigStateTopics): PipelineGraph {
  const nodes = [
    step('source', 'kafka', 'Events', {
      ...{ connection: 'kafka', topic: source, format: 'json', keyedBy: ['user'] },
      ...{ eventTime: 'ts', outOfOrderness: 1_000, idleTimeout: null, maxAhead: null },
      fields: [
        { name: 'user', type: 'string not null' },
        { name: 'n', type: 'int64 not null' },
        { name: 'amount', type: 'int64 not null' },
        { name: 'ts', type: 'timestamp not null' },
      ],
    }),
    step('window', 'window', 'Per hour', {
      ...{ kind: 'tumbling', size: 3_600_000, offset: 0, groupBy: ['user'], allowedLateness: 0 },
      aggregates: [
        { function: 'count', as: 'events' },
        { function: 'sum', argument: 'amount', as: 'total' },
      ],
    }),
    step('dedupe', 'dedupe', 'First', { key: ['user'], ttl: 7_200_000 }),
    step('windows', 'kafka-sink', 'Windows', { connection: 'kafka', topic: windows, key: ['user'] }),
    step('firsts', 'kafka-sink', 'Firsts', { connection: 'kafka', topic: firsts, key: ['user'] }),
  ]
  const edge = (from: string, to: string) => ({
    id: `${from}-${to}`,
    from: { node: from, port: 'out' },
    to: { node: to, port: 'in' },
  })
  const edges = [
    edge('source', 'window'),
    edge('window', 'windows'),
    edge('source', 'dedupe'),
    edge('dedupe', 'firsts'),
  ]
  return { format: 1, name: 'Big state', nodes, edges, layout: {} }
}
