import {
  arrayOf,
  type DataType,
  type Field,
  parseTimestamp,
  scalar,
  structOf,
  withNullable,
} from '@millrace/expr'

/** What a sample of JSON records tells about their fields. */
export interface InferredFields {
  /** In the order in which they were first seen. */
  readonly fields: readonly Field[]
  /** Members whose values do not agree on a type, or that hold nothing but nulls: left out. */
  readonly skipped: readonly string[]
  /** Records that were JSON objects, and records that were not. */
  readonly read: number
  readonly unread: number
}

/** Names that suggest that a large whole number is a time in epoch ms. */
const TIME_NAME = /(^|_)(ts|time|timestamp|date)$|(At|Time|Date|Timestamp)$|_at$/
/** 2001 to 2100, epoch ms. */
const TIME_RANGE = [1e12, 4.1e12] as const
const MAX_DEPTH = 8

/**
 * Tells fields with their types from sampled records: a member that is there and not null in every record is `not null`;
 * whole numbers are int64, others double; ISO 8601 texts are timestamps, and so are whole numbers that look like epoch ms
 * under a name that says so. The sample decides, so rare values may still surprise.
 */
export function inferFields(records: readonly unknown[]): InferredFields {
  const objects = records.filter(isObject)
  const { fields, skipped } = fieldsOf(objects, '', 1)
  return { fields, skipped, read: objects.length, unread: records.length - objects.length }
}

type JsonObject = { readonly [name: string]: unknown }

function fieldsOf(objects: readonly JsonObject[], prefix: string, depth: number) {
  const values = new Map<string, unknown[]>()
  for (const object of objects) {
    for (const [name, value] of Object.entries(object)) {
      const seen = values.get(name)
      if (seen === undefined) values.set(name, [value])
      else seen.push(value)
    }
  }
  const fields: Field[] = []
  const skipped: string[] = []
  for (const [name, seen] of values) {
    const present = seen.filter((value) => value !== null)
    const type = typeOf(name, present, depth, (inner) => skipped.push(`${prefix}${name}.${inner}`))
    if (type === null) skipped.push(`${prefix}${name}`)
    else fields.push({ name, type: withNullable(type, present.length < objects.length) })
  }
  return { fields, skipped }
}

type Kind = 'boolean' | 'int64' | 'double' | 'string' | 'array' | 'object'

function typeOf(
  name: string,
  values: readonly unknown[],
  depth: number,
  skip: (name: string) => void,
): DataType | null {
  const kinds = new Set(values.map(kindOf))
  if (kinds.size === 2 && kinds.has('int64') && kinds.has('double')) return scalar('double')
  const [kind] = kinds
  if (kinds.size !== 1 || kind === undefined || depth > MAX_DEPTH) return null
  switch (kind) {
    case 'int64':
      return scalar(looksLikeTime(name, values as number[]) ? 'timestamp' : 'int64')
    case 'string':
      return scalar(values.every((value) => isIsoTime(value as string)) ? 'timestamp' : 'string')
    case 'array':
      return arrayType(name, (values as unknown[][]).flat(), depth, skip)
    case 'object': {
      const { fields, skipped } = fieldsOf(values as JsonObject[], '', depth + 1)
      for (const inner of skipped) skip(inner)
      return fields.length === 0 ? null : structOf(fields)
    }
    default:
      return scalar(kind)
  }
}

function arrayType(
  name: string,
  elements: readonly unknown[],
  depth: number,
  skip: (name: string) => void,
): DataType | null {
  const present = elements.filter((element) => element !== null)
  const element = typeOf(name, present, depth + 1, skip)
  return element && arrayOf(withNullable(element, present.length < elements.length))
}

function kindOf(value: unknown): Kind {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'double'
  return typeof value === 'object' ? 'object' : (typeof value as 'boolean' | 'string')
}

function looksLikeTime(name: string, values: readonly number[]): boolean {
  return TIME_NAME.test(name) && values.every((value) => value >= TIME_RANGE[0] && value <= TIME_RANGE[1])
}

/** With a clock time: a plain `2026-01-31` may as well be a name. */
function isIsoTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\d[T ]\d\d:/.test(text) && parseTimestamp(text) !== null
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
