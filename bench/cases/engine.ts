/**
 * Speed of the stream core on one core, without Kafka and without JSON: `node bench/cases/engine.ts`. Rows are made
 * beforehand, results are counted and let go, so that what is measured is the core itself.
 */
import {
  type GeneratorSourceRuntime,
  type PartitionCounts,
  planStages,
  prepareProgram,
  type RawRecord,
  type StageOutput,
  StageRuntime,
  type TopicSinkRuntime,
} from '@millrace/engine'
import { catalogue, count, events, numbers, odd, runtimes, sink, union } from '@millrace/engine/testing'
import { node, pipeline } from '@millrace/graph/testing'

const RECORDS = 400_000
const CHUNK = 1_000
const ROUNDS = 7
const KEYS = 10_000

const rows = Array.from({ length: RECORDS }, (_, i) => [
  i,
  `u-${(i * 7919) % KEYS}`,
  `R-${i % 8}`,
  i * 2 + 1,
  1,
])
const records: readonly RawRecord[] = rows.map((_, offset) => ({
  ...{ topic: 'events', partition: 0, offset, timestamp: offset },
  ...{ key: null, value: null },
}))

/** Gives the rows that were made beforehand, one per millisecond. */
const readyRows: GeneratorSourceRuntime<object> = {
  ...(runtimes.get('numbers') as unknown as GeneratorSourceRuntime<object>),
  createGenerator: () => (index) => ({ row: rows[index] as (typeof rows)[number], time: index }),
}

/** Counts rows without encoding them. */
const counting: TopicSinkRuntime<object> = {
  ...(runtimes.get('sink') as unknown as TopicSinkRuntime<object>),
  createEncoder: () => () => MESSAGE,
}
const MESSAGE = { key: null, value: '' }

const benchRuntimes = {
  get: (type: string) => {
    if (type === 'numbers') return readyRows as unknown as ReturnType<typeof runtimes.get>
    return type === 'sink' ? (counting as unknown as ReturnType<typeof runtimes.get>) : runtimes.get(type)
  },
}

const source = node('source', numbers)
const oneTask: PartitionCounts = { source: () => 1, repartition: 1 }
const fourTasks: PartitionCounts = { source: () => 4, repartition: 4 }
const window = { key: ['key'], size: 60_000, lateness: 0, preAggregate: false }

/** Name, nodes, edges, and how many tasks there are: with four the keyed window lies behind a cut. */
const CASES = [
  [
    'source → filter → sink',
    [source, node('odd', odd), node('sink', sink)],
    ['source → odd', 'odd → sink'],
    oneTask,
  ],
  [
    'source → filter ×5 → sink',
    [source, ...[1, 2, 3, 4, 5].map((i) => node(`odd${i}`, odd)), node('sink', sink)],
    ['source → odd1', 'odd1 → odd2', 'odd2 → odd3', 'odd3 → odd4', 'odd4 → odd5', 'odd5 → sink'],
    oneTask,
  ],
  [
    'source → filter → window of 1 min by 10,000 keys → sink',
    [source, node('odd', odd), node('count', count, window), node('sink', sink)],
    ['source → odd', 'odd → count', 'count → sink'],
    oneTask,
  ],
  [
    'source → window of 10 ms by 10,000 keys → sink',
    [source, node('count', count, { ...window, size: 10 }), node('sink', sink)],
    ['source → count', 'count → sink'],
    oneTask,
  ],
  [
    'source → filter ×2 → union → sink',
    [source, node('a', odd), node('b', odd), node('union', union), node('sink', sink)],
    ['source → a', 'source → b', 'a → union', 'b → union', 'union → sink'],
    oneTask,
  ],
  [
    'source → cut by key',
    [source, node('count', count, window), node('sink', sink)],
    ['source → count', 'count → sink'],
    fourTasks,
  ],
  [
    'source → added up by key → cut',
    [source, node('count', count, { ...window, preAggregate: true }), node('sink', sink)],
    ['source → count', 'count → sink'],
    fourTasks,
  ],
] as const

/** Nanoseconds per record of one pass of all records through a fresh task. */
async function timed([, nodes, edges, counts]: (typeof CASES)[number]): Promise<number> {
  const program = prepareProgram(pipeline(nodes, edges), catalogue, benchRuntimes)
  const plan = planStages(program, counts)
  let results = 0
  const output: StageOutput = {
    repartition: () => results++,
    topic: () => results++,
    outbox: () => results++,
    deadLetter: () => results++,
  }
  const runtime = new StageRuntime({
    ...{ program, plan, output, stageId: 's1', task: 0, births: {}, fetchRows: null, generatorStart: 0 },
  })
  const start = process.hrtime.bigint()
  for (let from = 0; from < RECORDS; from += CHUNK)
    await workThrough(runtime, records.slice(from, from + CHUNK))
  const spent = Number(process.hrtime.bigint() - start) / RECORDS
  return results === 0 ? Number.NaN : spent
}

/** What the executor does with a chunk; the commit comes after each. */
async function workThrough(runtime: StageRuntime, chunk: readonly RawRecord[]): Promise<void> {
  for (let at = 0; at < chunk.length; ) {
    at = runtime.acceptSource(0, chunk, at, null)
    await runtime.run()
  }
  runtime.flush()
  for (const state of runtime.states.values()) state.takeChanges()
}

const best = CASES.map(() => Number.POSITIVE_INFINITY)
for (let round = 0; round < ROUNDS; round++) {
  for (const [i, one] of CASES.entries()) best[i] = Math.min(best[i] as number, await timed(one))
}
console.log(`${RECORDS.toLocaleString('en')} records in chunks of ${CHUNK}, node ${process.version}`)
for (const [i, [name]] of CASES.entries()) {
  const spent = best[i] as number
  const rate = Math.round(1e6 / spent).toLocaleString('en')
  console.log(`${name.padEnd(58)} ${spent.toFixed(0).padStart(6)} ns ${rate.padStart(8)} k/s`)
}
