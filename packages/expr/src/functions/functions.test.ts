import { describe, expect, it } from 'vitest'
import { functionDocs } from '../function-docs.ts'
import { fails, type Outcome, outcome, refused } from '../testing/outcome.ts'
import { functionNames, functionRows } from './table.ts'

const NULL_INT = 'cast(null as int64)'
const NULL_DOUBLE = 'cast(null as double)'
const NULL_TEXT = 'cast(null as string)'
const NULL_TIME = 'cast(null as timestamp)'
const SMALLEST = '-9223372036854775808'
const LARGEST = '9223372036854775807'
const NAN = "cast('NaN' as double)"
/** 65,536 characters. */
const LONG = `replace('${'a'.repeat(256)}', 'a', '${'b'.repeat(256)}')`
const BEFORE_1970 = "timestamp '1969-12-31T23:59:59.999Z'"

/** For every function: what is usual, null, the limits, and what is refused or fails. */
const TABLE: Readonly<Record<string, readonly (readonly [string, Outcome])[]>> = {
  abs: [
    ['abs(-3)', 3],
    ['abs(-1.5)', 1.5],
    [`abs(${NULL_INT})`, null],
    [`abs(-${LARGEST})`, 9_223_372_036_854_775_807n],
    [`abs(${SMALLEST})`, fails('int64_overflow')],
    ['abs(-price)', 1250],
    ["abs('3')", refused('type_mismatch')],
  ],
  ceil: [
    ['ceil(1.2)', 2],
    ['ceil(-1.2)', -1],
    [`ceil(${LARGEST})`, 9_223_372_036_854_775_807n],
    [`ceil(${NULL_DOUBLE})`, null],
    ['ceil(true)', refused('type_mismatch')],
  ],
  floor: [
    ['floor(1.8)', 1],
    ['floor(-1.2)', -2],
    [`floor(${SMALLEST})`, -9_223_372_036_854_775_808n],
    [`floor(${NULL_DOUBLE})`, null],
    ['floor()', refused('argument_count')],
  ],
  round: [
    ['round(2.5)', 3],
    ['round(-2.5)', -3],
    ['round(0.49999999999999994)', 0],
    ['round(1.005, 2)', 1.01],
    ['round(-1.005, 2)', -1.01],
    ['round(1234.5, -2)', 1200],
    ['round(1e-7, 3)', 0],
    ['round(1.5e300, 400)', 1.5e300],
    ['round(1.5, -400)', 0],
    [`round(${LARGEST})`, 9_223_372_036_854_775_807n],
    [`round(${NULL_DOUBLE}, 2)`, null],
    ['round(1.5, 2.5)', refused('type_mismatch')],
  ],
  sign: [
    ['sign(-3)', -1],
    ['sign(0)', 0],
    ['sign(2.5)', 1],
    [`sign(${SMALLEST})`, -1],
    [`sign(${NULL_INT})`, null],
    ["sign('a')", refused('type_mismatch')],
  ],
  div: [
    ['div(7, 2)', 3],
    ['div(-7, 2)', -3],
    ['div(-1, 2)', 0],
    ['div(9007199254740991, 9007199254740990)', 1],
    [`div(${SMALLEST}, 2)`, -4_611_686_018_427_387_904n],
    ['div(1, 0)', null],
    [`div(${NULL_INT}, 2)`, null],
    [`div(${SMALLEST}, -1)`, fails('int64_overflow')],
    ['div(1.5, 2)', refused('type_mismatch')],
  ],
  mod: [
    ['mod(7, 3)', 1],
    ['mod(-7, 3)', -1],
    ['mod(7, -3)', 1],
    ['mod(-4, 2)', 0],
    ['mod(7.5, 2)', 1.5],
    [`mod(${LARGEST}, 10)`, 7],
    [`mod(${SMALLEST}, -1)`, 0],
    ['mod(1, 0)', null],
    ['mod(1.5, 0)', null],
    [`mod(${NULL_INT}, 2)`, null],
    ["mod('a', 2)", refused('type_mismatch')],
  ],
  greatest: [
    ['greatest(1, 3, 2)', 3],
    ['greatest(1, 2.5)', 2.5],
    ["greatest('a', 'b')", 'b'],
    ["greatest('\uffff', '😀')", '😀'],
    [`greatest(${LARGEST}, 1)`, 9_223_372_036_854_775_807n],
    [`greatest(1, ${NULL_INT})`, null],
    [`greatest(1.5, ${NAN})`, Number.NaN],
    [`greatest(${NAN}, 1.5)`, Number.NaN],
    ["greatest(ts, '1970-01-01') = ts", true],
    ["greatest(1, 'a')", refused('type_mismatch')],
    ['greatest(true, false)', refused('type_mismatch')],
  ],
  least: [
    ['least(3, 1, 2)', 1],
    ["least('b', 'a')", 'a'],
    ["least('\uffff', '😀')", '\uffff'],
    [`least(${SMALLEST}, 1)`, -9_223_372_036_854_775_808n],
    [`least(1, ${NULL_INT})`, null],
    [`least(1.5, ${NAN})`, Number.NaN],
    ['least()', refused('argument_count')],
  ],
  coalesce: [
    ['coalesce(null, 2, 3)', 2],
    ['coalesce(nothing, qty)', 3],
    [`coalesce(${NULL_INT}, nothing)`, null],
    ['coalesce(qty, abs(-9223372036854775808))', 3],
    ['coalesce(nothing, 1.5)', 1.5],
    ["coalesce(nothing, 'a')", refused('type_mismatch')],
    ['coalesce(null, null)', refused('type_mismatch')],
  ],
  nullif: [
    ["nullif('n/a', 'n/a')", null],
    ['nullif(1, 2)', 1],
    ['nullif(9007199254740993, 9007199254740992.0)', 9_007_199_254_740_993n],
    ['nullif(1152921504606846976, 1152921504606846976.0)', null],
    ['nullif(nothing, 1)', null],
    ['nullif(1, nothing)', 1],
    ["nullif(1, 'a')", refused('type_mismatch')],
  ],
  if: [
    ["if(2 > 1, 'a', 'b')", 'a'],
    ["if(null, 'a', 'b')", 'b'],
    ['if(false, abs(-9223372036854775808), 1)', 1],
    ['if(true, nothing, 1)', null],
    ['if(true, 1, 2.5)', 1],
    ['if(1, 2, 3)', refused('type_mismatch')],
    ['if(true, 1)', refused('argument_count')],
  ],
  lower: [
    ["lower('ÀBC')", 'àbc'],
    ["lower('')", ''],
    [`lower(${NULL_TEXT})`, null],
    [`length(lower(${LONG}))`, 65_536],
    ['lower(1)', refused('type_mismatch')],
  ],
  upper: [
    ["upper('straße')", 'STRASSE'],
    [`upper(${NULL_TEXT})`, null],
    ["upper('')", ''],
    [`upper(replace(${LONG}, 'bb', 'ßx'))`, fails('result_too_long')],
    ['upper(ts)', refused('type_mismatch')],
  ],
  trim: [
    ["trim('  a b ')", 'a b'],
    ["trim('\ta ')", '\ta'],
    ["trim('   ')", ''],
    [`trim(${NULL_TEXT})`, null],
    ['trim(1)', refused('type_mismatch')],
  ],
  ltrim: [
    ["ltrim('  a ')", 'a '],
    ["ltrim('   ')", ''],
    [`ltrim(${NULL_TEXT})`, null],
    ['ltrim()', refused('argument_count')],
  ],
  rtrim: [
    ["rtrim(' a  ')", ' a'],
    ["rtrim('   ')", ''],
    [`rtrim(${NULL_TEXT})`, null],
    ["rtrim('a', ' ')", refused('argument_count')],
  ],
  length: [
    ["length('añ😀')", 3],
    ["length('')", 0],
    [`length(${NULL_TEXT})`, null],
    [`length(${LONG})`, 65_536],
    ['length(tags)', refused('type_mismatch')],
  ],
  substring: [
    ["substring('abcd', 2)", 'bcd'],
    ["substring('abcd', 2, 2)", 'bc'],
    ["substring('a😀b😀c', 2, 3)", '😀b😀'],
    ["substring('a😀b', 3)", 'b'],
    ["substring('abcd', 0, 2)", 'a'],
    ["substring('abcd', -5)", 'abcd'],
    ["substring('abcd', 9)", ''],
    ["substring('abcd', 2, 0)", ''],
    ["substring('abcd', 2, -1)", null],
    [`substring('abcd', 2, ${LARGEST})`, 'bcd'],
    [`substring('abcd', ${SMALLEST}, ${LARGEST})`, ''],
    [`substring(${NULL_TEXT}, 1)`, null],
    ["substring('abcd', 1.5)", refused('type_mismatch')],
  ],
  replace: [
    ["replace('a-b-c', '-', '+')", 'a+b+c'],
    ["replace('abc', '', 'x')", 'abc'],
    ["replace('abc', 'b', '$&')", 'a$&c'],
    ["replace('aaa', 'aa', 'b')", 'ba'],
    [`replace('a', 'a', ${NULL_TEXT})`, null],
    [`replace(${LONG}, 'b', 'cc')`, fails('result_too_long')],
    ["replace('a', 'b')", refused('argument_count')],
  ],
  concat: [
    ["concat('a', null, 'b')", 'ab'],
    [`concat(${NULL_TEXT})`, ''],
    [`length(concat(${LONG}, ''))`, 65_536],
    [`concat(${LONG}, 'b')`, fails('result_too_long')],
    ["concat('a', 1)", refused('type_mismatch')],
  ],
  starts_with: [
    ["starts_with('abc', 'ab')", true],
    ["starts_with('abc', 'bc')", false],
    ["starts_with('abc', '')", true],
    [`starts_with('abc', ${NULL_TEXT})`, null],
    ["starts_with('abc')", refused('argument_count')],
  ],
  ends_with: [
    ["ends_with('abc', 'bc')", true],
    ["ends_with('abc', 'ab')", false],
    ["ends_with('', '')", true],
    [`ends_with(${NULL_TEXT}, 'a')`, null],
    ["ends_with(1, 'a')", refused('type_mismatch')],
  ],
  contains: [
    ["contains('abc', 'b')", true],
    ["contains('abc', 'x')", false],
    ["contains('abc', '')", true],
    [`contains(${NULL_TEXT}, 'a')`, null],
    ["contains(tags, 'a')", refused('type_mismatch')],
  ],
  split_part: [
    ["split_part('a,b,c', ',', 2)", 'b'],
    ["split_part('a,b,c', ',', 3)", 'c'],
    ["split_part('a,,c', ',', 2)", ''],
    ["split_part('a,b', ',', 3)", null],
    ["split_part('a,b', ',', 0)", null],
    ["split_part('a,b', '', 1)", null],
    [`split_part('a,b', ',', ${LARGEST})`, null],
    [`split_part(${NULL_TEXT}, ',', 1)`, null],
    ["split_part('a', ',')", refused('argument_count')],
  ],
  regexp_like: [
    ["regexp_like('a-17', '[0-9]+$')", true],
    ["regexp_like('a-b', '^[0-9]')", false],
    [`regexp_like(${NULL_TEXT}, 'a')`, null],
    ["regexp_like('a😀b', '^a.b$')", true],
    [`regexp_like(${LONG}, '^(b+)+$')`, true],
    ["regexp_like('a', '(')", refused('invalid_pattern')],
    ["regexp_like('a', '(?=a)')", refused('invalid_pattern')],
    ["regexp_like('a', '(a{100}){20}')", refused('invalid_pattern')],
    ['regexp_like(region, region)', refused('type_mismatch')],
  ],
  year: [
    ["year('2026-01-31')", 2026],
    [`year(${BEFORE_1970})`, 1969],
    ["year('-000001-12-31')", -1],
    [`year(${NULL_TIME})`, null],
    ["year('yesterday')", refused('invalid_literal')],
  ],
  month: [
    ["month('2026-12-31T23:59:59Z')", 12],
    [`month(${BEFORE_1970})`, 12],
    [`month(${NULL_TIME})`, null],
    ['month(5)', refused('type_mismatch')],
  ],
  day: [
    ["day('2024-02-29')", 29],
    [`day(${BEFORE_1970})`, 31],
    [`day(${NULL_TIME})`, null],
    ['day(5)', refused('type_mismatch')],
  ],
  hour: [
    ["hour('2026-01-31T10:42:00Z')", 10],
    ["hour('2026-01-31T00:30:00+02:00')", 22],
    [`hour(${BEFORE_1970})`, 23],
    [`hour(${NULL_TIME})`, null],
    ['hour(1.5)', refused('type_mismatch')],
  ],
  minute: [
    ["minute('2026-01-31T10:42:00Z')", 42],
    [`minute(${BEFORE_1970})`, 59],
    [`minute(${NULL_TIME})`, null],
    ['minute(region)', refused('type_mismatch')],
  ],
  second: [
    ["second('2026-01-31T10:42:07.999Z')", 7],
    [`second(${BEFORE_1970})`, 59],
    [`second(${NULL_TIME})`, null],
    ['second()', refused('argument_count')],
  ],
  date_trunc: [
    ["date_trunc('second', ts) = '2026-01-31T10:42:07Z'", true],
    ["date_trunc('minute', ts) = '2026-01-31T10:42:00Z'", true],
    ["date_trunc('hour', ts) = '2026-01-31T10:00:00Z'", true],
    ["date_trunc('DAY', ts) = '2026-01-31'", true],
    ["date_trunc('week', ts) = '2026-01-26'", true],
    ["date_trunc('week', timestamp '2026-01-26') = '2026-01-26'", true],
    ["date_trunc('month', ts) = '2026-01-01'", true],
    ["date_trunc('quarter', timestamp '2026-06-30') = '2026-04-01'", true],
    ["date_trunc('year', ts) = '2026-01-01'", true],
    [`date_trunc('day', ${BEFORE_1970}) = '1969-12-31'`, true],
    [`date_trunc('week', ${BEFORE_1970}) = '1969-12-29'`, true],
    [`date_trunc('day', ${NULL_TIME})`, null],
    ["date_trunc('year', from_epoch_ms(-8640000000000000))", fails('timestamp_out_of_range')],
    ["date_trunc('century', ts)", refused('invalid_literal')],
    ['date_trunc(region, ts)', refused('type_mismatch')],
  ],
  to_epoch_ms: [
    ["to_epoch_ms('1970-01-01T00:00:01Z')", 1000],
    ["to_epoch_ms('1969-12-31T23:59:59Z')", -1000],
    [`to_epoch_ms(${NULL_TIME})`, null],
    ['to_epoch_ms(5)', refused('type_mismatch')],
  ],
  from_epoch_ms: [
    ['to_epoch_ms(from_epoch_ms(1000))', 1000],
    ["from_epoch_ms(-8640000000000000) = '-271821-04-20'", true],
    [`from_epoch_ms(${NULL_INT})`, null],
    ['from_epoch_ms(8640000000000001)', fails('timestamp_out_of_range')],
    [`from_epoch_ms(${LARGEST})`, fails('timestamp_out_of_range')],
    ['from_epoch_ms(1.5)', refused('type_mismatch')],
  ],
  event_time: [
    ['event_time() = ts', true],
    ['to_epoch_ms(event_time())', 1_769_856_127_900],
    ['event_time() is null', false],
    ['event_time(1)', refused('argument_count')],
  ],
  array_length: [
    ['array_length(tags)', 2],
    ['array_length(items)', 2],
    ['array_length(cast(null as array<string>))', null],
    ['array_length(address)', refused('type_mismatch')],
    ['array_length(null)', refused('type_mismatch')],
  ],
  array_contains: [
    ["array_contains(tags, 'new')", true],
    ["array_contains(tags, 'old')", null],
    ['array_contains(numbers, 2)', false],
    ['array_contains(numbers, 9007199254740993)', true],
    ['array_contains(numbers, 9007199254740992.0)', false],
    ['array_contains(numbers, 1.0)', true],
    [`array_contains(tags, ${NULL_TEXT})`, null],
    ["array_contains(cast(null as array<string>), 'a')", null],
    ['array_contains(tags, 1)', refused('type_mismatch')],
    ['array_contains(items, 1)', refused('type_mismatch')],
  ],
  element_at: [
    ['element_at(tags, 1)', 'new'],
    ['element_at(tags, 2)', null],
    ['element_at(numbers, -1)', 9_007_199_254_740_993n],
    ['element_at(numbers, 0)', null],
    ['element_at(numbers, 3)', null],
    ['element_at(numbers, -3)', null],
    [`element_at(numbers, ${SMALLEST})`, null],
    ['element_at(items, 2).sku', 'sku-2'],
    ['element_at(items, 3).sku', null],
    [`element_at(tags, ${NULL_INT})`, null],
    ["element_at(tags, 'a')", refused('type_mismatch')],
  ],
}

