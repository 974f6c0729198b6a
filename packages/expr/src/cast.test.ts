import { describe, expect, it } from 'vitest'
import { castTargets, conversion } from './cast.ts'
import { fails, type Outcome, outcome, refused } from './testing/outcome.ts'
import { decimal, SCALAR_KINDS, scalar } from './type.ts'

describe('cast', () => {
  it.each<[string, Outcome]>([
    ["cast(' 42 ' as int64)", 42],
    ["cast('+9223372036854775807' as int64)", 9_223_372_036_854_775_807n],
    ["cast('-0' as int64)", 0],
    ["cast('9223372036854775808' as int64)", fails('invalid_cast')],
    ["cast('1.0' as int64)", fails('invalid_cast')],
    ["cast('0x10' as int64)", fails('invalid_cast')],
    ["cast('' as int64)", fails('invalid_cast')],
    [`cast('${'9'.repeat(500)}' as int64)`, fails('invalid_cast')],
    ['cast(2.9 as int64)', 2],
    ['cast(-2.9 as int64)', -2],
    ['cast(-0.5 as int64)', 0],
    ['cast(9.3e18 as int64)', fails('invalid_cast')],
    ['cast(-9223372036854775808.0 as int64)', -9_223_372_036_854_775_808n],
    ["cast(cast('NaN' as double) as int64)", fails('invalid_cast')],
    ["cast('1.5e3' as double)", 1500],
    ["cast('.5' as double)", 0.5],
    ["cast('Infinity' as double)", Number.POSITIVE_INFINITY],
    ["cast('-infinity' as double)", Number.NEGATIVE_INFINITY],
    ["cast('1e999' as double)", fails('invalid_cast')],
    ["cast('1,5' as double)", fails('invalid_cast')],
    ['cast(9007199254740993 as double)', 9_007_199_254_740_992],
    ["cast(' TRUE' as boolean)", true],
    ["cast('yes' as boolean)", fails('invalid_cast')],
    ["to_epoch_ms(cast(' 1970-01-01T00:00:01Z ' as timestamp))", 1000],
    ["cast('tomorrow' as timestamp)", fails('invalid_cast')],
    ['cast(9007199254740993 as string)', '9007199254740993'],
    ['cast(1.50 as string)', '1.5'],
    ['cast(-0.0 as string)', '0'],
    ['cast(1e21 as string)', '1e+21'],
    ['cast(active as string)', 'true'],
    ['cast(ts as string)', '2026-01-31T10:42:07.900Z'],
    ['cast(qty as INT64)', 3],
    ['cast(tags as array<string not null>)', ['new', null]],
    ['cast(nothing as string)', null],
    ['cast(null as array<struct<a int64>>)', null],
    ["try_cast('x' as int64)", null],
    ["try_cast('7' as int64)", 7],
    ['try_cast(1e300 as int64)', null],
    ['cast(qty as timestamp)', refused('type_mismatch')],
    ['cast(ts as int64)', refused('type_mismatch')],
    ['cast(active as int64)', refused('type_mismatch')],
    ['cast(raw as string)', refused('type_mismatch')],
    ['cast(items as string)', refused('type_mismatch')],
    ['cast(qty as int64 not null)', refused('type_mismatch')],
    ['cast(qty as bigint)', refused('type_mismatch')],
  ])('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected)
  })

  it('never gives the negative zero for int64', () => {
    expect(Object.is(outcome("cast('-0' as int64)"), 0)).toBe(true)
    expect(Object.is(outcome('cast(-0.5 as int64)'), 0)).toBe(true)
  })

  it('knows a conversion for every pair that it offers, and no other', () => {
    const types = [...SCALAR_KINDS.map((kind) => scalar(kind)), decimal(9, 2)]
    for (const from of types) {
      for (const to of types.filter(({ kind }) => kind !== from.kind)) {
        expect(conversion(from, to) !== undefined).toBe(castTargets(from.kind).includes(to.kind))
      }
    }
  })
})
