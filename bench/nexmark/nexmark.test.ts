import { PlanDriver, type RawRecord } from '@millrace/engine'
import { validate } from '@millrace/graph'
import { catalogue, runtimes } from '@millrace/nodes'
import { describe, expect, it } from 'vitest'
import { type NexmarkEvent, nexmarkEvent } from './events.ts'
import { NEXMARK_ORACLE, type ResultRow, streamsOf } from './oracle.ts'
import { SOURCE } from './pipeline.ts'
import { NEXMARK_QUERIES, type NexmarkName, type NexmarkQuery } from './queries.ts'

const EVENTS = 6_000
const PARTITIONS = 2
/** Across midnight, so that there are two days. */
const options = { seed: 7, start: Date.UTC(2026, 0, 31, 23, 59, 30), perSecond: 100 }
const events = Array.from({ length: EVENTS }, (_, n) => nexmarkEvent(options, n))
const streams = streamsOf(events)
const utf8 = new TextEncoder()

/** Runs a query over all events, spread over two partitions that are read in turns. */
async function resultsOf({ pipeline, key }: NexmarkQuery): Promise<readonly ResultRow[]> {
  const driver = new PlanDriver({
    ...{ graph: pipeline, catalogue, runtimes, repartition: PARTITIONS },
    partitions: { [SOURCE]: PARTITIONS },
  })
  for (const [n, event] of events.entries()) {
    driver.feed(SOURCE, n % PARTITIONS, [recordOf(n, event)])
    if (n % 500 === 0) await driver.settle(10)
  }
  await driver.finish()
  expect(driver.results.deadLetters).toEqual([])
  // At the end of all time whatever is kept for a while is forgotten; what stood there before is the result.
  const messages = driver.results.messages.map(({ message }) => message).filter(({ value }) => value !== null)
  const last = new Map(messages.map((message, i) => [key.length > 0 ? message.key : i, message]))
  return [...last.values()].map(({ value }) => JSON.parse(value ?? 'null'))
}

function recordOf(n: number, event: NexmarkEvent): RawRecord {
  const place = { topic: '', partition: n % PARTITIONS, offset: Math.floor(n / PARTITIONS) }
  return { ...place, timestamp: event.date_time, key: null, value: utf8.encode(JSON.stringify(event)) }
}

function sorted(rows: readonly ResultRow[]): string[] {
  return rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort()
}

describe.each(Object.entries(NEXMARK_QUERIES))('%s', (name, query) => {
  it('is a pipeline that may be published', { timeout: 60_000 }, () => {
    expect(validate(query.pipeline, catalogue)).toEqual([])
  })

  it(`gives ${query.title}, as a loop over all events does`, { timeout: 60_000 }, async () => {
    const expected = NEXMARK_ORACLE[name as NexmarkName](streams)
    expect(expected.length).toBeGreaterThan(1)
    expect(sorted(await resultsOf(query))).toEqual(sorted(expected))
  })
})

describe('the events', () => {
  it('are persons, auctions and bids as 1 to 3 to 46, in order of time', () => {
    const { persons, auctions, bids } = streams
    expect([persons, auctions, bids].map(({ length }) => (length * 50) / EVENTS)).toEqual([1, 3, 46])
    const times = events.map(({ date_time }) => date_time)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })

  it('have ids that follow one another, and half of all bids on hot auctions', () => {
    const { persons, auctions, bids } = streams
    expect(persons.map(({ id }) => id)).toEqual(persons.map((_, i) => 1000 + i))
    expect(auctions.map(({ id }) => id)).toEqual(auctions.map((_, i) => 1000 + i))
    const hot = bids.filter(({ auction }) => auction % 100 === 0).length / bids.length
    expect(hot).toBeGreaterThan(0.47)
    expect(hot).toBeLessThan(0.55)
  })

  it('are the same for one seed, and others for another', () => {
    expect(nexmarkEvent(options, 1234)).toEqual(events[1234])
    expect(nexmarkEvent({ ...options, seed: 8 }, 1234)).not.toEqual(events[1234])
  })
})
