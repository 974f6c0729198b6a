import { Client } from '@elastic/elasticsearch'
import type { PipelineGraph } from '@millrace/graph'
import { BENCH_FIELDS } from '../bench-events.ts'
import { OUT_OF_ORDERNESS_MS } from '../beside-flink/events.ts'
import { flowGraph } from '../flow-graph.ts'

/** Orders from a topic to Elasticsearch, by their id. */
export function searchableGraph(topic: string, alias: string): PipelineGraph {
  const nodes = {
    orders: [
      'kafka',
      {
        ...{ connection: 'kafka', topic, format: 'json', fields: BENCH_FIELDS, eventTime: 'ts' },
        ...{ outOfOrderness: OUT_OF_ORDERNESS_MS, idleTimeout: 1_000, maxAhead: null, keyedBy: ['userId'] },
      },
    ],
    results: [
      'elasticsearch',
      {
        ...{ connection: 'elasticsearch', alias, index: 'daily', dateField: null, id: '{orderId}' },
        fields: [
          { field: 'orderId', type: 'keyword' },
          { field: 'userId', type: 'keyword' },
          { field: 'region', type: 'keyword' },
          { field: 'total', type: 'double' },
          { field: 'ts', type: 'date' },
        ],
        ...{ timeField: 'ts', refreshSeconds: 1, bulkDocuments: 2_000, shards: 1, replicas: 0 },
        retentionDays: null,
      },
    ],
  } as const
  return flowGraph('searchable', nodes, 'orders results')
}

/** Counts the documents that a node has been given, each time that it was given one. */
export class IndexedCount {
  readonly #client: Client

  constructor(address: string) {
    this.#client = new Client({ node: address })
  }

  /** So many by now. */
  async read(): Promise<number> {
    const { nodes } = await this.#client.nodes.stats({ metric: 'indices', index_metric: 'indexing' })
    return Object.values(nodes).reduce((sum, node) => sum + (node.indices?.indexing?.index_total ?? 0), 0)
  }

  async close(): Promise<void> {
    await this.#client.close()
  }
}
