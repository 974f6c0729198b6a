import { type Field, sameType, withNullable } from '@millrace/expr'
import type { ConfigIssue } from '@millrace/graph'
import { ANY_USE, checkField } from '../config/check-fields.ts'
import { duplicateField } from '../config/check-schema.ts'
import { issue } from '../config/issue.ts'
import type { FieldChoice, TakenField } from './settings.ts'

/** One of the two rows of a result. */
export interface PairSide {
  readonly fields: readonly Field[]
  /** Stands in front of names that the other row has too. */
  readonly prefix: string
  /** Where the fields are chosen: which. */
  readonly taken: readonly TakenField[]
  /** Path of that setting. */
  readonly path: string
  /** The row may be missing in a result. */
  readonly optional: boolean
}

/** What two rows become. */
export interface PairShape {
  readonly choice: FieldChoice
  readonly sides: readonly [PairSide, PairSide]
  /** Fields that are equal in both rows, in pairs of names. */
  readonly keys: readonly (readonly [string, string])[]
  /** Two nulls are no match, so that only a row alone can have a null in a key. */
  readonly nullsDiffer: boolean
}

/** One field of a result, with its place in each row; −1: the value is not from there. */
export interface PairColumn {
  readonly field: Field
  readonly first: number
  readonly second: number
}

/**
 * The fields of a result. All of both: those of the first row, then those of the second one. A key that has one name and
 * type in both is there once, with the value of whichever row is there; other names that both have get the prefixes.
 */
export function pairColumns(shape: PairShape): readonly PairColumn[] {
  const { choice, sides } = shape
  if (choice === 'chosen') return [0, 1].flatMap((side) => takenColumns(shape, side as 0 | 1))
  const [first, second] = sides
  const merged = new Set(mergedKeys(shape))
  const names = new Set(second.fields.map(({ name }) => name))
  const both = new Set(first.fields.flatMap(({ name }) => (names.has(name) ? [name] : [])))
  return [0, 1].flatMap((side) =>
    sides[side as 0 | 1].fields.flatMap((field) => {
      if (merged.has(field.name)) return side === 0 ? [mergedColumn(shape, field)] : []
      const prefix = both.has(field.name) ? sides[side as 0 | 1].prefix : ''
      return [ownColumn(shape, side as 0 | 1, field, prefix + field.name)]
    }),
  )
}

/** What is wrong with the fields of a result. */
export function checkColumns(shape: PairShape): readonly ConfigIssue[] {
  if (shape.choice === 'all') return checkPrefixed(shape)
  const [first, second] = shape.sides
  if (first.taken.length + second.taken.length === 0)
    return [issue('fields_missing', [first.path], 'Nothing is left: name the fields of a result.')]
  const taken = new Set<string>()
  return [first, second].flatMap(({ taken: list, fields, path }) =>
    list.flatMap(({ field, as }, i) => {
      const wrong = checkField(field, fields, ANY_USE, [path, String(i), 'field'])
      if (wrong !== null) return [wrong]
      const name = as === '' ? field : as
      if (taken.has(name)) return [duplicateField(name, [path, String(i), 'as'])]
      taken.add(name)
      return []
    }),
  )
}

function checkPrefixed(shape: PairShape): readonly ConfigIssue[] {
  const names = pairColumns(shape).map(({ field }) => field.name)
  const twice = names.find((name, i) => names.indexOf(name) < i)
  return twice === undefined ? [] : [duplicateField(twice, ['fields'])]
}

/** Names of the keys that a result has once. */
function mergedKeys({ keys, sides: [first, second] }: PairShape): readonly string[] {
  return keys.flatMap(([a, b]) => {
    const [left, right] = [fieldNamed(first.fields, a), fieldNamed(second.fields, b)]
    return a === b && left && right && sameType(left.type, right.type, false) ? [a] : []
  })
}

function takenColumns(shape: PairShape, side: 0 | 1): readonly PairColumn[] {
  const { taken, fields } = shape.sides[side]
  return taken.flatMap(({ field: name, as }) => {
    const field = fieldNamed(fields, name)
    return field === undefined ? [] : [ownColumn(shape, side, field, as === '' ? name : as)]
  })
}

function ownColumn({ keys, sides, nullsDiffer }: PairShape, side: 0 | 1, field: Field, name: string) {
  const alone = sides[1 - side]?.optional ?? false
  const isKey = nullsDiffer && keys.some((pair) => pair[side] === field.name)
  const ownNull = field.type.nullable && (!isKey || alone)
  const type = withNullable(field.type, sides[side].optional || ownNull)
  const at = sides[side].fields.indexOf(field)
  return { field: { name, type }, first: side === 0 ? at : -1, second: side === 1 ? at : -1 }
}

/** Null only where a row is there whose key is null; of rows that must meet, only where nulls are equal. */
function mergedColumn({ sides: [left, right], nullsDiffer }: PairShape, field: Field): PairColumn {
  const other = fieldNamed(right.fields, field.name) as Field
  const bothNull = !nullsDiffer && field.type.nullable && other.type.nullable
  const leftNull = right.optional && field.type.nullable
  const rightNull = left.optional && other.type.nullable
  const type = withNullable(field.type, bothNull || leftNull || rightNull)
  const [first, second] = [left.fields.indexOf(field), right.fields.indexOf(other)]
  return { field: { name: field.name, type }, first, second }
}

function fieldNamed(fields: readonly Field[], name: string): Field | undefined {
  return fields.find((field) => field.name === name)
}
