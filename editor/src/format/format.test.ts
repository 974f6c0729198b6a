import { describe, expect, test } from 'vitest'
import { counted, formatBytes, formatCount, formatRate, formatShare, formatShortCount } from './numbers.ts'
import { formatAgo, formatClock, formatDuration, formatIso, formatMoment } from './times.ts'

describe('numbers', () => {
  test.each([
    [formatCount(1240), '1,240'],
    [formatShortCount(999_999), '999,999'],
    [formatShortCount(52_100_000), '52.1M'],
    [formatRate(0.25), '0.3'],
    [formatRate(1248.4), '1,248'],
    [formatShare(0.038), '3.8 %'],
    [formatBytes(999), '999 B'],
    [formatBytes(214_000), '214 kB'],
    [formatBytes(1_250_000), '1.3 MB'],
    [counted(1, 'node'), '1 node'],
    [counted(2, 'node'), '2 nodes'],
  ])('%s is %s', (actual, expected) => {
    expect(actual).toBe(expected)
  })
})

describe('durations', () => {
  test.each([
    [-5, '0 ms'],
    [38.4, '38 ms'],
    [7_600, '7.6 s'],
    [45_000, '45 s'],
    [115_000, '1 min 55 s'],
    [60_000, '1 min'],
    [16_860_000, '4 h 41 min'],
    [259_200_000, '3 days'],
  ])('%i ms is %s', (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected)
  })
})

describe('moments', () => {
  const now = new Date(2026, 0, 31, 14, 2, 31).getTime()

  test('of today are clock times, of other days carry the date', () => {
    expect(formatMoment(now - 1000, now)).toBe('14:02:30')
    expect(formatMoment(now - 86_400_000, now)).toBe('30 Jan 2026, 14:02:31')
  })

  test.each([
    [30_000, 'just now'],
    [5 * 60_000, '5 min ago'],
    [26 * 3_600_000, '26 h ago'],
    [3 * 86_400_000, '3 days ago'],
  ])('%i ms before now is %s', (age, expected) => {
    expect(formatAgo(now - age, now)).toBe(expected)
  })

  test('beyond the range of dates break nothing', () => {
    expect(formatClock(Number.MAX_SAFE_INTEGER)).toBe('–')
    expect(formatIso(Number.NEGATIVE_INFINITY)).toBe('-Infinity')
  })
})
