import type { BenchContext, Column, Figure } from './bench-case.ts'
import { nodeHeap } from './node-heap.ts'
import { type BenchNode, nodeTask } from './node-task.ts'
import { orderRecord, orderTime } from './order-records.ts'
import { PER_RECORD_AND_RATIO } from './rounds.ts'
import { goalBesideParse, measureBesideParse, timePass } from './whole-task.ts'

/** Changed rows are taken as at 300,000 events/s and ten commits a second. */
const PACE = { chunk: 1_000, chunksPerCommit: 30 } as const

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

/** Measures nodes on one core: JSON is decoded, results are encoded, changed state rows too. */
export async function measureNodes(
  benches: readonly NodeBench[],
  events: number,
  { quick, say }: BenchContext,
): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const { name, node, userOf, wanted } of benches) {
    say(name)
    const length = quick ? events / 10 : events
    const records = Array.from({ length }, (_, i) => orderRecord(i, userOf(i), orderTime(i)))
    const work = () => timePass((result) => nodeTask(node, result), [records], PACE)
    const { parse, figure } = await measureBesideParse(name, records, work, quick ? 1 : 5)
    if (figures.length === 0) figures.push(parse)
    const heap = [nodeHeap(node, quick ? 20_000 : 500_000)]
    const goal = wanted === undefined ? {} : { goal: goalBesideParse(wanted) }
    figures.push({ ...figure, samples: { ...figure.samples, heap }, ...goal })
  }
  return figures
}
