import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryFields, arbitraryRow } from '../testing/arbitraries.ts'
import { utf8 } from '../testing/utf8.ts'
import type { DataType, Field } from '../type.ts'
import { parseType } from '../type-text.ts'
import type { Value } from '../value.ts'
import { decodeJson } from './decode.ts'
import { encodeJson } from './encode.ts'

function fields(text: string): readonly Field[] {
  const result = parseType(`struct<${text}>`)
  if (!result.ok || result.type.kind !== 'struct') throw new Error('no fields')
  return result.type.fields
}

function encoded(type: string, value: Value): string {
  return encodeJson(fields(`a ${type}`))([value]).slice('{"a":'.length, -1)
}

describe('encodeJson', () => {
  it.each<[string, Value, string]>([
    ['int64', 1, '1'],
    ['int64', 9_223_372_036_854_775_807n, '9223372036854775807'],
    ['double', 1.5, '1.5'],
    ['double', 1e21, '1e+21'],
    ['double', -0, '0'],
    ['double', Number.NaN, 'null'],
    ['double', Number.NEGATIVE_INFINITY, 'null'],
    ['boolean', false, 'false'],
    ['timestamp', -1, '-1'],
    ['bytes', Uint8Array.of(1, 2), '"AQI="'],
    ['bytes', new Uint8Array(30_000), `"${'A'.repeat(40_000)}"`],
    ['string', 'plain', '"plain"'],
    ['string', 'say "hi" \\ \n\u0000\u001f', '"say \\"hi\\" \\\\ \\n\\u0000\\u001f"'],
    ['string', 'é😀\u2028\u007f', '"é😀\u2028\u007f"'],
    ['string', '\ud83d', '"\\ud83d"'],
    ['array<int64>', [], '[]'],
    ['array<string>', [null, '', 'b'], '[null,"","b"]'],
    ['struct<b int64, c string>', [1, null], '{"b":1,"c":null}'],
    ['struct<>', [], '{}'],
    ['string', null, 'null'],
    ['array<int64>', null, 'null'],
    ['struct<b int64>', null, 'null'],
    ['bytes', null, 'null'],
    ['double', null, 'null'],
  ])('%s', (type, value, json) => {
    expect(encoded(type, value)).toBe(json)
  })

  it('writes members in the order of the fields, whatever their names', () => {
    const encode = encodeJson(fields('b int64, "1" int64, __proto__ int64, "a""b" int64'))
    expect(encode([1, 2, 3, 4])).toBe('{"b":1,"1":2,"__proto__":3,"a\\"b":4}')
  })

  it('writes valid JSON for every row, which decodes to the same row', () => {
    const rows = arbitraryFields.chain((list) => fc.tuple(fc.constant(list), arbitraryRow(list)))
    fc.assert(
      fc.property(rows, ([list, row]) => {
        const text = encodeJson(list)(row)
        expect(typeof JSON.parse(text)).toBe('object')
        const loose = list.map((field) => ({ ...field, type: allNullable(field.type) }))
        expect(decodeJson(loose)(utf8(text))).toEqual(written(row))
      }),
      { numRuns: 1000 },
    )
  })
})

/** NaN and infinities are written as null, so everything must be able to be null. */
function allNullable(type: DataType): DataType {
  if (type.kind === 'array') return { ...type, nullable: true, element: allNullable(type.element) }
  if (type.kind !== 'struct') return { ...type, nullable: true }
  return {
    ...type,
    nullable: true,
    fields: type.fields.map((field) => ({ ...field, type: allNullable(field.type) })),
  }
}

function written(value: Value): Value {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null
  return Array.isArray(value) ? value.map(written) : value
}
