import { describe, expect, it } from 'vitest'
import { compile, compileCondition } from './compile.ts'
import { FIELDS, fails, type Outcome, outcome, ROW, refused, TIME } from './testing/outcome.ts'
import { formatType } from './type-text.ts'
import type { Value } from './value.ts'

const TRUTH: readonly (boolean | null)[] = [true, false, null]

function compiled(text: string) {
  const result = compile(text, FIELDS)
  if (!result.ok) throw new Error(result.issues[0]?.message)
  return result.expression
}

describe('literals', () => {
  it.each<[string, Outcome]>([
    ['42', 42],
    ['-42', -42],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740992', 9_007_199_254_740_992n],
    ['9223372036854775807', 9_223_372_036_854_775_807n],
    ['-9223372036854775808', -9_223_372_036_854_775_808n],
    ['9223372036854775808', refused('invalid_literal')],
    ['-9223372036854775809', refused('invalid_literal')],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['1e3', 1000],
    ['1E-2', 0.01],
    ['1e999', refused('invalid_literal')],
    ["'it''s'", "it's"],
    ["''", ''],
    ["'a\nb'", 'a\nb'],
    ["'\ud800'", '\ufffd'],
    ['TRUE', true],
    ['false', false],
    ["timestamp '2026-01-31T10:42:07.9Z'", TIME],
    ["TIMESTAMP '2026-02-30'", refused('invalid_literal')],
    ["x'0aFF'", Uint8Array.of(10, 255)],
    ["x'0'", refused('invalid_literal')],
    ["date '2026-01-31'", refused('invalid_literal')],
    ['null', refused('type_mismatch')],
    ['cast(null as string)', null],
  ])('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected)
  })
})

describe('fields', () => {
  it.each<[string, Outcome]>([
    ['qty', 3],
    ['"qty"', 3],
    ['address.city', 'Rome'],
    ['address."zip code"', 12],
    ['address.geo.lat', 41.9],
    ['(address).city', 'Rome'],
    ['address . city', 'Rome'],
    ['nowhere.city', null],
    ['element_at(items, 1).sku', 'sku-1'],
    ['nothing', null],
    ['Qty', refused('unknown_field')],
    ['address.town', refused('unknown_field')],
    ['region.city', refused('type_mismatch')],
    ['items.sku', refused('type_mismatch')],
  ])('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected)
  })

  it('lists every field that is read once, by its whole path', () => {
    expect(compiled('qty + qty * length(address.city) + address.geo.lat').reads).toEqual([
      ['qty'],
      ['address', 'city'],
      ['address', 'geo', 'lat'],
    ])
    expect(compiled('element_at(items, 1).sku').reads).toEqual([['items']])
    expect(compiled('1 + 1').reads).toEqual([])
  })

  it('names the field where the text is nothing but one', () => {
    expect(compiled('qty').plainField).toBe('qty')
    expect(compiled('("qty")').plainField).toBe('qty')
    expect(compiled('address.city').plainField).toBeNull()
    expect(compiled('qty + 0').plainField).toBeNull()
  })
})

describe('three-valued logic', () => {
  const and = (a: Value, b: Value) =>
    a === false || b === false ? false : a === null || b === null ? null : true
  const or = (a: Value, b: Value) =>
    a === true || b === true ? true : a === null || b === null ? null : false
  const longer = (chains: readonly (readonly (boolean | null)[])[]) =>
    chains.flatMap((chain) => TRUTH.map((value) => [...chain, value]))
  const pairs = longer(TRUTH.map((value) => [value]))
  const triples = longer(pairs)
  const chains = [...pairs, ...triples, ...longer(triples)].map((values) => ({
    values,
    name: values.join(', '),
  }))
  const schema = ['a', 'b', 'c', 'd'].map((name) => ({
    name,
    type: { kind: 'boolean', nullable: true } as const,
  }))

  it.each(chains)('holds for chains of $name', ({ values }) => {
    const names = ['a', 'b', 'c', 'd'].slice(0, values.length)
    expect(outcome(names.join(' and '), schema, values)).toBe(values.reduce<Value>(and, true))
    expect(outcome(names.join(' or '), schema, values)).toBe(values.reduce<Value>(or, false))
  })

  it('negates what is known', () => {
    expect(TRUTH.map((value) => outcome('not a', schema, [value]))).toEqual([false, true, null])
  })

  it('evaluates from the left, and no further than to the deciding term', () => {
    const failing = 'abs(-9223372036854775807 - qty) > 0'
    expect(outcome(`false and ${failing}`)).toBe(false)
    expect(outcome(`true or ${failing}`)).toBe(true)
    expect(outcome(`null and ${failing}`)).toEqual(fails('int64_overflow'))
    expect(outcome(`${failing} and false`)).toEqual(fails('int64_overflow'))
  })
})

