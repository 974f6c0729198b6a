import type { PipelineGraph } from '@millrace/graph'
import type { Goal } from './bench-case.ts'
import { BENCH_FIELDS } from './bench-events.ts'
import { linearGraph, type Step } from './linear-graph.ts'

/** A pipeline over bench events whose speed is measured. */
export interface BenchPipeline {
  readonly name: string
  /** Between the source and the sink. */
  readonly steps: readonly Step[]
  /** For one executor process on a machine with two cores. */
  readonly goal: Goal
}

/** The pipelines of the cases `throughput` and `task`. */
export const BENCH_PIPELINES: readonly BenchPipeline[] = [
  {
    name: 'filter + project',
    goal: { column: 'rate', kind: 'at least', value: 150_000 },
    steps: [
      {
        id: 'filter',
        type: 'filter',
        config: { mode: 'keep', condition: "total >= 10 and region <> 'R-7'" },
      },
      {
        id: 'project',
        type: 'select',
        config: {
          ...{ rest: 'drop', keep: [], drop: [], rename: [], cast: [] },
          fields: ['orderId', 'userId', 'region', 'total'].map((name) => ({ name, expression: name })),
        },
      },
    ],
  },
  {
    name: 'tumbling window by key',
    goal: { column: 'rate', kind: 'at least', value: 80_000 },
    steps: [
      {
        id: 'window',
        type: 'window',
        config: {
          ...{ kind: 'tumbling', size: 300_000, offset: 0, groupBy: ['userId'], allowedLateness: 0 },
          aggregates: [
            { function: 'count', as: 'orders' },
            { function: 'sum', argument: 'total', as: 'total' },
          ],
        },
      },
    ],
  },
]

/** The document of a pipeline, from one topic to another. */
export function benchGraph({ name, steps }: BenchPipeline, from: string, to: string): PipelineGraph {
  const source = {
    ...{ connection: 'kafka', topic: from, format: 'json', fields: BENCH_FIELDS, eventTime: 'ts' },
    ...{ outOfOrderness: 1_000, idleTimeout: 1_000, maxAhead: null, keyedBy: ['userId'] },
  }
  const sink = { connection: 'kafka', topic: to, key: ['userId'] }
  return linearGraph(name, [
    { id: 'source', type: 'kafka', config: source },
    ...steps,
    { id: 'sink', type: 'kafka-sink', config: sink },
  ])
}
