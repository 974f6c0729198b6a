import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDecimal } from '../decimal.ts'
import { fieldsOf } from '../testing/fields-of.ts'
import { utf8 } from '../testing/utf8.ts'
import { INT64_MAX, INT64_MIN, toInt64 } from '../value.ts'
import { type DecodeOptions, decodeJson } from './decode.ts'
import { DecodeError } from './decode-error.ts'

/** The row of a record, or the code and the path of the error. */
function decoded(schema: string, record: string | Uint8Array, options?: DecodeOptions): unknown {
  try {
    return decodeJson(fieldsOf(schema), options)(typeof record === 'string' ? utf8(record) : record)
  } catch (error) {
    if (error instanceof DecodeError) return `${error.code} at ${error.path}`
    throw error
  }
}

/** A record of one member `a`, decoded as a type. */
function member(type: string, json: string): unknown {
  const row = decoded(`a ${type}`, `{"a":${json}}`)
  return Array.isArray(row) ? row[0] : row
}

describe('members', () => {
  it('are found by name, whatever their order, and those without a field are ignored', () => {
    expect(decoded('a int64, b string', '{"x":[{}],"b":"t","a":1,"y":null}')).toEqual([1, 't'])
  })

  it('are null where they are absent or null and may be', () => {
    expect(decoded('a int64, b struct<c int64>, d array<int64>', '{"a":null,"b":{}}')).toEqual([
      null,
      [null],
      null,
    ])
  })

  it('are missing where they may not be null', () => {
    expect(decoded('a int64 not null', '{}')).toBe('missing_field at a')
    expect(decoded('a int64 not null', '{"a":null}')).toBe('missing_field at a')
    expect(decoded('a struct<b array<int64 not null> not null> not null', '{"a":{"b":[1,null]}}')).toBe(
      'missing_field at a.b[1]',
    )
  })

  it('count last where a name stands twice', () => {
    expect(decoded('a int64', '{"a":1,"a":2}')).toEqual([2])
  })

  it('may have names that objects inherit, and are then only their own', () => {
    const schema =
      '__proto__ int64, constructor string, "toString" int64, a struct<__proto__ struct<b int64>>'
    expect(decoded(schema, '{}')).toEqual([null, null, null, null])
    expect(
      decoded(schema, '{"__proto__":1,"constructor":"c","toString":2,"a":{"__proto__":{"b":3}}}'),
    ).toEqual([1, 'c', 2, [[3]]])
    expect(decoded('b int64', '{"__proto__":{"b":7}}')).toEqual([null])
    expect(decoded('a struct<constructor int64>', '{"a":{"__proto__":{"constructor":1}}}')).toEqual([[null]])
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  it('have the path of what is wrong in them', () => {
    const schema = 'items array<struct<"unit price" double not null> not null>'
    expect(decoded(schema, '{"items":[{"unit price":1},{"unit price":"2"}]}')).toBe(
      'wrong_type at items[1]."unit price"',
    )
    expect(decoded('a array<array<int64>>', '{"a":[[1],[2,"x"]]}')).toBe('wrong_type at a[1][1]')
  })

  it('tell the kind of a wrong value, not the value', () => {
    expect(() => decodeJson(fieldsOf('a int64'))(utf8('{"a":"secret"}'))).toThrow(
      'a: expected int64, found a text',
    )
  })
})

describe('values', () => {
  it.each<[string, string, unknown]>([
    ['boolean', 'true', true],
    ['boolean', '1', 'wrong_type at a'],
    ['boolean', '"true"', 'wrong_type at a'],
    ['int64', '42', 42],
    ['int64', '-0', 0],
    ['int64', '1.0', 1],
    ['int64', '1e3', 1000],
    ['int64', '1.5e1', 15],
    ['int64', '9007199254740991', 9_007_199_254_740_991],
    ['int64', '9007199254740993', 9_007_199_254_740_993n],
    ['int64', '-9007199254740993', -9_007_199_254_740_993n],
    ['int64', '9223372036854775807', INT64_MAX],
    ['int64', '-9223372036854775808', INT64_MIN],
    ['int64', '9223372036854775808', 'out_of_range at a'],
    ['int64', '-9223372036854775809', 'out_of_range at a'],
    ['int64', '123456789012e7', 1_234_567_890_120_000_000n],
    ['int64', '9007199254740993.0', 9_007_199_254_740_993n],
    ['int64', '9.007199254740993e15', 9_007_199_254_740_993n],
    ['int64', '90071992547409930e-1', 9_007_199_254_740_993n],
    ['int64', '9007199254740993.5', 'wrong_type at a'],
    ['int64', '1.5', 'wrong_type at a'],
    ['int64', '1e-400', 0],
    ['int64', '99.0000000000000001', 'wrong_type at a'],
    ['int64', `99.${'0'.repeat(2000)}`, 99],
    ['int64', `99.${'0'.repeat(2000)}1`, 'wrong_type at a'],
    ['double', '99.0000000000000001', 99],
    ['timestamp', '99.0000000000000001', 'wrong_type at a'],
    ['struct<b int64>', '99.0000000000000001', 'wrong_type at a'],
    ['string', '99.0000000000000001', 'wrong_type at a'],
    ['int64', '1e400', 'out_of_range at a'],
    ['int64', '1e25', 'out_of_range at a'],
    ['int64', '9'.repeat(5000), 'out_of_range at a'],
    ['int64', '"1"', 'wrong_type at a'],
    ['int64', '[]', 'wrong_type at a'],
    ['double', '1.5', 1.5],
    ['double', '-0', -0],
    ['double', '9007199254740993', 9_007_199_254_740_992],
    ['double', '1e400', 'out_of_range at a'],
    ['double', '"NaN"', 'wrong_type at a'],
    ['string', '"a\\u00e9\\ud83d\\ude00"', 'aé😀'],
    ['string', '"\\ud83d"', '\ufffd'],
    ['string', '"\\u0000"', '\u0000'],
    ['string', '5', 'wrong_type at a'],
    ['timestamp', '1738317600000', 1_738_317_600_000],
    ['timestamp', '-1', -1],
    ['timestamp', '-0', 0],
    ['timestamp', '"2025-01-31T10:00:00Z"', 1_738_317_600_000],
    ['timestamp', '"2025-01-31T12:00:00+02:00"', 1_738_317_600_000],
    ['timestamp', '"2025-01-31 10:00"', 1_738_317_600_000],
    ['timestamp', '1.5', 'wrong_type at a'],
    ['timestamp', '"31.01.2025"', 'wrong_type at a'],
    ['timestamp', '"1738317600000"', 'wrong_type at a'],
    ['timestamp', '8640000000000000', 8.64e15],
    ['timestamp', '8640000000000001', 'out_of_range at a'],
    ['timestamp', '1e300', 'out_of_range at a'],
    ['timestamp', 'true', 'wrong_type at a'],
    ['bytes', '"AQI="', Uint8Array.of(1, 2)],
    ['bytes', '""', Uint8Array.of()],
    ['bytes', '"AQI"', 'wrong_type at a'],
    ['bytes', '"A?=="', 'wrong_type at a'],
    ['bytes', '"A==="', 'wrong_type at a'],
    ['bytes', '[1]', 'wrong_type at a'],
    ['array<int64>', '[1,null,9007199254740993]', [1, null, 9_007_199_254_740_993n]],
    ['array<int64>', '{}', 'wrong_type at a'],
    ['decimal(10, 2)', '12.5', 1250],
    ['decimal(10, 2)', '12.50', 1250],
    ['decimal(10, 2)', '12', 1200],
    ['decimal(10, 2)', '-0.05', -5],
    ['decimal(10, 2)', '-0', 0],
    ['decimal(10, 2)', '1.2e1', 1200],
    ['decimal(10, 2)', '1e-400', 0],
    ['decimal(10, 2)', '12.345', 'wrong_type at a'],
    ['decimal(10, 2)', '12.3400000000000000', 1234],
    ['decimal(10, 2)', '12.3400000000000001', 'wrong_type at a'],
    ['decimal(10, 2)', '99999999.99', 9_999_999_999],
    ['decimal(10, 2)', '100000000', 'out_of_range at a'],
    ['decimal(10, 2)', '1e400', 'out_of_range at a'],
    ['decimal(10, 2)', '1e30', 'out_of_range at a'],
    ['decimal(10, 2)', '"12.50"', 1250],
    ['decimal(10, 2)', '"12.5x"', 'wrong_type at a'],
    ['decimal(10, 2)', '""', 'wrong_type at a'],
    ['decimal(10, 2)', '"NaN"', 'wrong_type at a'],
    ['decimal(10, 2)', '"12.345"', 'wrong_type at a'],
    ['decimal(10, 2)', 'true', 'wrong_type at a'],
    ['decimal(10, 2)', '[1]', 'wrong_type at a'],
    ['decimal(10, 2)', 'null', null],
    ['decimal(10, 2) not null', 'null', 'missing_field at a'],
    ['decimal(38, 0)', '9'.repeat(38), 10n ** 38n - 1n],
    ['decimal(38, 0)', `-${'9'.repeat(38)}`, -(10n ** 38n) + 1n],
    ['decimal(38, 0)', '9'.repeat(39), 'out_of_range at a'],
    ['decimal(38, 0)', '9'.repeat(5000), 'out_of_range at a'],
    ['decimal(38, 20)', '0.1', 10n ** 19n],
    ['decimal(38, 20)', '0.10000000000000000001', 10n ** 19n + 1n],
    ['decimal(38, 20)', '123456789.12345678901234567890', 12_345_678_912_345_678_901_234_567_890n],
    ['decimal(18, 2)', '9007199254740993.01', 900_719_925_474_099_301n],
    ['map<string, int64>', '{"b":1,"a":null}', ['b', 1, 'a', null]],
    ['map<string, int64>', '{}', []],
    ['map<string, int64>', '{"a":1,"a":2}', ['a', 2]],
    ['map<string, int64>', '{"__proto__":1,"constructor":2}', ['__proto__', 1, 'constructor', 2]],
    ['map<string, int64>', '{"a":9007199254740993}', ['a', 9_007_199_254_740_993n]],
    ['map<string, int64>', '{"\\ud800":1,"\\ud801":2}', ['\ufffd', 2]],
    ['map<string, int64 not null>', '{"a":null}', 'missing_field at a.a'],
    ['map<string, int64>', '{"a b":"x"}', 'wrong_type at a."a b"'],
    ['map<string, int64>', '[]', 'wrong_type at a'],
    ['map<string, int64>', '"a"', 'wrong_type at a'],
    ['map<string, int64>', '12345678901234567890', 'wrong_type at a'],
    ['map<int64, string>', '{"9007199254740993":"x"}', [9_007_199_254_740_993n, 'x']],
    ['map<int64, string>', '{"01":"x"}', 'wrong_type at a."01"'],
    ['map<int64, string>', '{"x":"x"}', 'wrong_type at a.x'],
    ['map<decimal(4, 2), string>', '{"1.5":"x"}', [150, 'x']],
    ['map<decimal(4, 2), string>', '{"1.50":"x"}', 'wrong_type at a."1.50"'],
    ['map<string, map<string, decimal(4, 2)>>', '{"a":{"b":1.5}}', ['a', ['b', 150]]],
    ['struct<b int64>', '[]', 'wrong_type at a'],
    ['struct<b int64>', '{"b":1}', [1]],
  ])('%s from %s', (type, json, expected) => {
    expect(member(type, json)).toEqual(expected)
  })

  it('never give the negative zero for int64 and timestamp', () => {
    expect(Object.is(member('int64', '-0'), 0)).toBe(true)
    expect(Object.is(member('int64', '-0.0'), 0)).toBe(true)
    expect(Object.is(member('timestamp', '-0'), 0)).toBe(true)
  })

  it('of int64 are exact in every record, beside others and one after the other', () => {
    const decode = decodeJson(fieldsOf('a int64, b double, c int64'))
    const number = fc.bigInt({ min: INT64_MIN, max: INT64_MAX })
    fc.assert(
      fc.property(number, fc.double({ noNaN: true, noDefaultInfinity: true }), number, (a, b, c) => {
        const row = decode(utf8(`{"a":${a},"b":${JSON.stringify(b)},"c":${c}}`))
        expect(row).toEqual([toInt64(a), b + 0, toInt64(c)])
      }),
    )
  })

  it('of int64 agree with exact fractions, however a number is written', () => {
    const digits = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n })
    const point = fc.integer({ min: 0, max: 18 })
    fc.assert(
      fc.property(digits, point, fc.integer({ min: -3, max: 20 }), (number, places, exponent) => {
        const json = decimal(number, places, exponent)
        const scale = 10n ** BigInt(Math.abs(exponent - places))
        const whole = exponent >= places ? number * scale : number % scale === 0n ? number / scale : null
        if (whole === null) expect(['wrong_type at a', 'out_of_range at a']).toContain(member('int64', json))
        else expect(member('int64', json)).toBe(toInt64(whole) ?? 'out_of_range at a')
        expect(member('double', json)).toBe(Number(json))
      }),
      { numRuns: 2000 },
    )
  })
})

