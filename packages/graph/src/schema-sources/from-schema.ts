import { list, member, parsedJson } from './collect-fields.ts'
import { fieldsOfAvro } from './from-avro.ts'
import { fieldsOfJsonSchema } from './from-json-schema.ts'
import { fieldsOfProtobuf } from './from-protobuf.ts'
import type { ProposedFields } from './proposal.ts'

/** The kinds of schemas that registries hold. */
export const SCHEMA_FORMATS = ['Avro', 'JSON Schema', 'Protobuf'] as const

/** A kind of schema. */
export type SchemaFormat = (typeof SCHEMA_FORMATS)[number]

const READERS: Readonly<Record<SchemaFormat, (text: string) => ProposedFields>> = {
  Avro: fieldsOfAvro,
  'JSON Schema': fieldsOfJsonSchema,
  Protobuf: fieldsOfProtobuf,
}

/** The fields of a schema of a kind that is told from its text: JSON with records is Avro, what is no JSON Protobuf. */
export function fieldsOfSchema(text: string): ProposedFields & { readonly format: SchemaFormat } {
  const format = formatOf(text)
  return { ...READERS[format](text), format }
}

function formatOf(text: string): SchemaFormat {
  const schema = parsedJson(text)
  if (schema === undefined) return /^\s*[[{]/.test(text) ? 'JSON Schema' : 'Protobuf'
  const isAvro =
    Array.isArray(schema) || member(schema, 'type') === 'record' || list(schema, 'fields').length > 0
  return isAvro ? 'Avro' : 'JSON Schema'
}
