import { formatTimestamp, timeZone } from '@millrace/expr'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CalendarSpans, type CalendarUnit, fixedSpans } from './spans.ts'
import { calendarSteps, fixedSteps, type Steps } from './steps.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

function berlin(unit: CalendarUnit, step: number, offset = 0): Steps {
  const zone = timeZone('Europe/Berlin')
  if (zone === null) throw new Error('there is no Berlin')
  return calendarSteps(new CalendarSpans(unit, zone, offset), zone, step)
}

/** The ends of all steps of the period of a time. */
function endsOf(steps: Steps, time: number): number[] {
  const period = steps.periods.startOf(time)
  const limit = steps.periods.endOf(period)
  const ends: number[] = []
  for (let at = period; at < limit; at = ends.at(-1) as number) ends.push(steps.stepOf(period, at).end)
  return ends
}

function hours(ends: readonly number[]): string[] {
  return ends.map((end) => formatTimestamp(end).slice(5, 16))
}

describe('steps of a fixed length', () => {
  it('cut a period evenly, below zero too', () => {
    const steps = fixedSteps(fixedSpans(10, -3), 5)
    expect(endsOf(steps, -4)).toEqual([-8, -3])
    expect([-13, -9, -8, -4].map((time) => steps.stepOf(-13, time))).toEqual([
      { start: -13, end: -8 },
      { start: -13, end: -8 },
      { start: -8, end: -3 },
      { start: -8, end: -3 },
    ])
  })
})

describe('steps of local clocks', () => {
  it('leave out the hour that clocks leave out', () => {
    const ends = endsOf(berlin('day', HOUR), Date.parse('2026-03-29T12:00Z'))
    expect(ends).toHaveLength(23)
    expect(hours(ends.slice(0, 3))).toEqual(['03-29T00:00', '03-29T01:00', '03-29T02:00'])
  })

  it('have an hour of two where clocks show it twice', () => {
    const ends = endsOf(berlin('day', HOUR), Date.parse('2026-10-25T12:00Z'))
    expect(ends).toHaveLength(24)
    expect(hours(ends.slice(0, 4))).toEqual(['10-24T23:00', '10-25T00:00', '10-25T02:00', '10-25T03:00'])
  })

  it('end at midnight where they are days, whatever clocks do', () => {
    const ends = endsOf(berlin('month', DAY), Date.parse('2026-03-15T12:00Z'))
    expect(ends).toHaveLength(31)
    expect(hours(ends.slice(27, 31))).toEqual(['03-28T23:00', '03-29T22:00', '03-30T22:00', '03-31T22:00'])
  })

  it('are cut off by the end of the period', () => {
    expect(hours(endsOf(berlin('month', 20 * DAY), Date.parse('2026-02-15T12:00Z')))).toEqual([
      '02-20T23:00',
      '02-28T23:00',
    ])
  })

  it('begin with the period, moved by the offset', () => {
    const ends = endsOf(berlin('day', 12 * HOUR, 2.5 * HOUR), Date.parse('2026-03-29T12:00Z'))
    expect(hours(ends)).toEqual(['03-29T12:30', '03-30T00:30'])
  })

  it('hold every time of a period in exactly one of them', () => {
    const steps = [
      fixedSteps(fixedSpans(DAY, HOUR), 7 * 60_000),
      berlin('day', HOUR),
      berlin('week', 6 * HOUR, -DAY),
      berlin('month', 2 * DAY),
    ]
    const time = fc.integer({ min: Date.UTC(2026, 2, 20), max: Date.UTC(2026, 10, 5) })
    fc.assert(
      fc.property(fc.constantFrom(...steps), time, (one, at) => {
        const period = one.periods.startOf(at)
        const { start, end } = one.stepOf(period, at)
        expect(start <= at && at < end && end <= one.periods.endOf(period)).toBe(true)
        expect([start, end - 1].map((inside) => one.stepOf(period, inside))).toEqual([
          { start, end },
          { start, end },
        ])
      }),
      { numRuns: 500 },
    )
  })
})
