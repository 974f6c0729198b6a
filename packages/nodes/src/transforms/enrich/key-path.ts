import type { DataType, Field, Value } from '@millrace/expr'
import type { FieldUse } from '../../config/check-fields.ts'

/** Where the look-up key stands in an event. */
export interface KeyPath {
  /** Type of the key. */
  readonly type: DataType
  /** Positions that lead to the key, or to the array of them. */
  readonly steps: readonly number[]
  /** Positions that lead to the key within each element of the array; null where there is no array. */
  readonly array: readonly number[] | null
}

/** Types that a record key can spell out. */
export function isLookupType({ kind }: DataType): boolean {
  return kind === 'string' || kind === 'int64'
}

/** A field by which rows are looked up. */
export const LOOKUP_USE: FieldUse = {
  accepts: isLookupType,
  refusal: 'cannot be looked up: it must be a string or an int64',
}

/**
 * Finds the key that a text names: a field of this name, else field names joined by dots, through structs and at most
 * one array. Null where there is none.
 */
export function resolveKeyPath(text: string, fields: readonly Field[]): KeyPath | null {
  const names = fields.some(({ name }) => name === text) ? [text] : text.split('.')
  let type: DataType = { kind: 'struct', fields, nullable: false }
  let array: number[] | null = null
  const steps: number[] = []
  for (const name of names) {
    if (type.kind !== 'struct') return null
    const position: number = type.fields.findIndex((field) => field.name === name)
    const next: DataType | undefined = type.fields[position]?.type
    if (next === undefined) return null
    ;(array ?? steps).push(position)
    type = next
    if (type.kind === 'array' && array === null) {
      type = type.element
      array = []
    }
  }
  return { type, steps, array }
}

/** The value that positions lead to; null behind a null. */
export function valueAt(start: Value, steps: readonly number[]): Value {
  let value = start
  for (const step of steps) {
    if (value === null) return null
    value = (value as readonly Value[])[step] as Value
  }
  return value
}
