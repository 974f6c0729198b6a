import { formatType } from '@millrace/expr'
import { describe, expect, it } from 'vitest'
import { fieldsOfAvro } from './from-avro.ts'

function read(fields: readonly unknown[], more: object = {}) {
  return fieldsOfAvro(JSON.stringify({ type: 'record', name: 'Order', fields, ...more }))
}

/** Type and remarks of one field, or why there is none. */
function typeOf(type: unknown): readonly string[] {
  const { fields, issues } = read([{ name: 'v', type }])
  const [field] = fields
  if (field === undefined) return issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  return [formatType(field.type), ...field.remarks]
}

describe('the fields of an Avro schema', () => {
  // biome-ignore format: one type a line
  it.each([
    ['boolean',                                   'boolean not null'],
    ['int',                                       'int64 not null'],
    ['long',                                      'int64 not null'],
    ['float',                                     'double not null'],
    ['bytes',                                     'bytes not null'],
    [['null', 'string'],                          'string'],
    [['string'],                                  'string not null'],
    [{ type: 'string' },                          'string not null'],
    [{ type: 'fixed', name: 'F', size: 4 },       'bytes not null'],
    [{ type: 'array', items: ['null', 'int'] },   'array<int64> not null'],
    [{ type: 'map', values: 'double' },           'map<string, double not null> not null'],
    [{ type: 'long', logicalType: 'timestamp-millis' }, 'timestamp not null'],
    [{ type: 'string', logicalType: 'uuid' },     'string not null'],
    [{ type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 }, 'decimal(10, 2) not null'],
    [{ type: 'record', name: 'A', fields: [{ name: 'city', type: ['null', 'string'] }] }, 'struct<city string> not null'],
  ])('%j is %s', (type, wanted) => {
    expect(typeOf(type)).toEqual([wanted])
  })

  // biome-ignore format: one type a line
  it.each([
    [{ type: 'long', logicalType: 'timestamp-micros' }, ['int64 not null', 'Microseconds since 1970: from_epoch_ms(div(x, 1000)) makes a time of it.']],
    [{ type: 'int', logicalType: 'date' },   ['int64 not null', 'Days since 1970: from_epoch_s(x * 86400) makes a time of it.']],
    [['null', 'string', 'int'],              ['v: It is a union of several types: it is left out.']],
    [['null'],                               ['v: It is always null: it is left out.']],
    ['Nowhere',                              ['v: There is no type "Nowhere": it is left out.']],
    [undefined,                              ['v: It has no type: it is left out.']],
    [{ type: 'array', items: 'Nowhere' },    ['v.[]: There is no type "Nowhere": it is left out.']],
    [['null', 'Order'],                      ['v: "Order" is within itself: it is left out.']],
  ])('%j says %j', (type, wanted) => {
    expect(typeOf(type)).toEqual(wanted)
  })

  it('keep a decimal of too many digits as bytes', () => {
    const { fields, issues } = read([
      { name: 'v', type: { type: 'bytes', logicalType: 'decimal', precision: 50 } },
    ])
    expect(fields.map(({ type }) => formatType(type))).toEqual(['bytes not null'])
    expect(issues[0]?.message).toMatch(/at most 38 digits/)
  })

  it('are those of named types too, with the namespace around or one of their own', () => {
    const { fields, issues } = read(
      [
        {
          name: 'from',
          type: { type: 'record', name: 'Address', fields: [{ name: 'city', type: 'string' }] },
        },
        { name: 'to', type: ['null', 'Address'] },
        { name: 'back', type: 'shop.Address' },
        {
          name: 'state',
          type: { type: 'enum', name: 'State', namespace: 'other', symbols: ['OPEN', 'PAID'] },
        },
        { name: 'last', type: 'other.State' },
        { name: 'wrong', type: 'State' },
      ],
      { namespace: 'shop' },
    )
    expect(fields.map(({ name, type, values }) => [name, formatType(type), values])).toEqual([
      ['from', 'struct<city string not null> not null', undefined],
      ['to', 'struct<city string not null>', undefined],
      ['back', 'struct<city string not null> not null', undefined],
      ['state', 'string not null', ['OPEN', 'PAID']],
      ['last', 'string not null', ['OPEN', 'PAID']],
    ])
    expect(issues).toEqual([{ path: ['wrong'], message: 'There is no type "State": it is left out.' }])
  })

  it('are those of the last record of several schemas', () => {
    const text = JSON.stringify([
      { type: 'record', name: 'A', fields: [{ name: 'x', type: 'int' }] },
      { type: 'record', name: 'B', fields: [{ name: 'a', type: 'A' }] },
    ])
    expect(fieldsOfAvro(text).fields.map(({ type }) => formatType(type))).toEqual([
      'struct<x int64 not null> not null',
    ])
  })

  it('tell each name once', () => {
    const { fields, issues } = read([
      { name: 'v', type: 'int' },
      { name: 'v', type: 'string' },
    ])
    expect(fields).toHaveLength(1)
    expect(issues[0]?.message).toBe('There is another field of this name: it is left out.')
  })

  it.each(['', '{', '"string"', 'null', '{"type":"enum"}'])('%s has none, and says so', (text) => {
    expect(fieldsOfAvro(text)).toEqual({
      fields: [],
      issues: [{ path: [], message: 'This is no Avro schema of a record.' }],
    })
  })
})
