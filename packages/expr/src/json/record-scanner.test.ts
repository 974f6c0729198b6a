import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { platform } from '../platform.ts'
import { fieldsOf } from '../testing/fields-of.ts'
import { utf8 } from '../testing/utf8.ts'
import type { Field } from '../type.ts'
import type { Row } from '../value.ts'
import { isObject, objectReader } from './read-value.ts'
import { RecordScanner } from './record-scanner.ts'

const FIELDS = fieldsOf(
  'a int64, b double not null, c string, d boolean, e timestamp, f bytes, g decimal(9, 2), h array<int64>, i struct<a string not null, b array<struct<c double>>>',
)
const NAMES = FIELDS.map(({ name }) => name)

describe('a scanner', () => {
  it.each([
    ['{}', 'a int64', [null]],
    [
      ' {"a" : 1 , "x":[{"y":[1,-2.5e+3,"\\u00e4\\n",true,null]},{},[]],"b":"o"}\n',
      'a int64, b string',
      [1, 'o'],
    ],
    ['{"a":-0,"b":-0,"c":-0.0}', 'a int64, b double, c decimal(3, 1)', [0, -0, 0]],
    [
      '{"a":0.1,"b":123456789.12345,"c":-1.05}',
      'a double, b double, c decimal(9, 3)',
      [0.1, 123_456_789.123_45, -1050],
    ],
    ['{"a":1,"a":2}', 'a int64', [2]],
    ['{"a":[1,null,3],"b":{"c":true}}', 'a array<int64>, b struct<c boolean>', [[1, null, 3], [true]]],
    [
      '{"a":1738317600000,"b":"2025-01-31T10:00:00Z"}',
      'a timestamp, b timestamp',
      [1_738_317_600_000, 1_738_317_600_000],
    ],
    ['{"ä":"ö€𝄞","x":"ü\\n","b":"\ufeffb"}', 'ä string, b string', ['ö€𝄞', '\ufeffb']],
    ['{"__proto__":1,"constructor":2}', 'constructor int64, a int64', [2, null]],
  ])('reads %s', (text, fields, row) => {
    expect(scan(fieldsOf(fields), text)).toEqual(row)
  })

  it.each([
    ['', 'nothing'],
    ['{"b":1', 'an object without an end'],
    ['{"b":1}}', 'something behind the object'],
    ['{"b":1,}', 'a comma without a member'],
    ['{"b":01}', 'a number that begins with zero'],
    ['{"b":1.}', 'a number without digits behind the point'],
    ['{"b":.5}', 'a number without digits before the point'],
    ['{"b":1e3}', 'an exponent'],
    ['{"b":1234567890123456}', 'a long number'],
    ['{"b":"1"}', 'another type'],
    ['{"b":null}', 'null where a value is needed'],
    ['{"c":"x"}', 'no member where a value is needed'],
    ['{"b":1,"c":"\\n"}', 'an escape'],
    ['{"b":1,"c":"\u0001"}', 'a control character'],
    ['{"b":1,"x":"\\q"}', 'an escape that there is not, where nothing is wanted'],
    ['{"b":1,"x":[1,]}', 'a comma without an element, where nothing is wanted'],
    ['{"b":1,"x":tru}', 'a word that there is not, where nothing is wanted'],
    ['{"b":1,"h":[1,]}', 'a comma without an element'],
    ['{"b":1,"a":1.5}', 'a fraction where a whole number is needed'],
    ['{"b":1,"g":1.234}', 'too many digits'],
    ['{"b":1,"e":"yesterday"}', 'a text that is no time'],
    [`{"b":1,"x":${'['.repeat(64)}${']'.repeat(64)}}`, 'what is too deep'],
  ])('leaves %s to others: %s', (text) => {
    expect(scan(FIELDS, text)).toBeNull()
  })

  it('takes those bytes for characters that are some', () => {
    const decoder = new platform.TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    const byte = fc.oneof(
      fc.integer({ min: 0x80, max: 0xff }),
      fc.constantFrom(
        0x7f,
        0x80,
        0x8f,
        0x90,
        0x9f,
        0xa0,
        0xbf,
        0xc0,
        0xc1,
        0xc2,
        0xdf,
        0xe0,
        0xed,
        0xf0,
        0xf4,
        0xf5,
      ),
    )
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 5 }), (bytes) => {
        const scanner = RecordScanner.of(fieldsOf('a string'), 64)
        const wanted = Uint8Array.from([...utf8('{"a":"'), ...bytes, ...utf8('"}')])
        const unwanted = Uint8Array.from([...utf8('{"b":"'), ...bytes, ...utf8('"}')])
        const text = decodeOrNull(decoder, Uint8Array.from(bytes))
        expect(scanner?.read(wanted)).toEqual(text === null ? null : [text])
        expect(scanner?.read(unwanted)).toEqual(text === null ? null : [null])
      }),
      { numRuns: 3000 },
    )
  })

  it('is there for all types but maps', () => {
    expect(RecordScanner.of(FIELDS, 64)).not.toBeNull()
    expect(RecordScanner.of(fieldsOf('a array<map<string, int64>>'), 64)).toBeNull()
  })

  it('comes back after records that it could not read', () => {
    const scanner = RecordScanner.of(fieldsOf('a string'), 64)
    const plain = utf8('{"a":"x"}')
    for (let i = 0; i < 1000; i++) scanner?.read(utf8('{"a":"\\n"}'))
    const rows = Array.from({ length: 201 }, () => scanner?.read(plain))
    expect(rows.at(-1)).toEqual(['x'])
  })

  it('reads what is plain as a parser of JSON does', () => {
    fc.assert(
      fc.property(fc.array(plainRecord(), { minLength: 1, maxLength: 4 }), (texts) => {
        const scanner = RecordScanner.of(FIELDS, 64)
        for (const text of texts) expect(scanner?.read(utf8(text))).toEqual(parsed(text))
      }),
    )
  })

  it('finds nothing where a parser of JSON fails, and no other row', () => {
    const damaged = fc
      .tuple(plainRecord(), fc.nat(), fc.constantFrom(...'{}[]",:\\ 0-.ex\u0000\n'), fc.nat({ max: 2 }))
      .map(([text, at, character, cut]) => {
        const place = at % (text.length + 1)
        return text.slice(0, place) + character + text.slice(place + cut)
      })
    fc.assert(
      fc.property(damaged, (text) => {
        const found = scan(FIELDS, text)
        if (found !== null) expect(found).toEqual(parsed(text))
      }),
      { numRuns: 2000 },
    )
  })
})

