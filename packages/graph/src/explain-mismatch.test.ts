import { type TSchema, Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { explainMismatch } from './explain-mismatch.ts'

const closed = { additionalProperties: false }
const mode = Type.Union([Type.Literal('keep'), Type.Literal('drop')])
const window = Type.Union([
  Type.Object({ kind: Type.Literal('tumbling'), size: Type.Integer({ minimum: 1 }) }, closed),
  Type.Object(
    { kind: Type.Literal('hopping'), size: Type.Integer(), hop: Type.Integer({ title: 'Hop' }) },
    closed,
  ),
])

function messages(schema: TSchema, value: unknown): string[] {
  return explainMismatch(schema, value).map(({ message }) => message)
}

describe('explainMismatch', () => {
  it('says nothing of a value that fits', () => {
    expect(explainMismatch(window, { kind: 'hopping', size: 1, hop: 1 })).toEqual([])
  })

  const member = (schema: TSchema) => Type.Object({ x: schema })
  const cases: [TSchema, unknown, string][] = [
    [Type.String(), 1, 'x must be text.'],
    [Type.Number(), '1', 'x must be a number.'],
    [Type.Integer(), 1.5, 'x must be a whole number.'],
    [Type.Boolean(), null, 'x must be true or false.'],
    [Type.Array(Type.String()), {}, 'x must be a list.'],
    [Type.Object({}), [], 'x must be an object.'],
    [Type.Null(), 1, 'x must be empty.'],
    [Type.Integer({ minimum: 1, 'x-ui': { control: 'duration' } }), 0, 'x must be at least 1 ms.'],
    [Type.Integer({ maximum: 60, title: 'Refresh interval' }), 61, 'Refresh interval must be at most 60.'],
    [Type.Number({ exclusiveMinimum: 0 }), 0, 'x must be more than 0.'],
    [Type.Number({ exclusiveMaximum: 1 }), 1, 'x must be less than 1.'],
    [Type.Integer({ multipleOf: 5 }), 7, 'x must be a multiple of 5.'],
    [Type.String({ minLength: 1 }), '', 'x must not be empty.'],
    [Type.String({ minLength: 3 }), 'ab', 'x must be at least 3 characters long.'],
    [Type.String({ maxLength: 1 }), 'ab', 'x must be at most 1 character long.'],
    [Type.String({ pattern: '^a$', description: 'the letter a' }), 'b', 'x must consist of the letter a.'],
    [Type.String({ pattern: '^a$' }), 'b', 'x must consist of what fits ^a$.'],
    [Type.String({ format: 'email' }), 'b', 'x must be a valid email.'],
    [Type.Array(Type.String(), { minItems: 1 }), [], 'x must have at least 1 entry.'],
    [Type.Array(Type.String(), { maxItems: 2 }), ['a', 'b', 'c'], 'x must have at most 2 entries.'],
    [Type.Array(Type.String(), { uniqueItems: true }), ['a', 'a'], 'x must not have the same entry twice.'],
    [Type.Object({}, { minProperties: 1 }), {}, 'x must have at least 1 entry.'],
    [Type.Object({}, { maxProperties: 1 }), { a: 1, b: 2 }, 'x must have at most 1 entry.'],
    [
      Type.Refine(
        Type.String(),
        (text) => text.startsWith('a'),
        () => 'start with a',
      ),
      'b',
      'x is not allowed: start with a.',
    ],
    [Type.Literal('a'), 'b', 'x must be "a".'],
    [Type.Literal(3), 'b', 'x must be 3.'],
    [Type.Enum(['red', 'green', 'blue']), 'pink', 'x must be "red", "green" or "blue".'],
    [mode, 'kepe', 'x must be "keep" or "drop". Did you mean "keep"?'],
    [mode, 7, 'x must be "keep" or "drop".'],
    [Type.Union([Type.String({ minLength: 1 }), Type.Null()]), '', 'x must not be empty.'],
    [Type.Union([Type.String(), Type.Array(Type.String())]), 1, 'x must be text or a list.'],
    [Type.Union([Type.Object({ a: Type.String() }), Type.String()]), { a: 1 }, 'x › a must be text.'],
    [
      Type.Union([Type.Object({ a: Type.String() }), Type.Object({ b: Type.String() })]),
      { a: 1 },
      'x fits none of the forms that are allowed.',
    ],
    [
      Type.Union([Type.Intersect([Type.Object({ a: Type.String() }), Type.Object({ b: Type.String() })])]),
      1,
      'x must be one of the allowed forms.',
    ],
    [Type.Unsafe<string | null>({ type: ['string', 'null'] }), 1, 'x must be text or empty.'],
    [Type.Union([Type.String({ title: 'a name' }), Type.Null()]), 1, 'x must be a name or empty.'],
    [
      Type.Intersect([Type.Object({ a: Type.String() }), Type.Object({ b: Type.String() })]),
      { a: '' },
      'x has a value that is not allowed.',
    ],
  ]

  it.each(cases.map(([schema, value, message]) => [message, schema, value] as const))(
    '%s',
    (message, schema, value) => {
      expect(messages(member(schema), { x: value })).toEqual([message])
    },
  )

  it('leads into lists and objects, counting from 1 in words and from 0 in the path', () => {
    const schema = Type.Object({
      aggregates: Type.Array(Type.Object({ argument: Type.String({ title: 'Field' }) }), {
        title: 'Aggregates',
      }),
    })
    const found = explainMismatch(schema, { aggregates: [{ argument: 'x' }, { argument: 1 }, {}] })
    expect(found).toEqual([
      {
        kind: 'value',
        path: ['aggregates', '1', 'argument'],
        message: 'Aggregates › 2 › Field must be text.',
      },
      {
        kind: 'missing',
        path: ['aggregates', '2', 'argument'],
        message: 'Aggregates › 3 › Field is missing.',
      },
    ])
  })

  it('offers the likely name of a member that does not belong', () => {
    const schema = Type.Object(
      { size: Type.Optional(Type.Integer()), key: Type.Optional(Type.String()) },
      closed,
    )
    expect(explainMismatch(schema, { sise: 1 })).toEqual([
      {
        kind: 'unknown',
        path: ['sise'],
        message: 'sise does not belong here. Did you mean "size"?',
        fix: { label: 'Rename to "size"', edit: { kind: 'rename', path: ['sise'], name: 'size' } },
      },
    ])
  })

  it('offers to remove a member where the likely name is in use or there is none', () => {
    const schema = Type.Object({ size: Type.Integer() }, closed)
    const remove = (name: string) => ({ label: `Remove "${name}"`, edit: { kind: 'remove', path: [name] } })
    const found = explainMismatch(schema, { size: 1, sise: 1, constructor: 1 })
    expect(found.map(({ fix }) => fix)).toEqual([remove('sise'), remove('constructor')])
  })

  it('offers the likely choice', () => {
    const found = explainMismatch(Type.Object({ mode }), { mode: 'dorp' })
    expect(found[0]?.fix).toEqual({
      label: 'Use "drop"',
      edit: { kind: 'set', path: ['mode'], value: 'drop' },
    })
  })

  it('explains the variant that a tag names', () => {
    expect(messages(window, { kind: 'tumbling', size: 0 })).toEqual(['size must be at least 1.'])
    expect(messages(window, { kind: 'hopping', size: 1 })).toEqual(['Hop is missing.'])
    expect(messages(window, { kind: 'tumbling', size: 1, hop: 1 })).toEqual(['hop does not belong here.'])
  })

  it('explains the tag where it names no variant', () => {
    expect(messages(window, { kind: 'tumblin', size: 1 })).toEqual([
      'kind must be "tumbling" or "hopping". Did you mean "tumbling"?',
    ])
    expect(messages(window, { size: 1 })).toEqual(['kind is missing.'])
    expect(messages(window, { kind: 'constructor' })).toEqual(['kind must be "tumbling" or "hopping".'])
  })

  it('checks members whose names follow a pattern', () => {
    const schema = Type.Record(Type.String({ pattern: '^[a-z]$' }), Type.Integer(), closed)
    expect(messages(schema, { a: 1, b: 'x', C: 1 })).toEqual([
      'b must be a whole number.',
      'C does not belong here.',
    ])
  })

  it('calls a value that is wrong as a whole by that name', () => {
    expect(messages(Type.Object({}), 7)).toEqual(['The whole must be an object.'])
  })

  it('sees own members only', () => {
    const schema = Type.Object({ constructor: Type.Integer(), other: Type.Optional(Type.Integer()) }, closed)
    expect(messages(schema, {})).toEqual(['constructor is missing.'])
    expect(messages(schema, JSON.parse('{"constructor": 1, "__proto__": 1}'))).toEqual([
      '__proto__ does not belong here.',
    ])
  })

  it('stops after 20', () => {
    expect(messages(Type.Array(Type.Integer()), Array(10_000).fill('x'))).toHaveLength(20)
  })
})
