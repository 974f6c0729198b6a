import { type BigStateOutcome, runBigState } from '../../tests/support/big-state/run-big-state.ts'
import type { BenchCase, BenchContext, Column, Figure } from '../support/bench-case.ts'
import { startBenchServers } from '../support/bench-servers.ts'

const KEYS = 5_000_000
const QUICK_KEYS = 50_000
const PARTITIONS = 4
const HEAP_MB = 300
const DEADLINE_MS = 3_600_000

const COLUMNS: readonly Column[] = [
  { key: 'peak', title: 'peak MB, worker', digits: 0 },
  { key: 'all', title: 'peak MB, all processes', digits: 0 },
  { key: 'rate', title: 'events/s', digits: 0 },
  { key: 'rebuild', title: 'rebuilt rows/s', digits: 0 },
  { key: 'bytes', title: 'Redis bytes/row', digits: 0 },
  { key: 'rows', title: 'rows', digits: 0 },
  { key: 'memory', title: 'most rows in memory', digits: 0 },
  { key: 'wrong', title: 'wrong rows', digits: 0 },
  { key: 'left', title: 'rows left', digits: 0 },
]

/** Keyed state that is larger than the memory of the process. */
export const benchCase: BenchCase = {
  method:
    'a tumbling window and a dedupe, each with a row and a timer per key, over 1.5 events per key in 4 partitions; one executor whose worker has a heap of 300 MB is killed after 30 % and while windows fire, Redis is emptied after 60 % (all of it in events/s); all rows are compared with an independent count; rows left: in Redis, its timers and the changelog, once all has expired; memory is looked at every 250 ms',
  columns: COLUMNS,
  async run(bench) {
    const keys = bench.choice.keys ?? (bench.quick ? QUICK_KEYS : KEYS)
    const figures: Figure[] = []
    for (const spread of ['uniform', 'zipf'] as const) {
      bench.say(`${keys.toLocaleString('en')} keys, ${spread}`)
      const { addresses } = await startBenchServers(bench)
      const size = { keys, spread, partitions: PARTITIONS, heapMb: HEAP_MB, deadlineMs: DEADLINE_MS }
      const outcome = await runBigState(addresses, { ...size, say: (text) => bench.say(text) })
      tellMistakes(outcome, bench)
      figures.push(figureOf(`${keys.toLocaleString('en')} keys, ${spread}`, outcome))
    }
    return figures
  },
}

function tellMistakes({ mistakes, inFlight }: BigStateOutcome, { say }: BenchContext): void {
  say(`under way at the kills: ${inFlight.join(', ')}`)
  for (const mistake of mistakes) say(mistake)
}

function figureOf(name: string, outcome: BigStateOutcome): Figure {
  const { rows, timers, inChangelog } = outcome.left
  const samples = {
    peak: [outcome.peakMb],
    all: [outcome.peakOfAllMb],
    rate: [outcome.eventsPerSecond],
    rebuild: [outcome.rebuiltPerSecond],
    bytes: [outcome.bytesPerRow],
    rows: [outcome.rows],
    memory: [outcome.rowsInMemory],
    wrong: [outcome.wrong],
    left: [rows + timers + inChangelog],
  }
  return { name, samples, goal: { column: 'peak', kind: 'at most', value: 600 } }
}
