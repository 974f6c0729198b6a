import { formatType } from '@millrace/expr'
import { describe, expect, it } from 'vitest'
import { fieldsOfJson } from './from-json.ts'
import type { SampleOptions } from './type-of-shape.ts'

function types(records: readonly unknown[], options?: SampleOptions) {
  return Object.fromEntries(
    fieldsOfJson(records, options).fields.map(({ name, type }) => [name, formatType(type)]),
  )
}

/** The only field. */
function field(values: readonly unknown[], name = 'v') {
  const found = fieldsOfJson(values.map((value) => ({ [name]: value })))
  const [only] = found.fields
  return only && { ...only, type: formatType(only.type), issues: found.issues.map(({ message }) => message) }
}

function times<Value>(count: number, make: (i: number) => Value): Value[] {
  return Array.from({ length: count }, (_, i) => make(i))
}

describe('the fields of JSON records', () => {
  it('have types, and say what may be missing', () => {
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
    expect(fieldsOfJson(records).fields.map(({ remarks }) => remarks)).toEqual([
      [],
      [],
      [],
      ['Missing or null in 1 of 2 records.'],
      ['Missing or null in 1 of 2 records.'],
    ])
  })

  it('are times by their form or by their name', () => {
    const records = [
      { ts: 1769817600000, createdAt: '2026-01-31T14:00:00Z', day: '2026-01-31', size: 1769817600000 },
    ]
    expect(types(records)).toEqual({
      ts: 'timestamp not null',
      createdAt: 'timestamp not null',
      day: 'string not null',
      size: 'int64 not null',
    })
    expect(field([1769817600000, '2026-01-31T14:00:00Z'], 'eventTime')).toMatchObject({
      type: 'timestamp not null',
      confidence: 1,
    })
    expect(field([1769817600], 'created_at')).toMatchObject({
      type: 'int64 not null',
      remarks: ['Seconds since 1970: from_epoch_s makes a time of it.'],
    })
    expect(field([1769817600000, 5], 'ts')).toMatchObject({ type: 'int64 not null' })
  })

  it('are exact decimals on request', () => {
    const records = [
      { price: 12.5, qty: 2, tiny: 1e-9 },
      { price: 1.999, qty: 3, tiny: 0.5 },
    ]
    expect(types(records, { decimals: true })).toEqual({
      price: 'decimal(18, 3) not null',
      qty: 'int64 not null',
      tiny: 'double not null',
    })
  })

  it('are of the type that most values have, and tell of the others', () => {
    expect(field([1, 2, 3, 'x'])).toMatchObject({
      type: 'int64 not null',
      confidence: 0.75,
      remarks: ['1 of 4 values are texts; they would go to dead letters.'],
    })
    expect(field(['1', '2.5'])).toMatchObject({
      type: 'string not null',
      remarks: ['Numbers in quotes: try_cast makes numbers of them.'],
    })
    expect(field([1, 2, 1e300])).toMatchObject({ type: 'int64 not null', confidence: 2 / 3 })
    expect(field([1, 1e300, 1e301])).toMatchObject({ type: 'double not null', confidence: 1 })
  })

  it('are structs and arrays, with the confidence of what is in them', () => {
    const records = [
      { items: [{ sku: 'a', qty: 1 }], address: { city: 'x' }, tags: ['a', null] },
      { items: [{ sku: 'b' }], address: { city: null }, tags: [] },
    ]
    expect(types(records)).toEqual({
      items: 'array<struct<sku string not null, qty int64> not null> not null',
      address: 'struct<city string> not null',
      tags: 'array<string> not null',
    })
    expect(field([{ a: [1, 'x'] }, { a: [2, 3] }])).toMatchObject({
      type: 'struct<a array<int64 not null> not null> not null',
      confidence: 0.75,
      remarks: ['a: 1 of 4 values are texts; they would go to dead letters.'],
    })
  })

  it('are maps where objects have many names, of which each has few', () => {
    const labels = times(20, (i) => ({ [`key${i}`]: i, [`key${i + 1}`]: 1 }))
    expect(field(labels)).toMatchObject({
      type: 'map<string, int64 not null> not null',
      remarks: ['A map: 21 different names were seen, on average 2 at once.'],
    })
    const odd = times(20, (i) => ({ [`key${i}`]: i % 2 === 0 ? i : 'x' }))
    expect(field(odd)?.type).toMatch(/^struct</)
  })

  it('have sets of values where a few texts come again and again', () => {
    const states = times(40, (i) => (i % 4 === 0 ? 'paid' : 'open'))
    expect(field(states)?.values).toEqual(['open', 'paid'])
    expect(field(times(40, (i) => `order ${i}`))).not.toHaveProperty('values')
    expect(field(['a', 'b', 'a'])).not.toHaveProperty('values')
  })

  it('leave out what has no type, and say so', () => {
    const found = fieldsOfJson(times(20, () => ({ a: null, b: [], c: { d: null }, e: {} })))
    expect(found.fields).toEqual([])
    expect(found.issues).toEqual([
      { path: ['a'], message: 'It is null in every record: it is left out.' },
      { path: ['b'], message: 'All of its arrays are empty: it is left out.' },
      { path: ['c', 'd'], message: 'It is null in every record: it is left out.' },
      { path: ['c'], message: 'It has no members of a known type: it is left out.' },
      { path: ['e'], message: 'It has no members of a known type: it is left out.' },
    ])
  })

  it('are told with a warning where few records were read', () => {
    expect(field([1])?.issues).toEqual([
      'Only 1 record was read: a field that is seldom missing may look as if it was never null.',
    ])
    expect(field(times(20, () => 1))?.issues).toEqual([])
  })

  it('count records that are no objects', () => {
    expect(fieldsOfJson([{ a: 1 }, 3, null, ['x'], undefined])).toMatchObject({ read: 1, unread: 4 })
  })

  it('may have the names of JavaScript', () => {
    expect(types([JSON.parse('{"__proto__":1,"constructor":"x"}')])).toEqual(
      Object.fromEntries([
        ['__proto__', 'int64 not null'],
        ['constructor', 'string not null'],
      ]),
    )
  })

  it('are bounded in number, name and depth', () => {
    const wide = Object.fromEntries(times(5000, (i) => [`f${i}`, 1]))
    const found = fieldsOfJson(times(20, () => wide))
    expect(found.fields).toHaveLength(1000)
    expect(found.issues).toEqual([
      {
        path: [],
        message: 'Some members are too many, too deep, or have no fitting name: they are left out.',
      },
    ])
    const deep = JSON.parse(`${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`)
    expect(fieldsOfJson([deep]).fields).toEqual([])
    expect(fieldsOfJson([JSON.parse(`{"v":${'['.repeat(1000)}${']'.repeat(1000)}}`)]).fields).toEqual([])
    expect(fieldsOfJson([{ ['x'.repeat(201)]: 1, '': 1 }]).fields).toEqual([])
  })
})
