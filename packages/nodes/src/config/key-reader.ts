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
  return { types, values, text: (row) => encodeKey(values(row), types) }
}

function typeAt(fields: readonly Field[], position: number): DataType {
  const field = fields[position]
  if (field === undefined) throw new Error('the config was not validated: a key field does not exist')
  return field.type
}
