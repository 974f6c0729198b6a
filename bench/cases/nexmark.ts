import type { RawRecord } from '@millrace/engine'
import { nexmarkEvent } from '../nexmark/events.ts'
import { NEXMARK_QUERIES } from '../nexmark/queries.ts'
import type { BenchCase, Figure } from '../support/bench-case.ts'
import { PER_RECORD_AND_RATIO } from '../support/rounds.ts'
import { measureBesideParse, timePass, wholeTask } from '../support/whole-task.ts'

/** Changed rows are taken as at 300,000 events/s and ten commits a second. */
const PACE = { chunk: 1_000, chunksPerCommit: 30 } as const
const START = Date.UTC(2026, 0, 31)
/** Long enough in event time for windows to close. */
const SPAN_S = 200

/** Every query on one core: all events are decoded, results are encoded, changed state rows too. */
export const benchCase: BenchCase = {
  method:
    'persons, auctions and bids as 1 to 3 to 46 in one topic, 2,000 in each second of event time, 400,000 events as JSON → the query → results as JSON, state rows as for the changelog every 30,000 events; all in one task, without Kafka; 3 rounds of all events after one to warm up; rates count all events that are read, also those that a query has no use for; bare is JSON.parse alone',
  columns: PER_RECORD_AND_RATIO,
  async run({ quick, say }) {
    const records = makeRecords(quick ? 20_000 : 400_000)
    const figures: Figure[] = []
    for (const [name, { title, pipeline }] of Object.entries(NEXMARK_QUERIES)) {
      say(`${name}, ${title}`)
      const work = () => timePass((result) => wholeTask(pipeline, result, uselessEvent), [records], PACE)
      const { parse, figure } = await measureBesideParse(`${name}: ${title}`, records, work, quick ? 1 : 3)
      if (figures.length === 0) figures.push(parse)
      figures.push(figure)
    }
    return figures
  },
}

const utf8 = new TextEncoder()

function makeRecords(count: number): RawRecord[] {
  const options = { seed: 1, start: START, perSecond: count / SPAN_S }
  return Array.from({ length: count }, (_, n) => {
    const event = nexmarkEvent(options, n)
    const value = utf8.encode(JSON.stringify(event))
    return { topic: 'nexmark', partition: 0, offset: n, timestamp: event.date_time, key: null, value }
  })
}

function uselessEvent(): never {
  throw new Error('a query has no use for an event')
}