/** The text of number · 10^(exponent − places) with so many digits behind the point. */
function decimal(number: bigint, places: number, exponent: number): string {
  const digits = (number < 0n ? -number : number).toString().padStart(places + 1, '0')
  const point = digits.length - places
  const mantissa = places === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`
  return `${number < 0n ? '-' : ''}${mantissa}${exponent === 0 ? '' : `e${exponent}`}`
}

describe('long numbers', () => {
  const LONG = '12345678901234567890'

  it.each([
    [`{"x":${LONG},"a":9007199254740993}`, [9_007_199_254_740_993n]],
    [`{"x":"a, ${LONG}","a":1}`, [1]],
    [`{"x":"say \\"hi\\": ${LONG}","a":1}`, [1]],
    [`{"x":"\\\\","a": 9007199254740993 }`, [9_007_199_254_740_993n]],
    [`{"x":[${LONG},[1234567890.1234567]],"a":\n9007199254740993}`, [9_007_199_254_740_993n]],
    [`{"x":"\uffff${LONG}","a":9007199254740993}`, [9_007_199_254_740_993n]],
    [`{"x":"\\uFFFF1","a":9007199254740993}`, [9_007_199_254_740_993n]],
    [`{"a":0${LONG}}`, 'not_json at '],
    [`{"a":${LONG}.}`, 'not_json at '],
    [`{"a":-${LONG}-1}`, 'not_json at '],
    [`{"a":${LONG}e}`, 'not_json at '],
    [`{"a":${LONG} 1}`, 'not_json at '],
    [`{ ${LONG}:1}`, 'not_json at '],
    [`{"a":1, ${LONG} :1}`, 'not_json at '],
    [`[${LONG}]`, 'not_object at '],
    [` ${LONG}`, 'not_object at '],
    [LONG, 'not_object at '],
  ])('in %s', (record, expected) => {
    expect(decoded('a int64', record)).toEqual(expected)
  })

  it.each(['\uffff', ''])('are no values of other types, where the record has %j', (mark) => {
    const record = (json: string) => `{"a":${json},"b":"${mark}"}`
    for (const type of [
      'string',
      'bytes',
      'boolean',
      'array<int64>',
      'map<string, int64>',
      'struct<b int64>',
    ])
      expect(decoded(`a ${type}`, record(LONG))).toBe('wrong_type at a')
    expect(decoded('a string, b string', record('"12345678901234567"'))).toEqual(['12345678901234567', mark])
    expect(decoded('a double', record(LONG))).toEqual([Number(LONG)])
    expect(decoded('a double', record('0.12345678901234567890'))).toEqual([0.123_456_789_012_345_68])
    expect(decoded('a double', record(`1${LONG}e400`))).toBe('out_of_range at a')
    expect(decoded('a decimal(20, 0)', record(LONG))).toEqual([BigInt(LONG)])
    expect(decoded('a timestamp', record('1738317600000.0000'))).toEqual([1_738_317_600_000])
    expect(decoded('a timestamp', record('1738317600000.0001'))).toBe('wrong_type at a')
    expect(decoded('a timestamp', record(LONG))).toBe('out_of_range at a')
  })

  it('give every record what a decoder without lanes gives', () => {
    const number = fc.oneof(
      fc
        .tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.integer({ min: 0, max: 20 }))
        .map(([digits, places]) => decimal(digits, places, 0)),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
    )
    const member = fc.oneof(
      number,
      fc.json({ maxDepth: 2 }),
      number.map((text) => JSON.stringify(`x: ${text}`)),
    )
    const record = fc
      .tuple(number, fc.array(member, { maxLength: 6 }), fc.constantFrom('', ' ', '\n\t'))
      .map(
        ([a, rest, gap]) =>
          `{"the number":${gap}${a}${rest.map((json, i) => `,${gap}"m${i}":${gap}${json}`).join('')}${gap}}`,
      )
    fc.assert(
      fc.property(record, (text) => {
        const sources = new Map<string, string>()
        JSON.parse(text, (key, value, context?: { source?: string }) => {
          if (typeof value === 'number') sources.set(key, context?.source ?? '')
          return value
        })
        const wanted = readDecimal(sources.get('the number') ?? '', 38, 12)
        const found = decoded('"the number" decimal(38, 12)', text)
        if (wanted === null || wanted === 'overflow' || !wanted.exact)
          expect(found).toMatch(/ at "the number"$/)
        else expect(found).toEqual([wanted.value])
        expect(decoded('"the number" double', text)).toEqual([Number(sources.get('the number'))])
      }),
      { numRuns: 2000 },
    )
  })
})

describe('records', () => {
  it.each([
    ['', 'not_json at '],
    ['{', 'not_json at '],
    ["{'a':1}", 'not_json at '],
    ['{"a":01}', 'not_json at '],
    ['{"a":NaN}', 'not_json at '],
    ['{"a":1}x', 'not_json at '],
    ['null', 'not_object at '],
    ['[]', 'not_object at '],
    ['1', 'not_object at '],
    ['"a"', 'not_object at '],
  ])('%j are %s', (record, expected) => {
    expect(decoded('a int64', record)).toBe(expected)
  })

  it('with a byte order mark are read', () => {
    expect(decoded('a int64', '\ufeff{"a":1}')).toEqual([1])
  })

  it.each([[[0xff]], [[0xc3]], [[0xc0, 0xaf]], [[0xed, 0xa0, 0x80]], [[0xf5, 0x80, 0x80, 0x80]]])(
    'with the bytes %j are no JSON',
    (bytes) => {
      expect(decoded('a string', Uint8Array.from([...utf8('{"a":"'), ...bytes, ...utf8('"}')]))).toBe(
        'not_json at ',
      )
    },
  )

  it('have at most 1 MiB, or what the options say', () => {
    const sized = (size: number) => `{"a":"${'x'.repeat(size - 8)}"}`
    expect(decoded('a string', sized(1_048_576))).toHaveLength(1)
    expect(decoded('a string', sized(1_048_577))).toBe('too_large at ')
    expect(decoded('a string', sized(101), { maxBytes: 100 })).toBe('too_large at ')
  })

  it('are at most 64 deep, members without a field included', () => {
    const arrays = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    const objects = (levels: number) => '{"b":'.repeat(levels) + 1 + '}'.repeat(levels)
    expect(decoded('a int64', `{"x":${arrays(63)}}`)).toEqual([null])
    expect(decoded('a int64', `{"x":${arrays(64)}}`)).toBe('too_deep at ')
    expect(decoded('a int64', `{"x":${objects(63)}}`)).toEqual([null])
    expect(decoded('a int64', `{"x":${objects(64)}}`)).toBe('too_deep at ')
    expect(decoded('a int64', `{"x":${arrays(400_000)}}`)).toBe('too_deep at ')
    expect(decoded('a int64', arrays(3), { maxDepth: 2 })).toBe('too_deep at ')
  })

  it('may have any number of brackets side by side or in texts', () => {
    expect(decoded('a int64', `{"x":[${'{},'.repeat(1000)}[]],"y":"${'['.repeat(1000)}","a":1}`)).toEqual([1])
  })

  it('that are wrong leave nothing behind for the next one', () => {
    const decode = decodeJson(fieldsOf('a int64, b string'))
    expect(() => decode(utf8('{"a":9007199254740993,"b":1}'))).toThrow(DecodeError)
    expect(decode(utf8('{"a":1,"b":"x"}'))).toEqual([1, 'x'])
  })
})