describe('comparison', () => {
  it.each<[string, Outcome]>([
    ['qty = 3', true],
    ['3 <> qty', false],
    ['3 < qty', false],
    ['4 > qty', true],
    ['3 >= qty', true],
    ['qty <= 2.5', false],
    ['qty != 4', true],
    ['nothing = nothing', null],
    ['qty > null', null],
    ['9007199254740993 = 9007199254740992.0', false],
    ['9007199254740993 > 9007199254740992.0', true],
    ['1152921504606846976 = 1152921504606846976.0', true],
    ['1152921504606846976 <> 1152921504606846976.0', false],
    ['1152921504606846977 <= 1152921504606846976.0', false],
    ['9.5 = total', true],
    ['total > 9', true],
    ["region < 'US-X'", true],
    ["'\uffff' < '😀'", true],
    ["'' < 'a'", true],
    ['active = true', true],
    ['active <> false', true],
    ["raw = x'0aff'", true],
    ["raw <> x'0a'", true],
    ['active < true', refused('type_mismatch')],
    ["raw < x'00'", refused('type_mismatch')],
    ['tags = tags', refused('type_mismatch')],
    ["qty = '3'", refused('type_mismatch')],
    ['1 < 2 < 3', refused('type_mismatch')],
    ["ts >= '2026-01-31T10:42:07.9Z'", true],
    ["'2026-02-01' > ts", true],
    ["ts > 'soon'", refused('invalid_literal')],
    ['ts > region', refused('type_mismatch')],
    ["ts > 'a' || 'b'", refused('type_mismatch')],
  ])('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected)
  })

  it('follows IEEE 754 for NaN, and makes it one value for is distinct from', () => {
    const nan = "cast('NaN' as double)"
    expect(['=', '<>', '<', '<=', '>', '>='].map((operator) => outcome(`${nan} ${operator} ${nan}`))).toEqual(
      [false, true, false, false, false, false],
    )
    expect(outcome(`${nan} is distinct from ${nan}`)).toBe(false)
    expect(outcome(`${nan} in (${nan}, 1.0)`)).toBe(false)
    expect(outcome(`1.0 is distinct from ${nan}`)).toBe(true)
  })

  it('takes −0 for 0', () => {
    expect(outcome('-0.0 = 0')).toBe(true)
    expect(outcome('-0.0 < 0.0')).toBe(false)
    expect(outcome('-0.0 is distinct from 0.0')).toBe(false)
    expect(outcome('-0.0 in (0.0)')).toBe(true)
  })
})

describe('is [not] null and is [not] distinct from', () => {
  it.each<[string, Outcome]>([
    ['nothing is null', true],
    ['qty IS NOT NULL', true],
    ['tags is null', false],
    ['null is null', true],
    ['qty is distinct from null', true],
    ['nothing is distinct from null', false],
    ['nothing is not distinct from nothing', true],
    ['qty is not distinct from 3.0', true],
    ["region is distinct from 'US-WEST'", false],
    ['items is distinct from items', refused('type_mismatch')],
  ])('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected)
  })
})

describe('in and between', () => {
  it.each<[string, Outcome]>([
    ['qty in (1, 2, 3)', true],
    ['qty in (1, 2)', false],
    ['qty not in (1, 2)', true],
    ['qty in (1, null)', null],
    ['qty in (3, null)', true],
    ['qty not in (1, null)', null],
    ['nothing in (1)', null],
    ['nothing in (null)', null],
    ['qty in (2.5, 3.0)', true],
    ['qty in (total, qty)', true],
    ['qty in (nothing, 4)', null],
    ['1152921504606846976 in (1.5, 1152921504606846976.0)', true],
    ["region in ('EU', 'US-WEST')", true],
    ["ts in ('2026-01-31T10:42:07.9Z')", true],
    ["raw in (x'0aff')", true],
    ["qty in ('3')", refused('type_mismatch')],
    ["ts in ('2026-01-31', 'x')", refused('invalid_literal')],
    ['qty between 1 and 3', true],
    ['qty not between 1 and 3', false],
    ['qty between 4 and null', false],
    ['qty between null and 2', false],
    ['qty between null and 4', null],
    ['qty between 1 and null', null],
    ['nothing between 1 and 3', null],
    ['qty between 2.5 and 3', true],
    ["region between 'A' and 'Z'", true],
    ["ts between '2026-01-31' and '2026-02-01'", true],
    ['active between false and true', refused('type_mismatch')],
    ['qty between 1 and 2 and active', false],
  ])('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected)
  })
})

