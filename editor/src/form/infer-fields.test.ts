import { formatType } from '@millrace/expr'
import { describe, expect, test } from 'vitest'
import { inferFields } from './infer-fields.ts'

function types(records: readonly unknown[]) {
  return Object.fromEntries(inferFields(records).fields.map(({ name, type }) => [name, formatType(type)]))
}

describe('inferFields', () => {
  test('tells types and what may be missing', () => {
    const records = [
      { id: 'a', total: 1, paid: true, note: null },
      { id: 'b', total: 1.5, paid: false, note: 'x', extra: 1 },
    ]
    expect(types(records)).toEqual({
      id: 'string not null',
      total: 'double not null',
      paid: 'boolean not null',
      note: 'string',
      extra: 'int64',
    })
  })

  test('tells times by their form or by their name', () => {
    const records = [
      { ts: 1769817600000, createdAt: '2026-01-31T14:00:00Z', day: '2026-01-31', size: 1769817600000 },
    ]
    expect(types(records)).toEqual({
      ts: 'timestamp not null',
      createdAt: 'timestamp not null',
      day: 'string not null',
      size: 'int64 not null',
    })
  })

  test('looks into structs and arrays', () => {
    const records = [
      { items: [{ sku: 'a', qty: 1 }], address: { city: 'x' }, tags: ['a', null] },
      { items: [{ sku: 'b' }], address: { city: null }, tags: [] },
    ]
    expect(types(records)).toEqual({
      items: 'array<struct<sku string not null, qty int64> not null> not null',
      address: 'struct<city string> not null',
      tags: 'array<string> not null',
    })
  })

  test('leaves out what does not agree on a type or is always null, and says so', () => {
    const found = inferFields([
      { a: 1, b: null, c: { d: 1, e: [] } },
      { a: 'x', b: null, c: { d: 'y', e: [] } },
    ])
    expect(found.fields).toEqual([])
    expect(found.skipped).toEqual(['a', 'b', 'c.d', 'c.e', 'c'])
  })

  test('counts records that are no objects', () => {
    expect(inferFields([{ a: 1 }, 3, null, ['x'], undefined])).toMatchObject({ read: 1, unread: 4 })
  })

  test('takes names of JavaScript for ordinary names', () => {
    expect(types([JSON.parse('{"__proto__":1,"constructor":"x"}')])).toEqual(
      Object.fromEntries([
        ['__proto__', 'int64 not null'],
        ['constructor', 'string not null'],
      ]),
    )
  })
})
