import { describe, expect, it } from 'vitest'
import { compile } from './compile.ts'
import { decodeJson } from './json/decode.ts'
import { DecodeError } from './json/decode-error.ts'
import { encodeJson } from './json/encode.ts'
import { encodeKey } from './key.ts'
import { fails, type Outcome, outcome } from './testing/outcome.ts'
import { utf8 } from './testing/utf8.ts'
import { arrayOf, decimal, type Field, mapOf, scalar } from './type.ts'
import type { Value } from './value.ts'

const FIELDS: readonly Field[] = [
  { name: 's', type: scalar('string') },
  { name: 'd', type: scalar('double') },
  { name: 't', type: scalar('timestamp') },
  { name: 'a', type: arrayOf(scalar('int64')) },
  { name: 'p', type: decimal(38, 2) },
  { name: 'm', type: mapOf(scalar('string'), scalar('int64')) },
]

/** What a text comes to for one value; the other fields are null. */
function of(name: string, value: Value, text: string): Outcome {
  return outcome(
    text,
    FIELDS,
    FIELDS.map((field) => (field.name === name ? value : null)),
  )
}

const LAST = 8.64e15
const MILLION = 'x'.repeat(1_000_000)

describe('texts of a million characters', () => {
  it.each<[string, Outcome]>([
    ['length(s)', 1_000_000],
    ["s = 'x'", false],
    ["s > 'x'", true],
    ["s like 'x%'", true],
    ["s like '%y%'", false],
    ["s like '%x_y%'", fails('text_too_long')],
    ["regexp_like(s, '(x+)+y')", fails('text_too_long')],
    ["s || 'y'", fails('result_too_long')],
    ['upper(s)', fails('result_too_long')],
    ["replace(s, 'x', '')", ''],
    ["replace(s, 'x', 'yy')", fails('result_too_long')],
    ['substring(s, 1, 3)', 'xxx'],
    ['cast(s as int64)', fails('invalid_cast')],
    ['try_cast(s as decimal(10, 2))', null],
    ['try_cast(s as timestamp)', null],
    ['s is null', false],
    ["coalesce(s, 'a') = s", true],
  ])('%s', (text, expected) => {
    expect(of('s', MILLION, text)).toEqual(expected)
  })

  it('of digits are read in bounded time', () => {
    const digits = '9'.repeat(1_000_000)
    expect(of('s', digits, 'try_cast(s as int64)')).toBeNull()
    expect(of('s', digits, 'try_cast(s as double)')).toBeNull()
    expect(of('s', digits, 'try_cast(s as decimal(38, 0))')).toBeNull()
    expect(of('s', `0.${digits}`, 'cast(s as decimal(38, 0))')).toBe(1)
  })
})

describe('arrays and maps of a million elements', () => {
  const million = Array.from({ length: 1_000_000 }, (_, i) => i)

  it.each<[string, Outcome]>([
    ['array_length(a)', 1_000_000],
    ['a[1000000]', 999_999],
    ['a[1000001]', null],
    ['array_contains(a, -1)', false],
    ['any(a, x -> x = 5)', true],
    ['any(a, x -> x < 0)', fails('step_limit')],
    ['reduce(a, 0, (sum, x) -> sum + x)', fails('step_limit')],
  ])('%s', (text, expected) => {
    expect(of('a', million, text)).toEqual(expected)
  })

  it('are looked up in one pass', () => {
    const entries = million.flatMap((i) => [`k${i}`, i])
    expect(of('m', entries, "m['k999999']")).toBe(999_999)
    expect(of('m', entries, "m['none']")).toBeNull()
  })
})

describe('NaN, infinities and −0', () => {
  it.each<[number, string, Outcome]>([
    [Number.NaN, 'd = d', false],
    [Number.NaN, 'd <> d', true],
    [Number.NaN, 'd is distinct from d', false],
    [Number.NaN, 'cast(d as int64)', fails('invalid_cast')],
    [Number.NaN, 'cast(d as decimal(10, 2))', fails('invalid_cast')],
    [Number.NaN, 'cast(d as string)', 'NaN'],
    [Number.POSITIVE_INFINITY, 'd > 1e308', true],
    [Number.POSITIVE_INFINITY, 'cast(d as int64)', fails('invalid_cast')],
    [Number.POSITIVE_INFINITY, 'd - d', Number.NaN],
    [Number.NEGATIVE_INFINITY, 'try_cast(d as decimal(38, 0))', null],
    [-0, 'd = 0', true],
    [-0, 'cast(d as string)', '0'],
    [-0, 'cast(d as int64)', 0],
    [-0, 'cast(d as decimal(10, 2))', 0],
  ])('%s: %s', (value, text, expected) => {
    expect(of('d', value, text)).toEqual(expected)
  })

  it('have one key each, and are written as JSON knows them', () => {
    const key = (value: number) => encodeKey([value], [scalar('double')])
    expect(key(-0)).toBe(key(0))
    expect(key(Number.NaN)).toBe('3:NaN')
    const write = encodeJson([{ name: 'd', type: scalar('double') }])
    expect([Number.NaN, Number.POSITIVE_INFINITY, -0].map((value) => write([value]))).toEqual([
      '{"d":null}',
      '{"d":null}',
      '{"d":0}',
    ])
  })
})

