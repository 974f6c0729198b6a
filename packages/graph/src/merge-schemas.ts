import { type DataType, type Field, formatKind, sameType, withNullable } from '@millrace/expr'
import type { StreamSchema } from './stream-schema.ts'
import { quote } from './words.ts'

/** One of several streams that meet, and what to call it. */
export interface MetStream {
  readonly name: string
  readonly schema: StreamSchema
}

/** One schema for all streams, or what keeps them apart, in words. */
export type MergedSchema =
  | { readonly ok: true; readonly schema: StreamSchema }
  | {
      readonly ok: false
      readonly difference: string
      /** True where filling fields that are missing would mend it, as far as this difference goes. */
      readonly isMissing: boolean
    }

/**
 * The schema of the union of streams. Fields are the same by name, in any order: those of the first stream come first.
 * They are nullable where any stream's field is, and, with `fillMissing`, where a stream lacks them. How rows are
 * partitioned is unknown after a union; the event time stays known where all streams agree on its field. Updating
 * streams have no union: nothing keeps rows of two streams from having one key.
 *
 * @param streams Two or more, in an order that does not depend on when they were connected.
 */
export function mergeSchemas(streams: readonly MetStream[], fillMissing = false): MergedSchema {
  if (streams.some(({ schema }) => schema.updates))
    return { ok: false, difference: UPDATES, isMissing: false }
  const typed = streams.map(({ name, schema }) => ({
    name,
    types: new Map(schema.fields.map((field) => [field.name, field.type])),
  }))
  const fields: Field[] = []
  for (const name of new Set(streams.flatMap(({ schema }) => schema.fields.map((field) => field.name)))) {
    const merged = mergeField(name, typed, fillMissing)
    if (!('type' in merged)) return { ok: false, ...merged }
    fields.push(merged)
  }
  const eventTimes = new Set(streams.map(({ schema }) => schema.eventTimeField))
  const eventTimeField = eventTimes.size === 1 ? (streams[0]?.schema.eventTimeField ?? null) : null
  return { ok: true, schema: { fields, partitionedBy: null, eventTimeField } }
}

const UPDATES = 'one of them corrects its rows, and could overwrite those of another'

interface TypedStream {
  readonly name: string
  readonly types: ReadonlyMap<string, DataType>
}

function mergeField(
  name: string,
  streams: readonly TypedStream[],
  fillMissing: boolean,
): Field | { readonly difference: string; readonly isMissing: boolean } {
  let type: DataType | null = null
  let first = ''
  const lacking = streams.find(({ types }) => !types.has(name))
  for (const stream of streams) {
    const found = stream.types.get(name)
    if (found === undefined) continue
    if (type !== null && !sameType(type, found, false)) {
      const types = `${formatKind(type)} in ${first} and ${formatKind(found)} in ${stream.name}`
      return { difference: `${quote(name)} is ${types}`, isMissing: false }
    }
    first ||= stream.name
    type = type === null ? found : widen(type, found)
  }
  if (lacking && !fillMissing) {
    return { difference: `${quote(name)} of ${first} is missing in ${lacking.name}`, isMissing: true }
  }
  const merged = type as DataType
  return { name, type: lacking ? withNullable(merged, true) : merged }
}

function widenFields(a: readonly Field[], b: readonly Field[]): readonly Field[] {
  return a.map((field, i) => ({ name: field.name, type: widen(field.type, (b[i] as Field).type) }))
}

/** The type that holds the values of two types of the same shape. */
function widen(a: DataType, b: DataType): DataType {
  const nullable = a.nullable || b.nullable
  if (a.kind === 'array' && b.kind === 'array')
    return { ...a, nullable, element: widen(a.element, b.element) }
  if (a.kind === 'map' && b.kind === 'map') return { ...a, nullable, value: widen(a.value, b.value) }
  if (a.kind === 'struct' && b.kind === 'struct')
    return { ...a, nullable, fields: widenFields(a.fields, b.fields) }
  return { ...a, nullable }
}
