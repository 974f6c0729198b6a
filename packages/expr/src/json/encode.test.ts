import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryFields, arbitraryRow } from '../testing/arbitraries.ts'
import { fieldsOf } from '../testing/fields-of.ts'
import { utf8 } from '../testing/utf8.ts'
import type { DataType, Field } from '../type.ts'
import type { Row, Value } from '../value.ts'
import { decodeJson } from './decode.ts'
import { encodeJson } from './encode.ts'

function encoded(type: string, value: Value): string {
  return encodeJson(fieldsOf(`a ${type}`))([value]).slice('{"a":'.length, -1)
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
    ['decimal(10, 2)', 1250, '12.50'],
    ['decimal(10, 2)', -5, '-0.05'],
    ['decimal(38, 0)', 10n ** 38n - 1n, '9'.repeat(38)],
    ['decimal(38, 38)', 1, `0.${'0'.repeat(37)}1`],
    ['decimal(10, 2)', null, 'null'],
    ['map<string, int64>', ['b', 1, 'a"', null], '{"b":1,"a\\"":null}'],
    ['map<int64, string>', [9_007_199_254_740_993n, 'x', -1, 'y'], '{"9007199254740993":"x","-1":"y"}'],
    ['map<decimal(4, 2), boolean>', [150, true], '{"1.5":true}'],
    ['map<boolean, int64>', [true, 1, false, 2], '{"t":1,"f":2}'],
    ['map<string, int64>', ['__proto__', 1], '{"__proto__":1}'],
    ['map<string, int64>', [], '{}'],
    ['map<string, int64>', null, 'null'],
    ['string', null, 'null'],
    ['array<int64>', null, 'null'],
    ['struct<b int64>', null, 'null'],
    ['bytes', null, 'null'],
    ['double', null, 'null'],
  ])('%s', (type, value, json) => {
    expect(encoded(type, value)).toBe(json)
  })

  it('writes members in the order of the fields, whatever their names', () => {
    const encode = encodeJson(fieldsOf('b int64, "1" int64, __proto__ int64, "a""b" int64'))
    expect(encode([1, 2, 3, 4])).toBe('{"b":1,"1":2,"__proto__":3,"a\\"b":4}')
  })

  it('writes valid JSON for every row, which decodes to the same row', () => {
    const rows = arbitraryFields.chain((list) => fc.tuple(fc.constant(list), arbitraryRow(list)))
    fc.assert(
      fc.property(rows, ([list, row]) => {
        const text = encodeJson(list)(row)
        expect(typeof JSON.parse(text)).toBe('object')
        const loose = list.map((field) => ({ ...field, type: allNullable(field.type) }))
        const read = decodeJson(loose)(utf8(text))
        expect(sorted(list, read)).toEqual(sorted(list, written(row) as Row))
      }),
      { numRuns: 1000 },
    )
  })
})

/** NaN and infinities are written as null, so everything must be able to be null. */
function allNullable(type: DataType): DataType {
  if (type.kind === 'array') return { ...type, nullable: true, element: allNullable(type.element) }
  if (type.kind === 'map') return { ...type, nullable: true, value: allNullable(type.value) }
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

/** With the entries of maps in the order of their keys: JSON objects have an order of their own. */
function sorted(list: readonly Field[], row: Row): Row {
  return list.map((field, i) => sortedValue(field.type, row[i] as Value))
}

function sortedValue(type: DataType, value: Value): Value {
  if (value === null) return null
  if (type.kind === 'struct') return sorted(type.fields, value as Row)
  if (type.kind === 'array') return (value as Row).map((item) => sortedValue(type.element, item))
  if (type.kind !== 'map') return value
  const entries = value as Row
  const keys = entries.filter((_, i) => i % 2 === 0)
  const byKey = new Map(keys.map((key, i) => [String(key), [key as Value, entries[2 * i + 1] as Value]]))
  return [...byKey.keys()].sort().flatMap((name) => {
    const [key, item] = byKey.get(name) as [Value, Value]
    return [key, sortedValue(type.value, item)]
  })
}
