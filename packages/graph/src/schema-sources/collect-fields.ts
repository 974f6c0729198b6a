import { type DataType, type Field, formatType, LIMITS } from '@millrace/expr'
import {
  type ProposedField,
  type ProposedFields,
  SCHEMA_SOURCE_LIMITS,
  type SchemaIssue,
} from './proposal.ts'

/** What a part of a schema becomes. */
export interface SchemaType {
  readonly type: DataType
  readonly values?: readonly string[]
  readonly remarks?: readonly string[]
}

/** A member of a schema with what it becomes. */
export interface SchemaField extends SchemaType {
  readonly name: string
}

/** What the readers of schemas share: what they could not map, and how much they have read. */
export class SchemaReading {
  readonly issues: SchemaIssue[] = []
  #fields = 0

  /** Tells that a part is left out, and why; gives null. */
  leaveOut(path: readonly string[], why: string): null {
    this.tell(path, `${why}: it is left out.`)
    return null
  }

  /** Tells something about a part. */
  tell(path: readonly string[], message: string): void {
    if (this.issues.length < SCHEMA_SOURCE_LIMITS.issues) this.issues.push({ path, message })
  }

  /** False, and an issue, where the name or the number or depth of fields is beyond the bounds. */
  takes(name: string, path: readonly string[]): boolean {
    const { fields, nameLength, depth } = SCHEMA_SOURCE_LIMITS
    if (name === '' || name.length > nameLength || !name.isWellFormed())
      this.leaveOut(path, 'Its name is empty, too long or no text')
    else if (path.length > depth) this.leaveOut(path, 'It is nested too deep')
    else if (this.#fields >= fields) this.leaveOut(path, `There are more than ${fields} fields`)
    else return this.#fields++ < fields
    return false
  }
}

/** The fields of a struct; what is nested in fields is told with them. */
export function structFields(fields: readonly SchemaField[]): {
  readonly fields: readonly Field[]
  readonly remarks: readonly string[]
} {
  return {
    fields: fields.map(({ name, type }) => ({ name, type })),
    remarks: fields.flatMap(({ name, remarks = [] }) => remarks.map((remark) => `${name}: ${remark}`)),
  }
}

/** The result of reading a schema; of two fields of one name the first counts. */
export function proposedBy(fields: readonly SchemaField[], reading: SchemaReading): ProposedFields {
  const proposed: ProposedField[] = []
  for (const { name, type, values, remarks = [] } of fields) {
    if (proposed.some((field) => field.name === name))
      reading.leaveOut([name], 'There is another field of this name')
    else if (formatType(type).length > LIMITS.typeTextLength) reading.leaveOut([name], 'Its type is too long')
    else proposed.push({ name, type, confidence: 1, remarks, ...(values && { values }) })
  }
  return { fields: proposed, issues: reading.issues }
}

/** A result that holds nothing but why. */
export function unreadable(why: string): ProposedFields {
  return { fields: [], issues: [{ path: [], message: why }] }
}

/** A JSON text; undefined where it is none or too long. */
export function parsedJson(text: string): unknown {
  if (text.length > SCHEMA_SOURCE_LIMITS.schemaLength) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An own property of a JSON object; undefined where there is none, or no object. */
export function member(value: unknown, name: string): unknown {
  if (!isObject(value) || !Object.hasOwn(value, name)) return undefined
  return (value as { readonly [name: string]: unknown })[name]
}

/** True for an object that is no array. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A member that is an array; empty where it is none. */
export function list(value: unknown, name: string): readonly unknown[] {
  const found = member(value, name)
  return Array.isArray(found) ? found : []
}

/** The members of a list that are texts, as a set of values. */
export function textsIn(values: readonly unknown[]): readonly string[] {
  return values.filter((value) => typeof value === 'string').slice(0, SCHEMA_SOURCE_LIMITS.fields)
}
