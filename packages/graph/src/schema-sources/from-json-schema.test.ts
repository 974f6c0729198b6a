import { formatType } from '@millrace/expr'
import { describe, expect, it } from 'vitest'
import { fieldsOfJsonSchema } from './from-json-schema.ts'

/** Type of one required property, or why there is none. */
function typeOf(schema: unknown, more: object = {}): string {
  const text = JSON.stringify({ type: 'object', required: ['v'], properties: { v: schema }, ...more })
  const { fields, issues } = fieldsOfJsonSchema(text)
  const [field] = fields
  return field ? formatType(field.type) : (issues[0]?.message ?? '')
}

describe('the fields of a JSON Schema', () => {
  // biome-ignore format: one schema a line
  it.each([
    [{ type: 'boolean' },                                      'boolean not null'],
    [{ type: 'integer' },                                      'int64 not null'],
    [{ type: 'number' },                                       'double not null'],
    [{ type: ['integer', 'number'] },                          'double not null'],
    [{ type: ['string', 'null'] },                             'string'],
    [{ type: 'string', nullable: true },                       'string'],
    [{ type: 'string', format: 'date-time' },                  'timestamp not null'],
    [{ type: 'string', format: 'date' },                       'string not null'],
    [{ type: 'string', contentEncoding: 'base64' },            'bytes not null'],
    [{ enum: ['a', 'b'] },                                     'string not null'],
    [{ enum: ['a', null] },                                    'string'],
    [{ const: 'a' },                                           'string not null'],
    [{ type: 'array', items: { type: 'integer' } },            'array<int64 not null> not null'],
    [{ items: { type: 'integer' } },                           'array<int64 not null> not null'],
    [{ type: 'object', additionalProperties: { type: 'number' } }, 'map<string, double not null> not null'],
    [{ properties: { a: { type: 'string' } } },                'struct<a string> not null'],
    [{ anyOf: [{ type: 'null' }, { type: 'integer' }] },       'int64'],
    [{ oneOf: [{ type: 'integer' }] },                         'int64 not null'],
    [{ allOf: [{ properties: { a: { type: 'string' } }, required: ['a'] }, { properties: { b: { type: 'number' } } }] }, 'struct<a string not null, b double> not null'],
  ])('%j is %s', (schema, wanted) => {
    expect(typeOf(schema)).toBe(wanted)
  })

  // biome-ignore format: one schema a line
  it.each([
    [{},                                                     'It has no type that JSON knows: it is left out.'],
    [{ type: 'null' },                                       'It is always null: it is left out.'],
    [true,                                                   'It may be anything: it is left out.'],
    [{ type: ['string', 'integer'] },                        'It has several types: it is left out.'],
    [{ oneOf: [{ type: 'string' }, { type: 'integer' }] },   'It has several types: it is left out.'],
    [{ type: 'array' },                                      'It may be anything: it is left out.'],
    [{ type: 'object' },                                     'Its members are not told: it is left out.'],
    [{ type: 'nonsense' },                                   'It has no type that JSON knows: it is left out.'],
    [{ $ref: 'https://example.org/a.json' },                 'It refers to another document, or to nothing: it is left out.'],
    [{ $ref: '#/$defs/nothing' },                            'It refers to another document, or to nothing: it is left out.'],
  ])('%j: %s', (schema, wanted) => {
    expect(typeOf(schema)).toBe(wanted)
  })

  it('follow references within the document, but not in a circle', () => {
    const $defs = {
      'a/b': { type: 'integer' },
      tree: { properties: { value: { type: 'string' }, left: { $ref: '#/$defs/tree' } } },
    }
    expect(typeOf({ $ref: '#/$defs/a~1b' }, { $defs })).toBe('int64 not null')
    expect(typeOf({ $ref: '#/$defs/tree' }, { $defs })).toBe('struct<value string> not null')
    const root = {
      $ref: '#/definitions/Order',
      definitions: { Order: { properties: { id: { type: 'string' } }, required: ['id'] } },
    }
    expect(fieldsOfJsonSchema(JSON.stringify(root)).fields.map(({ type }) => formatType(type))).toEqual([
      'string not null',
    ])
  })

  it('may be null where they are not required, and have the values of an enum', () => {
    const { fields } = fieldsOfJsonSchema('{"properties":{"a":{"type":"string","enum":["x","y"]}}}')
    expect(fields).toMatchObject([{ name: 'a', type: { nullable: true }, values: ['x', 'y'], confidence: 1 }])
  })

  it('end where everything refers to everything', () => {
    const names = Array.from({ length: 30 }, (_, i) => `d${i}`)
    const properties = Object.fromEntries(names.map((name) => [name, { $ref: `#/$defs/${name}` }]))
    const $defs = Object.fromEntries(
      names.map((name) => [name, { properties, allOf: names.map((n) => ({ $ref: `#/$defs/${n}` })) }]),
    )
    const { issues } = fieldsOfJsonSchema(JSON.stringify({ properties, $defs }))
    expect(issues.length).toBeGreaterThan(0)
    expect(issues.length).toBeLessThanOrEqual(100)
  })

  it.each(['', 'null', '{}', '[]', '{"properties":{}}'])('%s has none, and says so', (text) => {
    expect(fieldsOfJsonSchema(text).issues).toEqual([
      { path: [], message: 'This is no JSON Schema of an object with properties.' },
    ])
  })
})