function scan(fields: readonly Field[], text: string): Row | null | undefined {
  return RecordScanner.of(fields, 64)?.read(utf8(text))
}

function decodeOrNull(decoder: { decode(bytes: Uint8Array): string }, bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}

/** The row that the reader of whole records makes of it. */
function parsed(text: string): Row {
  const value: unknown = JSON.parse(text)
  if (!isObject(value)) throw new Error('no object')
  return objectReader(FIELDS, { marked: false, repair: false })(value)
}

/** Records of `FIELDS` in any order, some members absent, others added, with white space between. */
function plainRecord(): fc.Arbitrary<string> {
  const text = fc.string({ unit: fc.constantFrom(...'abc 0-:{}[],äß€𝄞'), maxLength: 12 })
  const number = fc.tuple(fc.integer({ min: -9_999_999, max: 9_999_999 }), fc.nat({ max: 6 }))
  const double = number
    .map(([digits, places]) => String(digits / 10 ** places))
    .filter((t) => !t.includes('e'))
  const orNull = (values: fc.Arbitrary<string>) =>
    fc.oneof({ arbitrary: values, weight: 4 }, fc.constant('null'))
  const json = (value: unknown) => JSON.stringify(value)
  const values: Readonly<Record<string, fc.Arbitrary<string>>> = {
    ...{
      a: orNull(fc.integer().map(json)),
      b: double,
      c: orNull(text.map(json)),
      d: orNull(fc.boolean().map(json)),
    },
    e: orNull(
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(2e12) }).map((date) => json(date)),
    ),
    f: orNull(fc.base64String({ maxLength: 12 }).map(json)),
    g: orNull(fc.integer({ min: -999_999, max: 999_999 }).map((cents) => json(cents / 100))),
    h: orNull(fc.array(fc.integer(), { maxLength: 3 }).map(json)),
    i: orNull(
      fc.record({ a: text, b: fc.array(fc.record({ c: fc.nat({ max: 99 }) }), { maxLength: 2 }) }).map(json),
    ),
    x: fc.json({ maxDepth: 3 }).map(json),
  }
  return fc
    .tuple(
      fc.shuffledSubarray([...NAMES, 'x', 'b']),
      fc.record(values),
      fc.constantFrom('', ' ', '\n\t'),
      double,
    )
    .map(([names, members, gap, b]) => {
      const all = [...names.map((name) => [name, members[name]]), ['b', b]]
      return `${gap}{${gap}${all.map(([name, value]) => `"${name}"${gap}:${gap}${value}${gap}`).join(`,${gap}`)}}${gap}`
    })
}