describe('like', () => {
  it.each<[string, Outcome]>([
    ["region like 'US%'", true],
    ["region like '%WEST'", true],
    ["region like '%S-W%'", true],
    ["region like 'US-WEST'", true],
    ["region like 'US_WEST'", true],
    ["region like 'us%'", false],
    ["region like 'U%-%T'", true],
    ["region not like 'EU%'", true],
    ["region like ''", false],
    ["'' like '%'", true],
    ["'a😀b' like 'a_b'", true],
    ["'a' like '__'", false],
    ["'a\nb' like 'a_b'", true],
    ["'50%' like '50!%' escape '!'", true],
    ["'50x' like '50!%' escape '!'", false],
    ["'a_b' like 'a\\__' escape '\\'", true],
    ["'a.b' like 'a_b%'", true],
    ["'axb' like 'a.b%_'", false],
    ["'a\\b' like 'a\\b'", true],
    ["cast(null as string) like '%'", null],
    ["region like 'a!b' escape '!'", refused('invalid_pattern')],
    ["region like 'a!' escape '!'", refused('invalid_pattern')],
    ["region like 'a' escape 'xy'", refused('invalid_pattern')],
    [`region like '${'_'.repeat(1001)}'`, refused('invalid_pattern')],
    ['region like region', refused('type_mismatch')],
    ["qty like '3'", refused('type_mismatch')],
  ])('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected)
  })

  it('refuses texts on which a pattern with _ could take long', () => {
    const fields = [{ name: 's', type: { kind: 'string', nullable: true } as const }]
    expect(outcome("s like '%a_b%'", fields, ['x'.repeat(65_537)])).toEqual(fails('text_too_long'))
    expect(outcome("s like 'x%'", fields, ['x'.repeat(65_537)])).toBe(true)
  })
})

describe('arithmetic', () => {
  it.each<[string, Outcome]>([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['10 - 4 - 3', 3],
    ['5 / 2', 2.5],
    ['6 / 3', 2],
    ['1 / 0', null],
    ['1.5 / 0', null],
    ['0.0 / 0.0', null],
    ['qty + nothing', null],
    ['qty + 0.5', 3.5],
    ['- qty', -3],
    ['0 * -5', 0],
    ['9007199254740991 + 1', 9_007_199_254_740_992n],
    ['9007199254740992 - 1', 9_007_199_254_740_991],
    ['3037000499 * 3037000500', 9_223_372_033_963_249_500n],
    ['9223372036854775807 + 1', fails('int64_overflow')],
    ['-9223372036854775808 - 1', fails('int64_overflow')],
    ['4611686018427387904 * 2', fails('int64_overflow')],
    ['-(-9223372036854775808)', fails('int64_overflow')],
    ['9223372036854775807 + 1.0', 2 ** 63],
    ['1e308 * 10', Number.POSITIVE_INFINITY],
    ['1e308 * 10 - 1e308 * 10', Number.NaN],
    ["region + 'a'", refused('type_mismatch')],
    ['ts + 1', refused('type_mismatch')],
    ["region || '!'", 'US-WEST!'],
    ["'a' || 'b' || 'c'", 'abc'],
    ["'a' || null", null],
    ["'a' || 1", refused('type_mismatch')],
    ["ts - interval '7' seconds < ts", true],
    ["to_epoch_ms(ts + interval '1' day) - to_epoch_ms(ts)", 86_400_000],
    ["interval '1' WEEK + ts > ts", true],
    ["to_epoch_ms(ts + interval '-1' minute) - to_epoch_ms(ts)", -60_000],
    ["from_epoch_ms(8640000000000000) + interval '1' millisecond", fails('timestamp_out_of_range')],
    ["interval '1' day - ts", refused('type_mismatch')],
    ["interval '1' day", refused('type_mismatch')],
    ["qty + interval '1' day", refused('type_mismatch')],
    ["ts + interval '1.5' day", refused('invalid_literal')],
    ["ts + interval '1'", refused('invalid_literal')],
  ])('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected)
  })

  it('never gives the negative zero for int64', () => {
    expect(Object.is(outcome('0 * -5'), 0)).toBe(true)
    expect(Object.is(outcome('-(qty - qty)'), 0)).toBe(true)
    expect(Object.is(outcome('mod(-4, 2)'), 0)).toBe(true)
    expect(Object.is(outcome('div(-1, 2)'), 0)).toBe(true)
  })
})

