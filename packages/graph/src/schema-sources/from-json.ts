import { formatType, LIMITS } from '@millrace/expr'
import type { ProposedField, ProposedFields, SchemaIssue } from './proposal.ts'
import { emptyShape, observe, type Shape } from './shape.ts'
import { type SampleOptions, tellUnread, typeOfShape } from './type-of-shape.ts'

/** Fewer records than this say little about what is never null. */
const FEW_RECORDS = 20
/** A set of values is told where each was seen this often on average, and there are so few. */
const REPEATS = 4
const MAX_VALUES = 12

/** What a sample of JSON records suggests. */
export interface SampledFields extends ProposedFields {
  /** Records that were JSON objects, and records that were not. */
  readonly read: number
  readonly unread: number
}

/**
 * Fields, in the order in which they were first seen, that parsed JSON records suggest: of the type that most values
 * fit, `not null` where every record has one. Whole numbers are int64, others double or on request decimal; ISO 8601
 * texts with a clock time are timestamps, and so are whole numbers that look like epoch ms under a name that says so.
 * Objects with many names, of which each has few, are maps. The same records always give the same. Never throws.
 */
export function fieldsOfJson(records: readonly unknown[], options: SampleOptions = {}): SampledFields {
  const objects = records.filter(isObject)
  const shape = emptyShape()
  for (const object of objects) observe(shape, object)
  const issues: SchemaIssue[] = []
  const fields = [...shape.members].flatMap(([name, member]) =>
    proposalOf(name, member, objects.length, { options, issues }),
  )
  if (shape.unread > 0) tellUnread([], { options, issues })
  if (fields.length > 0 && objects.length < FEW_RECORDS)
    issues.push({ path: [], message: fewWords(objects.length) })
  return { fields, issues, read: objects.length, unread: records.length - objects.length }
}

function fewWords(count: number): string {
  const records = count === 1 ? 'Only 1 record was' : `Only ${count} records were`
  return `${records} read: a field that is seldom missing may look as if it was never null.`
}

function proposalOf(
  name: string,
  shape: Shape,
  records: number,
  telling: Parameters<typeof typeOfShape>[3],
): readonly ProposedField[] {
  const found = typeOfShape(shape, [name], records, telling)
  if (found === null) return []
  if (formatType(found.type).length > LIMITS.typeTextLength) {
    telling.issues.push({ path: [name], message: 'Its type is too long: it is left out.' })
    return []
  }
  const missing = records - (shape.seen - shape.nulls)
  const absent = missing > 0 ? [`Missing or null in ${missing} of ${records} records.`] : []
  const values = found.type.kind === 'string' ? valuesOf(shape) : undefined
  return [{ name, ...found, remarks: [...found.remarks, ...absent], ...(values && { values }) }]
}

/** The texts of a field that has only a few, the most frequent first. */
function valuesOf({ texts, kinds }: Shape): readonly string[] | undefined {
  if (texts === null || texts.size > MAX_VALUES || kinds.text < texts.size * REPEATS) return undefined
  const byCount = [...texts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  return byCount.map(([text]) => text)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
