import { type DataType, encodeKey, type Field, type Row, type Value } from '@millrace/expr'

/** Reads the key of rows: the canonical text of some of their fields. */
export interface KeyReader {
  /** Types of the key's fields, for `decodeKey`. */
  readonly types: readonly DataType[]
  /** The values of the key's fields. */
  values(row: Row): readonly Value[]
  /** The canonical text. */
  text(row: Row): string
}

/** A reader of keys made of the named fields, which must exist and be without parts. */
export function keyReader(fields: readonly Field[], names: readonly string[]): KeyReader {
  const positions = names.map((name) => fields.findIndex((field) => field.name === name))
  const types = positions.map((position) => typeAt(fields, position))
  const values = (row: Row) => positions.map((position) => row[position] as Value)
  return { types, values, text: textOf(positions, types, values) }
}

/** Most keys are one text, which is its own key text. */
function textOf(
  [only = 0, ...others]: readonly number[],
  types: readonly DataType[],
  values: (row: Row) => readonly Value[],
): (row: Row) => string {
  if (others.length > 0 || types[0]?.kind !== 'string') return (row) => encodeKey(values(row), types)
  return (row) => {
    const value = row[only] as Value
    const isPlain = typeof value === 'string' && value.charCodeAt(0) !== 0
    return isPlain ? value : encodeKey([value], types)
  }
}

function typeAt(fields: readonly Field[], position: number): DataType {
  const field = fields[position]
  if (field === undefined) throw new Error('the config was not validated: a key field does not exist')
  return field.type
}
