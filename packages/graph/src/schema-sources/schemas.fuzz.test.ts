import { formatType, parseType } from '@millrace/expr'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fieldsOfAvro } from './from-avro.ts'
import { fieldsOfJsonSchema } from './from-json-schema.ts'
import { fieldsOfProtobuf } from './from-protobuf.ts'
import type { ProposedFields } from './proposal.ts'

const AVRO = [
  'type',
  'name',
  'fields',
  'items',
  'values',
  'record',
  'array',
  'map',
  'enum',
  'symbols',
  'null',
  'int',
  'A',
  'namespace',
  'logicalType',
  'decimal',
  'precision',
  'scale',
  '__proto__',
  'a.A',
]
const JSON_SCHEMA = [
  'type',
  'properties',
  'required',
  'items',
  'object',
  'array',
  'string',
  'null',
  '$ref',
  '#',
  '#/properties/a',
  'allOf',
  'anyOf',
  'oneOf',
  'enum',
  'const',
  'additionalProperties',
  'a',
  '__proto__',
]
const PROTOBUF = [
  'message',
  'enum',
  'oneof',
  'map',
  'repeated',
  'optional',
  'option',
  'reserved',
  'package',
  'A',
  'b',
  '{',
  '}',
  '<',
  '>',
  '=',
  ';',
  ',',
  '1',
  '"x"',
  '.',
  '[',
  ']',
  '(',
  ')',
  '//',
  '/*',
  '*/',
  '\n',
  'string',
  'int64',
]

/** JSON made of the words of a schema language. */
function jsonOf(words: readonly string[]): fc.Arbitrary<unknown> {
  const word = fc.constantFrom(...words)
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium', maxDepth: 7 },
      word,
      fc.integer({ min: -1, max: 40 }),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(word, tie('value'), { maxKeys: 6 }),
    ),
  })).value
}

function isSound({ fields, issues }: ProposedFields): void {
  for (const { type } of fields) expect(parseType(formatType(type))).toEqual({ ok: true, type })
  expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length)
  expect(issues.length).toBeLessThanOrEqual(100)
}

describe('hostile schemas', { timeout: 60_000 }, () => {
  it('of Avro give something', () => {
    const root = fc.tuple(jsonOf(AVRO), fc.array(jsonOf(AVRO), { maxLength: 4 })).map(([type, rest]) => ({
      ...{ type: 'record', name: 'A' },
      fields: [{ name: 'a', type }, ...rest],
    }))
    fc.assert(
      fc.property(fc.oneof(root, jsonOf(AVRO)), (schema) => isSound(fieldsOfAvro(JSON.stringify(schema)))),
      { numRuns: 500 },
    )
  })

  it('of JSON Schema give something', () => {
    const root = fc
      .dictionary(fc.constantFrom('a', 'b'), jsonOf(JSON_SCHEMA))
      .map((properties) => ({ properties }))
    fc.assert(
      fc.property(fc.oneof(root, jsonOf(JSON_SCHEMA)), (schema) =>
        isSound(fieldsOfJsonSchema(JSON.stringify(schema))),
      ),
      { numRuns: 500 },
    )
  })

  it('of Protobuf give something', () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom(...PROTOBUF), fc.string()), { maxLength: 60 })
      .map((words) => words.join(' '))
    fc.assert(
      fc.property(text, (words) => isSound(fieldsOfProtobuf(`message A { ${words}`))),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(fc.string(), (words) => isSound(fieldsOfProtobuf(words))),
      { numRuns: 500 },
    )
  })

  it('of any text give something', () => {
    for (const text of ['['.repeat(1e5), '{'.repeat(1e5), '"', '/*', '\\', `{"type":${'['.repeat(5000)}`])
      for (const read of [fieldsOfAvro, fieldsOfJsonSchema, fieldsOfProtobuf]) isSound(read(text))
  })

  it('that are nested deep, or hold the same a thousand times, end', () => {
    const wide = Array.from({ length: 3000 }, (_, i) => ({ name: `f${i}`, type: 'B' }))
    const b = { type: 'record', name: 'B', fields: wide.map(({ name }) => ({ name, type: 'C' })) }
    const c = { type: 'record', name: 'C', fields: wide.map(({ name }) => ({ name, type: 'int' })) }
    const avro = fieldsOfAvro(JSON.stringify([c, b, { type: 'record', name: 'A', fields: wide }]))
    expect(avro.issues).toHaveLength(100)
    const deep = `{"type":"record","name":"A","fields":[{"name":"a","type":${'{"type":"array","items":'.repeat(4000)}"int"${'}'.repeat(4000)}}]}`
    expect(fieldsOfAvro(deep).issues).toHaveLength(1)
  })
})