const ARRAYS: typeof TABLE = {
  all: [
    ['all(numbers, n -> n > 0)', true],
    ['all(numbers, n -> n > 1)', false],
    ["all(tags, t -> t = 'new')", null],
    ["all(tags, t -> t = 'old')", false],
    ['all(tags, t -> null)', null],
    ['all(filter(tags, t -> false), t -> false)', true],
    ['all(cast(null as array<string>), t -> true)', null],
    ['all(tags, t -> 1)', refused('type_mismatch')],
    ['all(region, t -> true)', refused('type_mismatch')],
    ['all(null, t -> true)', refused('type_mismatch')],
    ['all(tags, true)', refused('type_mismatch')],
    ['all(tags)', refused('argument_count')],
  ],
  any: [
    ['any(numbers, n -> n = 1)', true],
    ["any(tags, t -> t = 'old')", null],
    ["any(tags, t -> t = 'new')", true],
    ['any(items, i -> i.qty > 5)', null],
    ['any(filter(tags, t -> false), t -> true)', false],
    ['any(cast(null as array<string>), t -> true)', null],
    ['any(tags, (t, u) -> true)', refused('argument_count')],
    ['any(tags, t -> u)', refused('unknown_field')],
  ],
  filter: [
    ['filter(numbers, n -> n > 1)', [9_007_199_254_740_993n]],
    ["filter(tags, t -> t = 'new')", ['new']],
    ['filter(tags, t -> t is null)', [null]],
    ['filter(items, i -> i.qty > 1)', [['sku-1', 2]]],
    ['filter(tags, t -> null)', []],
    ['filter(cast(null as array<string>), t -> true)', null],
    ['filter(items, i -> i.sku)', refused('type_mismatch')],
    ['filter(labels, e -> true)', refused('type_mismatch')],
  ],
  reduce: [
    ['reduce(numbers, 0, (sum, n) -> sum + n)', 9_007_199_254_740_994n],
    ['reduce(numbers, 0.5, (sum, n) -> sum + n)', 9_007_199_254_740_994],
    ['reduce(numbers, 0, (sum, n) -> sum + 0.5)', 1],
    ['reduce(amounts, 0, (sum, a) -> sum + coalesce(a, 0))', 1245],
    ['reduce(amounts, 0, (sum, a) -> sum + a)', null],
    ["reduce(tags, '', (all, t) -> all || coalesce(t, '-'))", 'new-'],
    ['reduce(items, 0, (most, i) -> greatest(most, coalesce(i.qty, 0)))', 2],
    ['reduce(filter(tags, t -> false), 7, (a, t) -> a + 1)', 7],
    ['reduce(cast(null as array<string>), 7, (a, t) -> a + 1)', null],
    ['reduce(numbers, 9223372036854775807, (sum, n) -> sum + n)', fails('int64_overflow')],
    ["reduce(numbers, 0, (sum, n) -> sum || 'a')", refused('type_mismatch')],
    ["reduce(numbers, 0, (sum, n) -> 'a')", refused('type_mismatch')],
    ['reduce(numbers, null, (sum, n) -> n)', refused('type_mismatch')],
    ['reduce(numbers, 0, n -> n)', refused('argument_count')],
    ['reduce(numbers, 0, (a, a) -> a)', refused('duplicate_name')],
    ['reduce(numbers, (sum, n) -> sum + n)', refused('argument_count')],
  ],
  transform: [
    ['transform(numbers, n -> n - 1)', [0, 9_007_199_254_740_992n]],
    ['transform(items, i -> i.sku)', ['sku-1', 'sku-2']],
    ['transform(items, i -> i.qty)', [2, null]],
    ["transform(tags, t -> t || '!')", ['new!', null]],
    ['transform(amounts, a -> a * 2)', [2500, null, -10]],
    ['transform(cast(null as array<string>), t -> 1)', null],
    ['transform(tags, t -> null)', refused('type_mismatch')],
    ['transform(numbers, n -> n + 9223372036854775807)', fails('int64_overflow')],
    [`transform(transform(numbers, n -> ${LONG}), t -> length(t))`, [65_536, 65_536]],
  ],
}

