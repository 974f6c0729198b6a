import type { BenchCase } from '../support/bench-case.ts'

interface ListedCase {
  readonly title: string
  load(): Promise<{ readonly benchCase: BenchCase }>
}

/** Every case by the name that `npm run bench -- <name>` takes, in the order in which all of them run. */
export const benchCases = {
  start: {
    title: '`npm start` in a fresh clone, Ctrl-C, and `npm start` again',
    load: () => import('./start.ts'),
  },
  demo: {
    title: 'The demo “Orders by region” at 200 orders/s, two executor processes',
    load: () => import('./demo.ts'),
  },
  takeover: {
    title: 'A worker process or a whole executor is killed',
    load: () => import('./takeover.ts'),
  },
  scale: {
    title: 'Executors come and go under load',
    load: () => import('./scale.ts'),
  },
  throughput: {
    title: 'One executor process, Kafka → Kafka, exactly once',
    load: () => import('./throughput.ts'),
  },
  flink: {
    title: 'Eight graphs beside Flink SQL: the same topics and cores, both exactly once',
    load: () => import('./flink.ts'),
  },
  latency: {
    title: 'Delays at half of the load that an executor can take, Kafka → Kafka and → Elasticsearch',
    load: () => import('./latency.ts'),
  },
  task: {
    title: 'The inner loop of a task on one core, without servers',
    load: () => import('./task.ts'),
  },
  engine: {
    title: 'The stream core on one core, without Kafka and without JSON',
    load: () => import('./engine.ts'),
  },
  windows: {
    title: 'Windows of every kind on one core, from JSON to JSON',
    load: () => import('./windows.ts'),
  },
  joins: {
    title: 'Joins and patterns on one core, from JSON to JSON',
    load: () => import('./joins.ts'),
  },
  nexmark: {
    title: 'Queries of Nexmark on one core, from JSON to JSON',
    load: () => import('./nexmark.ts'),
  },
  keyed: {
    title: 'Dedupe, running aggregates and top-N on one core, from JSON to JSON',
    load: () => import('./keyed.ts'),
  },
  'big-state': {
    title: 'Keyed state that memory has no room for, under kills',
    load: () => import('./big-state.ts'),
  },
  wire: {
    title: 'Record batches on one core, without network',
    load: () => import('./wire.ts'),
  },
  expr: {
    title: 'Expressions and the JSON bridge on one core',
    load: () => import('./expr.ts'),
  },
  preview: {
    title: 'The preview after an edit: 1,000 events, 20 nodes',
    load: () => import('./preview.ts'),
  },
  graph: {
    title: 'Pipeline documents: validate, infer, parse, serialize, edit',
    load: () => import('./graph.ts'),
  },
  editor: {
    title: 'The editor on 500 and 2,000 nodes, in a real browser',
    load: () => import('./editor.ts'),
  },
} satisfies Record<string, ListedCase>

/** The name of a case. */
export type BenchName = keyof typeof benchCases

/** The names of all cases. */
export const benchNames = Object.keys(benchCases) as BenchName[]

/** Whether a case has this name. */
export function isBenchName(name: string): name is BenchName {
  return Object.hasOwn(benchCases, name)
}
