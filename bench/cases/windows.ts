import type { RawRecord } from '@millrace/engine'
import type { NodeConfig } from '@millrace/graph'
import type { BenchCase, Figure, Goal } from '../support/bench-case.ts'
import { benchEvent } from '../support/bench-events.ts'
import { measureRounds, PER_RECORD_AND_RATIO, perRecordFigure, startCpuClock } from '../support/rounds.ts'
import { windowHeap } from '../support/window-heap.ts'
import { windowTask } from '../support/window-task.ts'

const CHUNK = 1_000
/** As at 300,000 events/s and ten commits a second. */
const CHUNKS_PER_COMMIT = 30
/** Events of one second of event time. */
const PER_SECOND = 5_000
const TIME = 1_700_000_000_000
/** A bare parse of the same events runs so often in a second where the goals were set. */
const BARE_RATE = 780_000

interface WindowBench {
  readonly name: string
  readonly config: NodeConfig
  /** User of an event. */
  readonly userOf: (i: number) => string
  /** Events per second that are wanted beside that bare parse. */
  readonly wanted: number
}

const oneOf = (users: number) => (i: number) => `u-${(i * 7919) % users}`

const CASES: readonly WindowBench[] = [
  {
    name: 'tumbling 60 s, 10,000 keys, 30 events in each window',
    config: { kind: 'tumbling', size: 60_000 },
    userOf: oneOf(10_000),
    wanted: 300_000,
  },
  {
    name: 'hopping 60 s every 1 s, 500 keys, 10 events in each pane',
    config: { kind: 'hopping', size: 60_000, slide: 1_000 },
    userOf: oneOf(500),
    wanted: 150_000,
  },
  {
    name: 'the same every 10 s',
    config: { kind: 'hopping', size: 60_000, slide: 10_000 },
    userOf: oneOf(500),
    wanted: 150_000,
  },
  {
    name: 'cumulative 10 min by 10 s, 10,000 keys',
    config: { kind: 'cumulative', size: 600_000, step: 10_000 },
    userOf: oneOf(10_000),
    wanted: 150_000,
  },
  {
    name: 'session with gap 30 s, 20 events each, 7,500 open',
    config: { kind: 'session', gap: 30_000 },
    userOf: (i) => `u-${Math.floor(i / 20_000) * 1_000 + ((i * 7919) % 1_000)}`,
    wanted: 200_000,
  },
  {
    name: 'tumbling 60 s with count distinct and p99',
    config: {
      ...{ kind: 'tumbling', size: 60_000 },
      aggregates: [
        { function: 'count_distinct', argument: 'orderId', as: 'different' },
        { function: 'percentile', argument: 'total', percentile: 99, as: 'p99' },
      ],
    },
    userOf: oneOf(1_000),
    wanted: 150_000,
  },
]

/** The window node on one core: JSON is decoded, results are encoded, changed state rows too. */
export const benchCase: BenchCase = {
  method:
    '600,000 events of 260 bytes of JSON, 5,000 in each second of event time → decode, window by user (count, sum, avg), results as JSON, state rows as for the changelog every 30,000 events; one task; 5 rounds of all rows after one to warm up; bare is JSON.parse alone; heap per million groups is measured in a process of its own',
  columns: [...PER_RECORD_AND_RATIO, { key: 'heap', title: 'MB heap/1 M groups', digits: 0 }],
  async run({ quick, say }) {
    const events = quick ? 60_000 : 600_000
    const figures: Figure[] = []
    for (const one of CASES) {
      say(one.name)
      const records = makeRecords(events, one.userOf)
      const [bare = [], samples = []] = await measureRounds(
        [() => parseAll(records), () => workThrough(one.config, records)],
        quick ? 1 : 5,
      )
      if (figures.length === 0) figures.push(perRecordFigure('bare parse', bare, bare))
      const figure = perRecordFigure(one.name, samples, bare)
      const heap = [windowHeap(one.config, quick ? 20_000 : 500_000)]
      figures.push({ ...figure, samples: { ...figure.samples, heap }, goal: goalOf(one) })
    }
    return figures
  },
}

function goalOf({ wanted }: WindowBench): Goal {
  return { column: 'ratio', kind: 'at least', value: wanted / BARE_RATE }
}

const utf8 = new TextEncoder()
const text = new TextDecoder()

function makeRecords(events: number, userOf: (i: number) => string): RawRecord[] {
  return Array.from({ length: events }, (_, i) => {
    const order = JSON.parse(benchEvent(i).value) as Record<string, unknown>
    const ts = TIME + Math.floor((i * 1000) / PER_SECOND)
    const value = utf8.encode(JSON.stringify({ ...order, userId: userOf(i), ts }))
    return { topic: 'events', partition: 0, offset: i, timestamp: ts, key: null, value }
  })
}

function parseAll(records: readonly RawRecord[]): number {
  const spent = startCpuClock()
  let total = 0
  for (const { value } of records)
    total += (JSON.parse(text.decode(value ?? undefined)) as { total: number }).total
  return total > 0 ? spent() / records.length : Number.NaN
}

/** Nanoseconds per event of one pass through a fresh task. */
async function workThrough(config: NodeConfig, records: readonly RawRecord[]): Promise<number> {
  let written = 0
  const runtime = windowTask(config, () => written++)
  const spent = startCpuClock()
  for (let from = 0; from < records.length; from += CHUNK) {
    const chunk = records.slice(from, from + CHUNK)
    for (let at = 0; at < chunk.length; ) {
      at = runtime.acceptSource(0, chunk, at, null)
      await runtime.run()
    }
    runtime.flush()
    if ((from / CHUNK) % CHUNKS_PER_COMMIT !== 0) continue
    for (const state of runtime.states.values()) state.takeChanges()
  }
  return written > 0 ? spent() / records.length : Number.NaN
}
