import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile } from './compile.ts'
import { FIELDS, fails, type Outcome, outcome, refused } from './testing/outcome.ts'
import { addMonths, daysInMonth, formatTimestamp, isTimestamp, TIMESTAMP_LIMIT } from './timestamp.ts'
import { formatType } from './type-text.ts'

const moved = (time: string, sign: '+' | '-', interval: string) =>
  `timestamp '${time}' ${sign} interval ${interval}`

describe('intervals of the calendar', () => {
  it.each([
    ['2026-01-31', '+', "'1' month", '2026-02-28T00:00:00.000Z'],
    ['2024-01-31', '+', "'1' month", '2024-02-29T00:00:00.000Z'],
    ['2026-01-31T10:42:07.9Z', '+', "'1' month", '2026-02-28T10:42:07.900Z'],
    ['2026-01-31', '+', "'2' months", '2026-03-31T00:00:00.000Z'],
    ['2026-03-31', '-', "'1' month", '2026-02-28T00:00:00.000Z'],
    ['2026-01-15', '-', "'1' month", '2025-12-15T00:00:00.000Z'],
    ['2026-11-30', '+', "'3' month", '2027-02-28T00:00:00.000Z'],
    ['2026-01-31', '+', "'1' QUARTER", '2026-04-30T00:00:00.000Z'],
    ['2024-02-29', '+', "'1' year", '2025-02-28T00:00:00.000Z'],
    ['2024-02-29', '+', "'4' years", '2028-02-29T00:00:00.000Z'],
    ['2096-02-29', '+', "'4' years", '2100-02-28T00:00:00.000Z'],
    ['2026-01-31', '+', "'-1' month", '2025-12-31T00:00:00.000Z'],
    ['2026-01-31', '+', "'0' month", '2026-01-31T00:00:00.000Z'],
    ['1969-12-31T23:59:59.999Z', '+', "'2' month", '1970-02-28T23:59:59.999Z'],
    ['0000-01-31', '-', "'1' month", '-000001-12-31T00:00:00.000Z'],
    ['2026-03-29T00:30:00Z', '+', "'1' week", '2026-04-05T00:30:00.000Z'],
  ] as const)('%s %s interval %s is %s', (time, sign, interval, expected) => {
    expect(formatTimestamp(outcome(moved(time, sign, interval)) as number)).toBe(expected)
  })

  it.each<[string, Outcome]>([
    ["from_epoch_ms(8640000000000000) + interval '1' month", fails('timestamp_out_of_range')],
    ["from_epoch_ms(-8640000000000000) - interval '1' month", fails('timestamp_out_of_range')],
    ["from_epoch_ms(8640000000000000) - interval '600000' year", fails('timestamp_out_of_range')],
    ["ts + interval '999999999999999' year", refused('invalid_literal')],
    ["ts + interval '99999999999999' year", fails('timestamp_out_of_range')],
    ["ts + interval '999999999999999' month", fails('timestamp_out_of_range')],
    ["ts + interval '1' fortnight", refused('invalid_literal')],
    ["ts + interval '1.5' month", refused('invalid_literal')],
    ["interval '1' month + ts > ts", true],
    ["interval '1' month - ts", refused('type_mismatch')],
    ["interval '1' month", refused('type_mismatch')],
    ["cast(null as timestamp) + interval '1' month", null],
    ["qty + interval '1' month", refused('type_mismatch')],
  ])('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected)
  })

  it('keep the day, or end the month', () => {
    const time = fc.integer({ min: -TIMESTAMP_LIMIT, max: TIMESTAMP_LIMIT })
    fc.assert(
      fc.property(time, fc.integer({ min: -5000, max: 5000 }), (start, months) => {
        const end = addMonths(start, months)
        fc.pre(isTimestamp(end))
        const [a, b] = [new Date(start), new Date(end)]
        const monthsOf = (date: Date) => date.getUTCFullYear() * 12 + date.getUTCMonth()
        expect(monthsOf(b) - monthsOf(a)).toBe(months)
        const last = daysInMonth(b.getUTCFullYear(), b.getUTCMonth() + 1)
        expect(b.getUTCDate()).toBe(Math.min(a.getUTCDate(), last))
        expect(b.toISOString().slice(-13)).toBe(a.toISOString().slice(-13))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('differences of timestamps', () => {
  it.each<[string, Outcome]>([
    ["ts - '2026-01-31T10:42:07Z'", 900],
    ["timestamp '1970-01-01' - ts", -1_769_856_127_900],
    ['ts - cast(null as timestamp)', null],
    ['ts - null', null],
    ['from_epoch_ms(8640000000000000) - from_epoch_ms(-8640000000000000)', 17_280_000_000_000_000n],
    ["ts - '2026-01-31' > interval '10' hours", true],
    ["interval '10' hours < ts - '2026-01-31'", true],
    ["ts - '2026-01-31' between interval '10' hours and interval '11' hours", true],
    ["ts - '2026-01-31T10:42:00Z' in (interval '7900' millisecond, interval '1' day)", true],
    ["ts - event_time() = interval '0' second", true],
    ["(ts - event_time()) < interval '-1' second", false],
    ["ts - event_time() is distinct from interval '1' second", true],
    ["ts - '2026-01-31' > interval '1' month", refused('type_mismatch')],
    ["interval '1' day < interval '2' day", refused('type_mismatch')],
    ["ts > interval '1' day", refused('type_mismatch')],
    ["qty > interval '1' day", refused('type_mismatch')],
    ["qty - 1 > interval '1' day", refused('type_mismatch')],
    ['ts + ts', refused('type_mismatch')],
    ['ts - 5', refused('type_mismatch')],
    ['ts * 2', refused('type_mismatch')],
  ])('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected)
  })

  it('are int64', () => {
    const result = compile('ts - event_time()', FIELDS)
    expect(result.ok && formatType(result.expression.type)).toBe('int64 not null')
  })
})
