import type { RawRecord } from '@millrace/engine'
import type { BenchContext, Column, Figure, Goal } from './bench-case.ts'
import { benchEvent } from './bench-events.ts'
import { nodeHeap } from './node-heap.ts'
import { type BenchNode, nodeTask } from './node-task.ts'
import { measureRounds, PER_RECORD_AND_RATIO, perRecordFigure, startCpuClock } from './rounds.ts'

const CHUNK = 1_000
/** As at 300,000 events/s and ten commits a second. */
const CHUNKS_PER_COMMIT = 30
/** Events of one second of event time. */
const PER_SECOND = 5_000
const TIME = 1_700_000_000_000
/** A bare parse of the same events runs so often in a second where the goals were set. */
const BARE_RATE = 780_000

/** A node that is measured. */
export interface NodeBench {
  readonly name: string
  readonly node: BenchNode
  /** User of an event. */
  readonly userOf: (i: number) => string
  /** Events per second that are wanted beside a bare parse. */
  readonly wanted?: number
}

/** What `measureNodes` fills. */
export const NODE_COLUMNS: readonly Column[] = [
  ...PER_RECORD_AND_RATIO,
  { key: 'heap', title: 'MB heap/1 M keys', digits: 0 },
]

/** How it does that, behind a word on the node. */
export const NODE_METHOD =
  'results as JSON, state rows as for the changelog every 30,000 events; one task; 5 rounds of all rows after one to warm up; bare is JSON.parse alone; heap per million users with one event each is measured in a process of its own'

/** Events of so many users, again and again. */
export function oneOf(users: number): (i: number) => string {
  return (i) => `u-${(i * 7919) % users}`
}

/** Measures nodes on one core: JSON is decoded, results are encoded, changed state rows too. */
export async function measureNodes(
  benches: readonly NodeBench[],
  events: number,
  { quick, say }: BenchContext,
): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const bench of benches) {
    say(bench.name)
    const records = makeRecords(quick ? events / 10 : events, bench.userOf)
    const [bare = [], samples = []] = await measureRounds(
      [() => parseAll(records), () => workThrough(bench.node, records)],
      quick ? 1 : 5,
    )
    if (figures.length === 0) figures.push(perRecordFigure('bare parse', bare, bare))
    const figure = perRecordFigure(bench.name, samples, bare)
    const heap = [nodeHeap(bench.node, quick ? 20_000 : 500_000)]
    figures.push({ ...figure, samples: { ...figure.samples, heap }, ...goalOf(bench) })
  }
  return figures
}

function goalOf({ wanted }: NodeBench): { readonly goal?: Goal } {
  return wanted === undefined
    ? {}
    : { goal: { column: 'ratio', kind: 'at least', value: wanted / BARE_RATE } }
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
async function workThrough(node: BenchNode, records: readonly RawRecord[]): Promise<number> {
  let written = 0
  const runtime = nodeTask(node, () => written++)
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
