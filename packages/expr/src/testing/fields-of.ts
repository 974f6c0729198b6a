import type { Field } from '../type.ts'
import { parseType } from '../type-text.ts'

/** The fields of a schema's text, such as `a int64, b string not null`. */
export function fieldsOf(text: string): readonly Field[] {
  const result = parseType(`struct<${text}>`)
  if (!result.ok || result.type.kind !== 'struct') throw new Error('no fields')
  return result.type.fields
}
