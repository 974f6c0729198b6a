import {
  planStages,
  prepareProgram,
  type StageOptions,
  type StageOutput,
  StageRuntime,
} from '@millrace/engine'
import type { NodeConfig } from '@millrace/graph'
import { catalogue, runtimes } from '@millrace/nodes'
import { BENCH_FIELDS } from './bench-events.ts'
import { linearGraph } from './linear-graph.ts'

const AGGREGATES: NodeConfig[string] = [
  { function: 'count', as: 'orders' },
  { function: 'sum', argument: 'total', as: 'revenue' },
  { function: 'avg', argument: 'total', as: 'average' },
]

/** A task with one window by user, which calls back for each result. */
export function windowTask(config: NodeConfig, result: () => unknown): StageRuntime {
  const graph = linearGraph('windows', [
    {
      id: 'source',
      type: 'kafka',
      config: {
        ...{ connection: 'kafka', topic: 'events', fields: BENCH_FIELDS, eventTime: 'ts' },
        ...{ outOfOrderness: 1_000, keyedBy: ['userId'] },
      },
    },
    {
      id: 'window',
      type: 'window',
      config: { aggregates: AGGREGATES, groupBy: ['userId'], ...config },
    },
    { id: 'sink', type: 'kafka-sink', config: { connection: 'kafka', topic: 'results', key: [] } },
  ])
  const program = prepareProgram(graph, catalogue, runtimes)
  const output: StageOutput = { repartition: result, topic: result, outbox: result, deadLetter: result }
  const options: StageOptions = {
    ...{ program, plan: planStages(program, { source: () => 1, repartition: 1 }), output },
    ...{ stageId: 's1', task: 0, births: {}, fetchRows: null, generatorStart: 0 },
  }
  return new StageRuntime(options)
}