describe('lone surrogates', () => {
  it('become U+FFFD where they come in', () => {
    const decode = decodeJson(FIELDS)
    expect(decode(utf8('{"s":"a\\ud800b","m":{"\\udc00":1}}'))).toEqual([
      'a\ufffdb',
      null,
      null,
      null,
      null,
      ['\ufffd', 1],
    ])
    expect(outcome("'\ud800' = '\ufffd'")).toBe(true)
  })

  it('never arise from whole characters', () => {
    for (const text of ['substring(s, 2, 1)', 'substring(s, 1, 2)', "replace(s, 'a', '')", 's || s'])
      expect(String(of('s', 'a😀b', text)).isWellFormed()).toBe(true)
  })
})

describe('timestamps at their limits', () => {
  it.each<[number, string, Outcome]>([
    [LAST, 'year(t)', 275_760],
    [-LAST, 'year(t)', -271_821],
    [LAST, "t + interval '0' second", LAST],
    [LAST, "t + interval '1' millisecond", fails('timestamp_out_of_range')],
    [-LAST, "t - interval '1' month", fails('timestamp_out_of_range')],
    [-LAST, "date_trunc('year', t)", fails('timestamp_out_of_range')],
    [LAST, 'cast(t as string)', '+275760-09-13T00:00:00.000Z'],
    [LAST, 'cast(cast(t as string) as timestamp)', LAST],
    [LAST, "t - '-271821-04-20'", 17_280_000_000_000_000n],
    [LAST, 'extract(doy from t)', 257],
    [-1, 'extract(second from t)', 59],
  ])('%s: %s', (value, text, expected) => {
    expect(of('t', value, text)).toEqual(expected)
  })
})

describe('decimals at their limits', () => {
  const most = 10n ** 38n - 1n

  it.each<[string, Outcome]>([
    ['p + 0.01', { counted: 'decimal_overflow' }],
    ['p - p', 0],
    ['p / p', 1_000_000],
    ['cast(p as string)', `${'9'.repeat(36)}.99`],
    ['cast(p as double)', 1e36],
    ['-p < p', true],
    ['mod(p, 7)', Number((most % 700n).toString())],
  ])('%s', (text, expected) => {
    expect(of('p', most, text)).toEqual(expected)
  })
})

describe('records', () => {
  const decode = decodeJson([...FIELDS, { name: 'n', type: scalar('int64', false) }])
  const code = (record: string | Uint8Array) => {
    try {
      decode(typeof record === 'string' ? utf8(record) : record)
      return 'decoded'
    } catch (error) {
      if (error instanceof DecodeError) return `${error.code} ${error.path}`.trim()
      throw error
    }
  }

  it.each([
    ['nothing', '', 'not_json'],
    ['a field of the wrong type', '{"n":1,"s":5}', 'wrong_type s'],
    ['a field that is missing', '{"s":"a"}', 'missing_field n'],
    ['a number beyond int64', '{"n":9223372036854775808}', 'out_of_range n'],
    ['a fraction where a whole number belongs', '{"n":1.5}', 'wrong_type n'],
    ['a time beyond the timestamps', '{"n":1,"t":8640000000000001}', 'out_of_range t'],
    ['too many places', '{"n":1,"p":0.001}', 'wrong_type p'],
    ['an array that is none', '{"n":1,"a":{"length":3}}', 'wrong_type a'],
    ['a map that is none', '{"n":1,"m":[]}', 'wrong_type m'],
    ['a million elements', `{"n":1,"a":[${'1,'.repeat(500_000)}1]}`, 'decoded'],
    ['more than a mebibyte', `{"n":1,"s":"${MILLION.repeat(2)}"}`, 'too_large'],
  ])('of %s', (_, record, expected) => {
    expect(code(record)).toBe(expected)
  })
})

it('an expression that fails throws nothing but EvaluationError, whatever the row holds', () => {
  const result = compile("any(a, x -> x > length(s)) or p * d > 1 or t > '2026-01-31' or m[s] > 0", FIELDS)
  if (!result.ok) throw new Error(result.issues[0]?.message)
  const values: readonly Value[][] = [
    [null, null, null, null, null, null],
    ['', Number.NaN, -LAST, [], 0, []],
    [MILLION, Number.POSITIVE_INFINITY, LAST, [null, 1], 10n ** 38n - 1n, [MILLION, null]],
  ]
  for (const row of values)
    expect([true, false, null]).toContain(result.expression.evaluate(row, { time: 0 }))
})
