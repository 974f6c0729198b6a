import { formatTimestamp, TIMESTAMP_LIMIT, timeZone } from '@millrace/expr'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CalendarSpans, type CalendarUnit, ceilTo, fixedSpans, floorTo } from './spans.ts'

function spansOf(unit: CalendarUnit, id: string, offset = 0): CalendarSpans {
  const zone = timeZone(id)
  if (zone === null) throw new Error(`there is no zone ${id}`)
  return new CalendarSpans(unit, zone, offset)
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Start, end and length in hours of the span of a time. */
function spanAt(spans: CalendarSpans, time: string): [string, string, number] {
  const start = spans.startOf(Date.parse(time))
  const end = spans.endOf(start)
  return [short(start), short(end), (end - start) / HOUR]
}

function short(time: number): string {
  return formatTimestamp(time).slice(0, 16)
}

describe('numbers', () => {
  it('are rounded to multiples, also below zero', () => {
    expect([8, -8, -7, 0].map((value) => floorTo(value, 7))).toEqual([7, -14, -7, 0])
    expect([8, -8, -7, 0].map((value) => ceilTo(value, 7))).toEqual([14, -7, -7, -0])
  })
})

describe('spans of a fixed length', () => {
  it('are aligned by floored division plus the offset', () => {
    const spans = fixedSpans(7, -3)
    expect([-11, -10, -4, -3, 0, 3, 4].map((time) => spans.startOf(time))).toEqual([
      -17, -10, -10, -3, -3, -3, 4,
    ])
    expect(spans.endOf(-10)).toBe(-3)
  })
})

describe('spans of the calendar', () => {
  it.each<[CalendarUnit, string, string, [string, string, number]]>([
    ['day', 'UTC', '2026-03-29T12:00Z', ['2026-03-29T00:00', '2026-03-30T00:00', 24]],
    ['day', 'Europe/Berlin', '2026-03-29T12:00Z', ['2026-03-28T23:00', '2026-03-29T22:00', 23]],
    ['day', 'Europe/Berlin', '2026-10-25T12:00Z', ['2026-10-24T22:00', '2026-10-25T23:00', 25]],
    ['day', 'Asia/Kolkata', '1969-12-31T18:29:59.999Z', ['1969-12-30T18:30', '1969-12-31T18:30', 24]],
    // Midnight is left out.
    ['day', 'America/Sao_Paulo', '2018-11-04T03:00Z', ['2018-11-04T03:00', '2018-11-05T02:00', 23]],
    // Midnight comes twice; at 23:30 local time the day has begun already.
    ['day', 'America/Havana', '2026-11-01T04:30Z', ['2026-11-01T04:00', '2026-11-02T05:00', 25]],
    ['day', 'America/St_Johns', '2010-11-07T03:00Z', ['2010-11-07T02:30', '2010-11-08T03:30', 25]],
    // There was no 30 December.
    ['day', 'Pacific/Apia', '2011-12-30T09:59Z', ['2011-12-29T10:00', '2011-12-30T10:00', 24]],
    ['day', 'Pacific/Apia', '2011-12-30T10:00Z', ['2011-12-30T10:00', '2011-12-31T10:00', 24]],
    ['week', 'UTC', '1970-01-01T00:00Z', ['1969-12-29T00:00', '1970-01-05T00:00', 168]],
    ['week', 'Europe/Berlin', '2026-03-29T12:00Z', ['2026-03-22T23:00', '2026-03-29T22:00', 167]],
    ['month', 'UTC', '2024-02-29T23:59Z', ['2024-02-01T00:00', '2024-03-01T00:00', 29 * 24]],
    ['month', 'America/New_York', '2026-01-01T04:59Z', ['2025-12-01T05:00', '2026-01-01T05:00', 31 * 24]],
    ['month', 'Europe/Berlin', '1969-12-31T23:00Z', ['1969-12-31T23:00', '1970-01-31T23:00', 31 * 24]],
  ])('a %s in %s at %s', (unit, zone, time, expected) => {
    expect(spanAt(spansOf(unit, zone), time)).toEqual(expected)
  })

  it.each<[CalendarUnit, number, string, [string, string, number]]>([
    ['day', 6 * HOUR, '2026-03-29T03:00Z', ['2026-03-28T05:00', '2026-03-29T04:00', 23]],
    ['day', -2 * HOUR, '2026-03-28T21:30Z', ['2026-03-28T21:00', '2026-03-29T20:00', 23]],
    // 02:30 is left out that day.
    ['day', 2.5 * HOUR, '2026-03-29T01:00Z', ['2026-03-29T01:00', '2026-03-30T00:30', 23.5]],
    // Weeks from Sunday.
    ['week', -DAY, '2026-03-29T12:00Z', ['2026-03-28T23:00', '2026-04-04T22:00', 167]],
    ['month', DAY, '2026-02-01T12:00Z', ['2026-01-01T23:00', '2026-02-01T23:00', 31 * 24]],
  ])('a %s moved by %d in Berlin at %s', (unit, offset, time, expected) => {
    expect(spanAt(spansOf(unit, 'Europe/Berlin', offset), time)).toEqual(expected)
  })

  it('hold every time in exactly one of them, in any zone', () => {
    const zones = ['Europe/Berlin', 'America/Sao_Paulo', 'Pacific/Apia', 'America/St_Johns', 'Asia/Kathmandu']
    const unit = fc.constantFrom<CalendarUnit>('day', 'week', 'month')
    const time = fc.integer({ min: Date.UTC(1930, 0), max: Date.UTC(2040, 0) })
    const offset = fc.integer({ min: -23 * HOUR, max: 23 * HOUR })
    fc.assert(
      fc.property(fc.constantFrom(...zones), unit, offset, time, (zone, one, moved, at) => {
        const spans = spansOf(one, zone, moved)
        const start = spans.startOf(at)
        const end = spans.endOf(start)
        expect(start <= at && at < end).toBe(true)
        expect([start, end - 1, at].map((inside) => spans.startOf(inside))).toEqual([start, start, start])
        expect(spans.startOf(end)).toBe(end)
        expect(spans.endOf(spans.startOf(start - 1))).toBe(start)
      }),
      { numRuns: 300 },
    )
  })

  it('go on to the limits of timestamps', () => {
    const spans = spansOf('month', 'Europe/Berlin')
    for (const time of [TIMESTAMP_LIMIT, -TIMESTAMP_LIMIT]) {
      const start = spans.startOf(time)
      expect(start <= time && time < spans.endOf(start)).toBe(true)
    }
  })
})
