import type { OracleDocument, OracleWindow } from '@millrace/testkit'
import { describe, expect, inject, test } from 'vitest'
import { runDemoUnderFire } from '../support/demo-under-fire.ts'

const DEADLINE = 300_000

/** Rows in an order of their own, sums of doubles rounded to a tenth of a cent. */
function sortedWindows(windows: readonly OracleWindow[]): unknown[] {
  const rounded = windows.map((row) => ({
    ...{ region: row.region, start: row.window_start, end: row.window_end, orders: row.orders },
    ...{ revenue: row.revenue.toFixed(3), average: row.average.toFixed(3) },
  }))
  return rounded.sort((a, b) => (`${a.start}/${a.region}` < `${b.start}/${b.region}` ? -1 : 1))
}

function sortedDocuments(documents: readonly OracleDocument[]): OracleDocument[] {
  return documents.toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1))
}

describe('the demo under fire', () => {
  test('loses and doubles nothing in three kills and a FLUSHALL', { timeout: DEADLINE }, async () => {
    const outcome = await runDemoUnderFire(inject('servers'))
    expect(outcome.inFlight).toHaveLength(3)
    for (const records of outcome.inFlight) expect(records).toBeGreaterThan(0)
    expect(sortedWindows(outcome.windows)).toEqual(sortedWindows(outcome.expected.windows))
    expect(sortedWindows(outcome.windowsSeenLive)).toEqual(sortedWindows(outcome.expected.windows))
    expect(sortedDocuments(outcome.documents)).toEqual(sortedDocuments(outcome.expected.documents))
  })

  test('gives wrong results without the comparison of stamps', { timeout: DEADLINE }, async () => {
    const outcome = await runDemoUnderFire(inject('servers'), 'no-stamp-check')
    expect(sortedWindows(outcome.windows)).not.toEqual(sortedWindows(outcome.expected.windows))
  })
})
