import { arrayOf, decimal, type Field, mapOf, type Row, scalar, structOf } from '@millrace/expr'
import { arbitraryFields, arbitraryRow } from '@millrace/expr/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkProperty } from '../testing/check-property.ts'
import { fromHex, toHex } from '../testing/hex.ts'
import { ByteReader, CodecError } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import { createRowCodec } from './row-codec.ts'

function encode(fields: readonly Field[], row: Row): Uint8Array {
  const writer = new ByteWriter()
  createRowCodec(fields).write(row, writer)
  return writer.finish()
}

function decode(fields: readonly Field[], bytes: Uint8Array): Row {
  const reader = new ByteReader(bytes)
  const row = createRowCodec(fields).read(reader)
  reader.end()
  return row
}

function field(type: Field['type']): Field[] {
  return [{ name: 'f', type }]
}

const pair = structOf(
  [
    { name: 'a', type: scalar('int64', false) },
    { name: 'b', type: scalar('string') },
  ],
  false,
)

/** Rows as they stand in topics and changelogs for ever. */
const golden: readonly (readonly [name: string, fields: readonly Field[], row: Row, hex: string])[] = [
  ['no fields', [], [], ''],
  ['a null', field(scalar('int64')), [null], '00'],
  ['a nullable int64', field(scalar('int64')), [5], '01 0000000000000005'],
  ['a required int64', field(scalar('int64', false)), [5], '0000000000000005'],
  ['the largest int64', field(scalar('int64', false)), [2n ** 63n - 1n], '7fffffffffffffff'],
  ['the smallest int64', field(scalar('int64', false)), [-(2n ** 63n)], '8000000000000000'],
  ['an int64 beyond 2^53', field(scalar('int64', false)), [2n ** 53n + 1n], '0020000000000001'],
  ['true', field(scalar('boolean', false)), [true], '01'],
  ['false', field(scalar('boolean', false)), [false], '00'],
  ['−0', field(scalar('double', false)), [-0], '8000000000000000'],
  ['NaN', field(scalar('double', false)), [Number.NaN], '7ff8000000000000'],
  ['a time before 1970', field(scalar('timestamp', false)), [-1], 'ffffffffffffffff'],
  ['an empty text', field(scalar('string', false)), [''], '00'],
  ['a text', field(scalar('string')), ['é'], '01 02 c3a9'],
  ['bytes', field(scalar('bytes')), [Uint8Array.of(1, 2)], '01 02 0102'],
  ['a decimal', field(decimal(4, 2)), [1250], '01 c413'],
  ['zero', field(decimal(4, 2, false)), [0], '00'],
  ['a decimal below zero', field(decimal(4, 2, false)), [-1], '01'],
  ['a decimal of 15 digits', field(decimal(15, 0, false)), [999_999_999_999_999], 'feffb3ccd4dfc603'],
  ['a decimal beyond 2^52', field(decimal(38, 0, false)), [2 ** 52], '8080808080808010'],
  ['a decimal beyond 2^53', field(decimal(38, 0, false)), [-(2n ** 53n) - 1n], '8180808080808020'],
  [
    'the largest decimal',
    field(decimal(38, 9, false)),
    [10n ** 38n - 1n],
    'feffffffff8f918a93e8a3ecd096d4ccf6ac02',
  ],
  ['an empty map', field(mapOf(scalar('string'), scalar('int64'), false)), [[]], '00'],
  [
    'a map',
    field(mapOf(scalar('string'), decimal(4, 2))),
    [['a', 150, 'b', null]],
    '01 02 0161 01ac02 0162 00',
  ],
  ['an empty array', field(arrayOf(scalar('string'), false)), [[]], '00'],
  ['an array with a null', field(arrayOf(scalar('string'))), [['a', null]], '01 02 010161 00'],
  [
    'an array of arrays',
    field(arrayOf(arrayOf(scalar('boolean', false), false), false)),
    [[[true], []]],
    '02 0101 00',
  ],
  ['a struct', field(pair), [[1, 'x']], '0000000000000001 010178'],
  ['a null struct', field({ ...pair, nullable: true }), [null], '00'],
  ['an array of empty structs', field(arrayOf(structOf([], false), false)), [[[], []]], '02'],
  [
    'several fields',
    [...field(scalar('string', false)), ...field(scalar('boolean'))],
    ['k', null],
    '016b 00',
  ],
]

describe('createRowCodec', () => {
  it.each(golden)('writes and reads %s', (_, fields, row, hex) => {
    expect(toHex(encode(fields, row))).toBe(hex.replaceAll(' ', ''))
    expect(decode(fields, fromHex(hex))).toEqual(row)
  })

  it('takes back every row of every schema', async () => {
    const cases = arbitraryFields.chain((fields) => fc.tuple(fc.constant(fields), arbitraryRow(fields)))
    await checkProperty(
      fc.property(cases, ([fields, row]) => {
        expect(decode(fields, encode(fields, row))).toStrictEqual(row)
      }),
      500,
    )
  })

  it('refuses every row that was cut short', async () => {
    const cases = arbitraryFields.chain((fields) => fc.tuple(fc.constant(fields), arbitraryRow(fields)))
    await checkProperty(
      fc.property(cases, fc.nat(), ([fields, row], at) => {
        const bytes = encode(fields, row)
        fc.pre(bytes.length > 0)
        expect(() => decode(fields, bytes.subarray(0, at % bytes.length))).toThrow(CodecError)
      }),
      500,
    )
  })

  it('reads any bytes at all or refuses them as foreign', async () => {
    await checkProperty(
      fc.property(arbitraryFields, fc.uint8Array({ maxLength: 60 }), (fields, bytes) => {
        let row: Row
        try {
          row = decode(fields, bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError)
          return
        }
        expect(decode(fields, encode(fields, row))).toStrictEqual(row)
      }),
      1000,
    )
  })

  it.each([
    ['a null mark of 2', field(scalar('int64')), '02 0000000000000005'],
    ['a boolean of 2', field(scalar('boolean', false)), '02'],
    [
      'an array longer than its message',
      field(arrayOf(scalar('int64', false), false)),
      '02 0000000000000005',
    ],
    ['a decimal with too many digits', field(decimal(2, 0, false)), 'c801'],
    ['a decimal without an end', field(decimal(2, 0, false)), '8080808000'],
    ['a long decimal without an end', field(decimal(38, 0, false)), '80'.repeat(20)],
    ['a map longer than its message', field(mapOf(scalar('boolean'), scalar('boolean'), false)), '02 0101'],
    ['an endless array of nothing', field(arrayOf(structOf([], false), false)), 'ffffffff07'],
  ])('refuses %s', (_, fields, hex) => {
    expect(() => decode(fields, fromHex(hex))).toThrow(CodecError)
  })
})
