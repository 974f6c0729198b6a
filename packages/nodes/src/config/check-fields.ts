import { type DataType, type Field, formatType, isKeyType, suggest } from '@millrace/expr'
import { type ConfigIssue, didYouMean, quote } from '@millrace/graph'
import { issue } from './issue.ts'

/** What a field is needed for, and which types serve. */
export interface FieldUse {
  readonly accepts: (type: DataType) => boolean
  /** Ends the sentence "Field x of type y …". */
  readonly refusal: string
}

/** A field whose values can be compared as keys. */
export const KEY_USE: FieldUse = {
  accepts: isKeyType,
  refusal: 'cannot be a key: choose one without parts',
}

/** A field whose values can be times. */
export const TIME_USE: FieldUse = {
  accepts: ({ kind }) => kind === 'timestamp' || kind === 'int64',
  refusal: 'cannot be a time: it must be a timestamp, or an int64 with epoch milliseconds',
}

/** A field of any type. */
export const ANY_USE: FieldUse = { accepts: () => true, refusal: '' }

/** What is wrong with the name of a field at `path`; null where the field is there and serves. */
export function checkField(
  name: string,
  fields: readonly Field[],
  use: FieldUse,
  path: readonly string[],
): ConfigIssue | null {
  const field = fields.find((candidate) => candidate.name === name)
  if (field === undefined) return unknownField(name, fields, path)
  if (use.accepts(field.type)) return null
  return issue('field_type', path, `${quote(name)} of type ${formatType(field.type)} ${use.refusal}.`)
}

/** As `checkField`, for a list of names at `path`. */
export function checkFields(
  names: readonly string[],
  fields: readonly Field[],
  use: FieldUse,
  path: string,
): readonly ConfigIssue[] {
  return names.flatMap((name, i) => checkField(name, fields, use, [path, String(i)]) ?? [])
}

/** A name that no field has, with the one that was likely meant. */
export function unknownField(name: string, fields: readonly Field[], path: readonly string[]): ConfigIssue {
  if (name === '') return issue('field_missing', path, 'Choose a field.')
  const likely = suggest(
    name,
    fields.map((field) => field.name),
  )
  const message = `There is no field ${quote(name)}.${didYouMean(likely)}`
  if (likely === null) return issue('unknown_field', path, message)
  return issue('unknown_field', path, message, {
    fix: { label: `Use ${quote(likely)}`, path, value: likely },
  })
}
