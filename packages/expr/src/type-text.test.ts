import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryType } from './testing/arbitraries.ts'
import { arrayOf, type DataType, decimal, mapOf, scalar, structOf } from './type.ts'
import { formatType, parseType } from './type-text.ts'

function issueOf(text: string) {
  const result = parseType(text)
  return result.ok ? undefined : { ...result.issue, at: text.slice(result.issue.from, result.issue.to) }
}

describe('parseType', () => {
  it.each<[string, DataType]>([
    ['string', scalar('string')],
    [' INT64 Not Null ', scalar('int64', false)],
    ['array<double>', arrayOf(scalar('double'))],
    ['array < array<bytes not null> not null>', arrayOf(arrayOf(scalar('bytes', false), false))],
    ['struct<>', structOf([])],
    ['decimal(18, 2)', decimal(18, 2)],
    ['DECIMAL ( 38 , 38 ) not null', decimal(38, 38, false)],
    ['decimal(5)', decimal(5, 0)],
    ['map<string, int64>', mapOf(scalar('string', false), scalar('int64'))],
    [
      'map<decimal(4,2) not null, array<string not null> not null> not null',
      mapOf(decimal(4, 2), arrayOf(scalar('string', false), false), false),
    ],
    [
      'struct<"zip code" int64, "a""b" boolean not null> not null',
      structOf(
        [
          { name: 'zip code', type: scalar('int64') },
          { name: 'a"b', type: scalar('boolean', false) },
        ],
        false,
      ),
    ],
    [
      'struct<array array<string>, timestamp timestamp>',
      structOf([
        { name: 'array', type: arrayOf(scalar('string')) },
        { name: 'timestamp', type: scalar('timestamp') },
      ]),
    ],
    [
      'struct<__proto__ int64, constructor string>',
      structOf([
        { name: '__proto__', type: scalar('int64') },
        { name: 'constructor', type: scalar('string') },
      ]),
    ],
  ])('reads %s', (text, type) => {
    expect(parseType(text)).toEqual({ ok: true, type })
  })

  it.each([
    ['', 'empty', ''],
    ['bigint', 'type_mismatch', 'bigint'],
    ['strng', 'type_mismatch', 'strng'],
    ['array', 'type_mismatch', 'array'],
    ['array<>', 'type_mismatch', 'array<>'],
    ['array<string, string>', 'type_mismatch', 'array<string, string>'],
    ['array<a string>', 'type_mismatch', 'array<a string>'],
    ['struct', 'type_mismatch', 'struct'],
    ['struct<string>', 'type_mismatch', 'string'],
    ['struct<a string, a int64>', 'type_mismatch', 'a int64'],
    ['string<int64>', 'type_mismatch', '<int64>'],
    ['string null', 'syntax', 'null'],
    ['array<string', 'syntax', 'g'],
    ['string string', 'syntax', 'string'],
    ['constructor', 'type_mismatch', 'constructor'],
    ['decimal', 'type_mismatch', 'decimal'],
    ['decimal(0)', 'type_mismatch', '(0)'],
    ['decimal(39, 2)', 'type_mismatch', '(39, 2)'],
    ['decimal(4, 5)', 'type_mismatch', '(4, 5)'],
    ['decimal(4.5)', 'type_mismatch', '(4.5)'],
    ['decimal(1e1)', 'type_mismatch', '(1e1)'],
    ['decimal(99999999999999999999)', 'type_mismatch', '(99999999999999999999)'],
    ['decimal(4, 2, 1)', 'syntax', ','],
    ['decimal()', 'syntax', ')'],
    ['decimal(-1)', 'syntax', '-'],
    ['decimal<int64>', 'type_mismatch', 'decimal<int64>'],
    ['string(20)', 'type_mismatch', '(20)'],
    ['varchar(20)', 'type_mismatch', 'varchar(20)'],
    ['numeric(10, 2)', 'type_mismatch', 'numeric'],
    ['map', 'type_mismatch', 'map'],
    ['map<string>', 'type_mismatch', 'map<string>'],
    ['map<a string, int64>', 'type_mismatch', 'map<a string, int64>'],
    ['map<double, string>', 'type_mismatch', 'double'],
    ['map<bytes, string>', 'type_mismatch', 'bytes'],
    ['map<array<string>, string>', 'type_mismatch', 'array<string>'],
  ])('refuses %s at the place', (text, code, at) => {
    expect(issueOf(text)).toMatchObject({ code, at })
  })

  it('offers the name of a type that is known under another', () => {
    expect(issueOf('numeric(10, 2)')?.fix?.replacement).toBe('decimal')
    expect(issueOf('varchar(20)')?.fix?.replacement).toBe('string')
    expect(issueOf('varchar')?.fix?.replacement).toBe('string')
    expect(issueOf('struct<a integer>')?.fix?.replacement).toBe('int64')
    expect(issueOf('timestmp')?.fix?.replacement).toBe('timestamp')
  })

  it('reads types nested 32 deep and refuses deeper ones, however deep', () => {
    const nested = (depth: number) => `${'array<'.repeat(depth - 1)}string${'>'.repeat(depth - 1)}`
    expect(parseType(nested(32)).ok).toBe(true)
    expect(issueOf(nested(33))?.code).toBe('too_deep')
    expect(issueOf(nested(200))?.code).toBe('too_deep')
    expect(parseType(nested(8000)).ok).toBe(false)
    expect(issueOf('array<'.repeat(5000))?.code).toBe('syntax')
    expect(issueOf('a'.repeat(70_000))?.code).toBe('too_long')
  })
})

describe('formatType', () => {
  it('writes what parseType reads as the same type', () => {
    fc.assert(
      fc.property(arbitraryType, (type) => {
        expect(parseType(formatType(type))).toEqual({ ok: true, type })
      }),
    )
  })

  it('quotes names only where that is needed', () => {
    const field = (name: string) => formatType(structOf([{ name, type: scalar('int64') }]))
    expect(field('straße')).toBe('struct<straße int64>')
    expect(field('End')).toBe('struct<"End" int64>')
    expect(field('user-id')).toBe('struct<"user-id" int64>')
    expect(field('1st')).toBe('struct<"1st" int64>')
    expect(field('')).toBe('struct<"" int64>')
    expect(field('say "hi"')).toBe('struct<"say ""hi""" int64>')
  })
})