const TIMES: typeof TABLE = {
  extract: [
    ['extract(year from ts)', 2026],
    ['extract(Quarter FROM ts)', 1],
    ["extract(month from '2026-12-31')", 12],
    ["extract(day from '2024-02-29')", 29],
    ["extract(hour from '2026-01-31T10:42:07.9Z')", 10],
    ["extract(minute from '2026-01-31T10:42:07.9Z')", 42],
    ["extract(second from '2026-01-31T10:42:07.9Z')", 7],
    ["extract(week from '2026-01-01')", 1],
    ["extract(week from '2027-01-03')", 53],
    ["extract(isoyear from '2027-01-03')", 2026],
    ["extract(week from '2024-12-30')", 1],
    ["extract(isoyear from '2024-12-30')", 2025],
    ["extract(isodow from '2026-01-26')", 1],
    ["extract(isodow from '2026-02-01')", 7],
    ["extract(doy from '2024-12-31')", 366],
    ["extract(epoch from '1970-01-01T00:01:00.999Z')", 60],
    [`extract(epoch from ${BEFORE_1970})`, -1],
    [`extract(hour from ${BEFORE_1970})`, 23],
    [`extract(isodow from ${BEFORE_1970})`, 3],
    [`extract(doy from ${BEFORE_1970})`, 365],
    ["extract(week from '-271821-04-20')", 16],
    ["extract(week from '+275760-09-13')", 37],
    ["extract('year', ts)", 2026],
    [`extract(year from ${NULL_TIME})`, null],
    ["extract(year from 'soon')", refused('invalid_literal')],
    ['extract(dow from ts)', refused('invalid_literal')],
    ['extract(year from qty)', refused('type_mismatch')],
    ['extract(region, ts)', refused('type_mismatch')],
    ['extract(year of ts)', refused('syntax')],
    ['extract(year from)', refused('syntax')],
  ],
}

