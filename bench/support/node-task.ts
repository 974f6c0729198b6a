import type { StageRuntime } from '@millrace/engine'
import type { NodeConfig } from '@millrace/graph'
import { BENCH_FIELDS } from './bench-events.ts'
import { linearGraph } from './linear-graph.ts'
import { wholeTask } from './whole-task.ts'

/** A node that is measured; settings that are not given have their defaults. */
export interface BenchNode {
  readonly type: string
  readonly config: NodeConfig
}

/** A task with one node between a source that is keyed by user and a sink, which calls back for each result. */
export function nodeTask({ type, config }: BenchNode, result: () => unknown): StageRuntime {
  const graph = linearGraph('nodes', [
    {
      id: 'source',
      type: 'kafka',
      config: {
        ...{ connection: 'kafka', topic: 'events', fields: BENCH_FIELDS, eventTime: 'ts' },
        ...{ outOfOrderness: 1_000, keyedBy: ['userId'] },
      },
    },
    { id: 'node', type, config },
    { id: 'sink', type: 'kafka-sink', config: { connection: 'kafka', topic: 'results', key: [] } },
  ])
  return wholeTask(graph, result)
}
