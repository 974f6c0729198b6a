import { type DataType, type Field, sameType } from '@millrace/expr'
import { fieldOf, type StreamSchema } from './stream-schema.ts'
import { quote } from './words.ts'

/** One schema for all streams, or what keeps them apart, in words. */
export type MergedSchema =
  | { readonly ok: true; readonly schema: StreamSchema }
  | { readonly ok: false; readonly difference: string }

/**
 * The schema of the union of streams: same fields in the same order, nullable where any stream's field is. How rows
 * are partitioned is unknown after a union; the event time stays known where all streams agree on its field. Updating
 * streams have no union: nothing keeps rows of two streams from having one key.
 *
 * @param schemas Two or more.
 */
export function mergeSchemas(schemas: readonly StreamSchema[]): MergedSchema {
  const [first, ...others] = schemas as readonly [StreamSchema, ...StreamSchema[]]
  for (const other of others) {
    const difference = differenceOf(first, other)
    if (difference !== null) return { ok: false, difference }
  }
  const eventTimeField = others.every((other) => other.eventTimeField === first.eventTimeField)
    ? first.eventTimeField
    : null
  const fields = others.reduce((merged, other) => widenFields(merged, other.fields), first.fields)
  return { ok: true, schema: { fields, partitionedBy: null, eventTimeField } }
}

function differenceOf(a: StreamSchema, b: StreamSchema): string | null {
  if (a.updates || b.updates) return 'one of them corrects its rows, and could overwrite those of another'
  const alone = onlyIn(a, b) ?? onlyIn(b, a)
  if (alone) return `${quote(alone.name)} is not in all of them`
  const changed = a.fields.find((field) => !isSameShape(field, fieldOf(b, field.name)))
  if (changed) return `${quote(changed.name)} does not have the same type in all of them`
  const isReordered = a.fields.some((field, i) => field.name !== b.fields[i]?.name)
  return isReordered ? 'the fields do not stand in the same order' : null
}

function onlyIn(a: StreamSchema, b: StreamSchema): Field | undefined {
  const names = new Set(b.fields.map((field) => field.name))
  return a.fields.find((field) => !names.has(field.name))
}

function isSameShape(a: Field, b: Field | undefined): boolean {
  return b !== undefined && sameType(a.type, b.type, false)
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
