import { encodeBase64 } from '../base64.ts'
import { formatDecimal } from '../decimal.ts'
import { keyText } from '../key.ts'
import type { DataType, DecimalType, Field, MapType, ScalarKind } from '../type.ts'
import type { Row, Value, Whole } from '../value.ts'

/** Encodes one row as a JSON object. */
export type EncodeRow = (row: Row) => string

/** Writes a value, null included. */
type WriteValue = (value: Value) => string

/** A quote, a backslash, a control character or a surrogate: anything but the ranges of all others. */
const NEEDS_ESCAPE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/

const SCALARS: Readonly<Record<ScalarKind, WriteValue>> = {
  boolean: writePlain,
  int64: writePlain,
  double: writeDouble,
  string: writeString,
  timestamp: writePlain,
  bytes: (value) => (value === null ? 'null' : `"${encodeBase64(value as Uint8Array)}"`),
}

function writePlain(value: Value): string {
  return `${value}`
}

function writeDouble(value: Value): string {
  return Number.isFinite(value) ? `${value}` : 'null'
}

function writeString(value: Value): string {
  if (value === null) return 'null'
  return NEEDS_ESCAPE.test(value as string) ? JSON.stringify(value) : `"${value}"`
}

/**
 * Builds the encoder of rows with these fields to JSON objects: members in the order of the fields, null written as
 * null. int64 with all its digits, decimals with all those behind the point, timestamps as epoch milliseconds, bytes as
 * base64, maps as objects; doubles that are no number or infinite as null, −0 as 0. Every row gives valid JSON.
 */
export function encodeJson(fields: readonly Field[]): EncodeRow {
  const heads = fields.map((field, i) => `${i === 0 ? '{' : ','}${JSON.stringify(field.name)}:`)
  const writers = fields.map((field) => writerOf(field.type))
  if (fields.length === 0) return () => '{}'
  return (row) => {
    let text = ''
    for (let i = 0; i < heads.length; i++) text += heads[i] + (writers[i] as WriteValue)(row[i] as Value)
    return `${text}}`
  }
}

function writerOf(type: DataType): WriteValue {
  if (type.kind === 'decimal') return decimalWriter(type)
  if (type.kind === 'array') return arrayWriter(type.element)
  if (type.kind === 'map') return mapWriter(type)
  if (type.kind !== 'struct') return SCALARS[type.kind]
  const write = encodeJson(type.fields)
  return (value) => (value === null ? 'null' : write(value as Row))
}

function arrayWriter(element: DataType): WriteValue {
  const write = writerOf(element)
  return (value) => {
    if (value === null) return 'null'
    let text = ''
    for (const item of value as readonly Value[]) text += text === '' ? write(item) : `,${write(item)}`
    return `[${text}]`
  }
}

function decimalWriter({ scale }: DecimalType): WriteValue {
  return (value) => (value === null ? 'null' : formatDecimal(value as Whole, scale))
}

function mapWriter({ key, value: type }: MapType): WriteValue {
  const write = writerOf(type)
  return (value) => {
    if (value === null) return 'null'
    const entries = value as readonly Value[]
    let text = ''
    for (let i = 0; i < entries.length; i += 2) {
      const name = writeString(keyText(entries[i] as Value, key))
      text += `${text === '' ? '' : ','}${name}:${write(entries[i + 1] as Value)}`
    }
    return `{${text}}`
  }
}
