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
  const program = prepareProgram(graph, catalogue, runtimes)
  const output: StageOutput = { repartition: result, topic: result, outbox: result, deadLetter: result }
  const options: StageOptions = {
    ...{ program, plan: planStages(program, { source: () => 1, repartition: 1 }), output },
    ...{ stageId: 's1', task: 0, births: {}, fetchRows: null, generatorStart: 0 },
  }
  return new StageRuntime(options)
}
