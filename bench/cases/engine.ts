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
import { catalogue, count, numbers, odd, runtimes, sink, union } from '@millrace/engine/testing'
import { node, pipeline } from '@millrace/graph/testing'
import type { BenchCase } from '../support/bench-case.ts'
import { measureRounds, PER_RECORD, perRecordFigure, startCpuClock } from '../support/rounds.ts'
import { workThrough } from '../support/whole-task.ts'

const CHUNK = 1_000
const KEYS = 10_000

/** The stream core on one core. */
export const benchCase: BenchCase = {
  method:
    '400,000 records in chunks of 1,000, rows made beforehand, results counted and let go; 7 rounds of all rows after one to warm up',
  columns: PER_RECORD,
  run: async ({ quick }) => {
    const records = makeRecords(quick ? 20_000 : 400_000)
    const works = CASES.map((one) => () => timed(one, records))
    const samples = await measureRounds(works, quick ? 1 : 7)
    return CASES.map(([name], i) => perRecordFigure(name, samples[i] ?? []))
  },
}

function makeRecords(count: number): RawRecord[] {
  return Array.from({ length: count }, (_, offset) => ({
    ...{ topic: 'events', partition: 0, offset, timestamp: offset },
    ...{ key: null, value: null },
  }))
}

const rows = Array.from({ length: 400_000 }, (_, i) => [
  i,
  `u-${(i * 7919) % KEYS}`,
  `R-${i % 8}`,
  i * 2 + 1,
  1,
])

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
async function timed(
  [, nodes, edges, counts]: (typeof CASES)[number],
  records: readonly RawRecord[],
): Promise<number> {
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
    ...{ program, plan, output, stageId: 's1', task: 0, births: {}, outside: null, generatorStart: 0 },
  })
  const spent = startCpuClock()
  for (let from = 0; from < records.length; from += CHUNK) {
    await workThrough(runtime, 0, records.slice(from, from + CHUNK))
    // The commit comes after each chunk.
    for (const state of runtime.states.values()) state.takeChanges()
  }
  return results === 0 ? Number.NaN : spent() / records.length
}