const ALL = { ...TABLE, ...ARRAYS, ...TIMES }

describe.each(functionNames())('%s', (name) => {
  const rows = ALL[name] ?? []

  it.each(rows)('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected)
  })

  it('has rows for what is usual, for null, and for what is refused or fails', () => {
    expect(rows.length).toBeGreaterThanOrEqual(4)
    expect(rows.every(([text]) => text.includes(`${name}(`))).toBe(true)
    expect(rows.some(([, expected]) => expected !== null && typeof expected === 'object')).toBe(true)
  })

  it.each((functionRows(name) ?? []).map((row) => row.example))(
    'has an example that is true: %s',
    (example) => {
      expect(outcome(example)).toBe(true)
      expect(example).toContain(`${name}(`)
    },
  )
})

describe('the function table', () => {
  it('has no row for a function that does not exist', () => {
    expect(Object.keys(ALL).filter((name) => !functionNames().includes(name))).toEqual([])
  })

  it('documents every function in one sentence, with its signatures', () => {
    const docs = functionDocs()
    expect(docs.map((doc) => doc.name).toSorted()).toEqual([...functionNames()].toSorted())
    for (const doc of docs) expect(doc.documentation).toMatch(/^[A-Z1].*[^.]\.$/)
    expect(docs.find((doc) => doc.name === 'substring')?.signatures).toEqual([
      'substring(string, int64) → string',
      'substring(string, int64, int64) → string',
    ])
  })

  it('reads names of functions without regard to case', () => {
    expect(outcome('ABS(-1)')).toBe(1)
  })
})
