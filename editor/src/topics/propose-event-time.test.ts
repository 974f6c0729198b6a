import { expect, test } from 'vitest'
import { proposeEventTime, type TimedRecord } from './propose-event-time.ts'

const T = Date.UTC(2026, 0, 1)
const record = (partition: number, written: number, json: unknown): TimedRecord => ({
  partition,
  timestamp: T + written,
  json,
})
const named = (...names: readonly string[]) => names.map((name) => ({ name, isTimestamp: true }))
const iso = (ms: number) => new Date(T + ms).toISOString()

test('puts a field that all records have before one that few have, and tells how far out of order it is', () => {
  const records = [
    record(0, 1_500, { ts: iso(1_000), shippedAt: iso(0) }),
    record(0, 2_500, { ts: iso(2_000) }),
    record(0, 3_500, { ts: iso(1_200) }),
    // Another partition may be far behind without being out of order.
    record(1, 900, { ts: iso(100) }),
    record(0, 3_600, undefined),
  ]
  expect(proposeEventTime(named('shippedAt', 'ts', 'other'), records)).toEqual([
    { field: 'ts', share: 1, outOfOrderness: 800, delay: 800 },
    { field: 'shippedAt', share: 0.25, outOfOrderness: 0, delay: 1_500 },
  ])
})

test('prefers a name that says when something happened, then what is near the time of writing', () => {
  const json = { validUntil: iso(90_000_000), createdAt: iso(0), eventTime: iso(-5), birthday: T - 9e11 }
  const found = proposeEventTime(named(...Object.keys(json)), [record(0, 10, json)])
  expect(found.map(({ field }) => field)).toEqual(['eventTime', 'createdAt', 'validUntil', 'birthday'])
})

test('reads own members only', () => {
  expect(proposeEventTime(named('constructor', '__proto__'), [record(0, 0, {})])).toEqual([])
})

test('takes whole numbers for a time where they lie near the time of writing', () => {
  const json = { at: T - 1_000, amount: 1_200, id: 9_007_199_254_740_991 }
  const numbers = Object.keys(json).map((name) => ({ name, isTimestamp: false }))
  expect(proposeEventTime(numbers, [record(0, 0, json)]).map(({ field }) => field)).toEqual(['at'])
})