describe('case', () => {
  it.each<[string, Outcome]>([
    ["case when qty > 5 then 'many' when qty > 2 then 'some' else 'few' end", 'some'],
    ['case when null then 1 end', null],
    ["case qty when 1 then 'one' when 3 then 'three' end", 'three'],
    ["case qty when 3.0 then 'three' end", 'three'],
    ['case nothing when null then 1 else 2 end', 2],
    ['case qty when null then 1 else 2 end', 2],
    ['case when true then 1 else 2.5 end', 1],
    ['case when false then 1 end', null],
    ['case when true then 1 else abs(-9223372036854775808) end', 1],
    ["case ts when '2026-01-31T10:42:07.9Z' then true end", true],
    ["case when qty then 'a' end", refused('type_mismatch')],
    ["case when true then 1 else 'a' end", refused('type_mismatch')],
    ["case qty when 'a' then 1 end", refused('type_mismatch')],
    ['case items when items then 1 end', refused('type_mismatch')],
    ['case when true then null end', refused('type_mismatch')],
  ])('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected)
  })
})

describe('types of results', () => {
  it.each([
    ['qty', 'int64 not null'],
    ['qty + 1', 'int64 not null'],
    ['qty + 1.5', 'double not null'],
    ['qty / 2', 'double'],
    ['total', 'double'],
    ['qty > total', 'boolean'],
    ['qty > 1', 'boolean not null'],
    ['total is null', 'boolean not null'],
    ['qty is distinct from nothing', 'boolean not null'],
    ['coalesce(total, 0)', 'double not null'],
    ['coalesce(total, nothing)', 'double'],
    ['if(active, 1, 2)', 'int64 not null'],
    ['nullif(qty, 1)', 'int64'],
    ['case when active then 1 end', 'int64'],
    ['case when active then 1 else 2.5 end', 'double not null'],
    ['address.city', 'string'],
    ['element_at(items, 1)', 'struct<sku string not null, qty int64>'],
    ['coalesce(tags, cast(null as array<string>))', 'array<string> not null'],
    ["cast('1' as int64)", 'int64 not null'],
    ["try_cast('1' as int64)", 'int64'],
    ['event_time()', 'timestamp not null'],
    ["concat(region, 'a')", 'string not null'],
    ["region || 'a'", 'string'],
    ['qty in (1, nothing)', 'boolean'],
    ['if(true, items, items)', 'array<struct<sku string not null, qty int64>>'],
  ])('%s is %s', (text, type) => {
    expect(formatType(compiled(text).type)).toBe(type)
  })
})

describe('compileCondition', () => {
  it('takes a text of type boolean, and a bare null', () => {
    expect(compileCondition('qty > 1', FIELDS).ok).toBe(true)
    const result = compileCondition('null', FIELDS)
    expect(result.ok && result.expression.evaluate(ROW, { time: 0 })).toBeNull()
  })

  it('refuses any other type, and says which it is', () => {
    const result = compileCondition('qty + 1', FIELDS)
    expect(result).toMatchObject({ ok: false, issues: [{ code: 'type_mismatch', from: 0, to: 7 }] })
    expect(result.ok ? '' : result.issues[0]?.message).toContain('int64')
  })
})

describe('names that objects inherit', () => {
  it('are ordinary names', () => {
    expect(outcome('constructor')).toBe('builder')
    expect(outcome('__proto__ + 1')).toBe(8)
    expect(outcome('toString')).toEqual(refused('unknown_field'))
    expect(outcome('address.constructor')).toEqual(refused('unknown_field'))
    expect(outcome('constructor()')).toEqual(refused('unknown_function'))
  })
})
