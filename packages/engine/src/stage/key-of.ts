import { type DataType, encodeKey, type Field, type Row, type Value } from '@millrace/expr'
import { asDeletion, asNewRow, type StreamRecord } from '../record.ts'

/** Reads the canonical key text of a row. */
export type KeyOf = (row: Row) => string

/** A reader of the canonical key text of the named fields, which must exist. */
export function keyReader(fields: readonly Field[], names: readonly string[]): KeyOf {
  const positions = names.map((name) => fields.findIndex((field) => field.name === name))
  const types = positions.map((position, i): DataType => {
    const field = fields[position]
    if (field === undefined) throw new Error(`the rows have no key field ${names[i]}`)
    return field.type
  })
  // One list for all rows: it is read before the next row comes.
  const values: Value[] = new Array(positions.length).fill(null)
  return (row) => {
    for (let i = 0; i < positions.length; i++) values[i] = row[positions[i] as number] as Value
    return encodeKey(values, types)
  }
}

/**
 * An update that moves a row to another key, as what it is to those who hold rows by this key: a deletion there and a
 * new row here. Null for everything else.
 */
export function splitMove(record: StreamRecord, keyOf: KeyOf): readonly StreamRecord[] | null {
  const { before, row } = record
  if (before === undefined || keyOf(before) === keyOf(row)) return null
  return [asDeletion(record, before), asNewRow(record)]
}
