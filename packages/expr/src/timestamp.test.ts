import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  daysFromCivil,
  daysInMonth,
  formatTimestamp,
  isTimestamp,
  parseTimestamp,
  TIMESTAMP_LIMIT,
} from './timestamp.ts'

const anyTime = fc.integer({ min: -TIMESTAMP_LIMIT, max: TIMESTAMP_LIMIT })

describe('parseTimestamp', () => {
  it.each([
    ['1970-01-01', 0],
    ['1970-01-01T00:00', 0],
    ['1970-01-01T00:00:01', 1000],
    ['1970-01-01t00:00:01z', 1000],
    ['1970-01-01 00:00:01.5', 1500],
    ['1970-01-01T00:00:00.123456789Z', 123],
    ['1970-01-01T02:00:00+02:00', 0],
    ['1970-01-01T00:00:00-0130', 5_400_000],
    ['1970-01-01T01:00+01', 0],
    ['2024-02-29', 1_709_164_800_000],
    ['0000-01-01', -62_167_219_200_000],
    ['-000001-12-31', -62_167_305_600_000],
    ['+275760-09-13T00:00:00Z', TIMESTAMP_LIMIT],
    ['-271821-04-20T00:00:00Z', -TIMESTAMP_LIMIT],
  ])('reads %s', (text, time) => {
    expect(parseTimestamp(text)).toBe(time)
  })

  it.each([
    '',
    'now',
    '2026-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-1-1',
    '2026-01-31T24:00:00Z',
    '2026-01-31T10:60:00Z',
    '2026-01-31T10:00:60Z',
    '2026-01-31T10',
    '2026-01-31Z ',
    '2026-01-31T10:00:00+24:00',
    '2026-01-31T10:00:00.Z',
    '2026-01-31T10:00:00.1234567890Z',
    '+275760-09-13T00:00:00.001Z',
    '+275760-09-13T00:00:00-00:01',
    '1738317600000',
  ])('refuses %j', (text) => {
    expect(parseTimestamp(text)).toBeNull()
  })

  it('reads what formatTimestamp writes', () => {
    fc.assert(fc.property(anyTime, (time) => void expect(parseTimestamp(formatTimestamp(time))).toBe(time)))
  })

  it('agrees with the platform on every day', () => {
    fc.assert(
      fc.property(anyTime, (time) => {
        const date = new Date(time)
        const days = daysFromCivil(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())
        expect(days).toBe(Math.floor(time / 86_400_000))
        const next = new Date(Date.UTC(2000, date.getUTCMonth() + 1, 0))
        expect(daysInMonth(2000, date.getUTCMonth() + 1)).toBe(next.getUTCDate())
      }),
    )
  })
})

describe('isTimestamp', () => {
  it('holds for whole milliseconds within the limit', () => {
    expect([0, -1, TIMESTAMP_LIMIT, -TIMESTAMP_LIMIT].every(isTimestamp)).toBe(true)
    expect([0.5, TIMESTAMP_LIMIT + 1, Number.NaN, Number.POSITIVE_INFINITY].some(isTimestamp)).toBe(false)
  })
})
