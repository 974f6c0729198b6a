import { decodeJson, type Field, parseTimestamp, parseType, type Row, withNullable } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import { exactJson } from './exact-json.ts'
import type { ExampleStream } from './example.ts'

const utf8 = new TextEncoder()

/** A time of an example as epoch ms. */
export function timeOf(time: bigint | string): number {
  const ms = typeof time === 'bigint' ? Number(time) : parseTimestamp(time)
  if (ms === null) throw new Error(`the example has a time that is none: ${time}`)
  return ms
}

/** A stream of an example as a schema. */
export function schemaOf({ fields, keyedBy, eventTime, updates }: ExampleStream): StreamSchema {
  return {
    fields: Object.entries(fields).map(([name, text]) => ({ name, type: typeOf(text) })),
    partitionedBy: keyedBy ?? null,
    eventTimeField: eventTime ?? null,
    ...(updates && { updates }),
  }
}

function typeOf(text: string): Field['type'] {
  const parsed = parseType(text)
  if (!parsed.ok) throw new Error(`the example has a type that is none: ${text}: ${parsed.issue.message}`)
  return parsed.type
}

/** A row of an example, which names every field, as values. Nulls are allowed everywhere. */
export function rowOf(object: Readonly<Record<string, unknown>>, fields: readonly Field[]): Row {
  const known = new Set(fields.map(({ name }) => name))
  const unknown = Object.keys(object).find((name) => !known.has(name))
  if (unknown !== undefined)
    throw new Error(`the example has a row with a field "${unknown}" that does not exist`)
  return bytesToRow(utf8.encode(exactJson(object)), fields)
}

/** A row from JSON text. */
export function jsonToRow(json: string, fields: readonly Field[]): Row {
  return bytesToRow(utf8.encode(json), fields)
}

function bytesToRow(bytes: Uint8Array, fields: readonly Field[]): Row {
  return decodeJson(fields.map(({ name, type }) => ({ name, type: withNullable(type, true) })))(bytes)
}
