import { type DataType, encodeUtf8, type Field, type Row, type Value, type Whole } from '@millrace/expr'

/** By which field rows are ordered, and how. */
export interface OrderBy {
  readonly field: string
  readonly direction: 'asc' | 'desc'
  readonly nulls: 'first' | 'last'
}

/** Texts are compared by so many characters: what comes behind makes no difference. */
export const COMPARED_CHARACTERS = 1000

/**
 * The text of the values by which a row is ordered: texts sort as the rows do, by their characters (all up to U+0100, so
 * that the order of UTF-16 is that of UTF-8), and none begins with another one. Numbers are ordered by value (−0 is 0,
 * NaN is above all), texts by the bytes of their UTF-8, which is by code point.
 */
export function orderText(fields: readonly Field[], orderBy: readonly OrderBy[]): (row: Row) => string {
  const parts = orderBy.map((order) => partText(fields, order))
  return (row) => {
    let text = ''
    for (const part of parts) text += part(row)
    return text
  }
}

function partText(fields: readonly Field[], { field, direction, nulls }: OrderBy): (row: Row) => string {
  const position = fields.findIndex(({ name }) => name === field)
  const { type } = fields[position] as Field
  const textOf = valueText(type, direction === 'desc')
  const nullText = nulls === 'first' ? '0' : '2'
  return (row) => {
    const value = row[position] as Value
    return value === null ? nullText : `1${textOf(value)}`
  }
}

function valueText(type: DataType, down: boolean): (value: Value) => string {
  switch (type.kind) {
    case 'string':
      return (value) => bytesText(encodeUtf8((value as string).slice(0, COMPARED_CHARACTERS)), down)
    case 'double':
      return (value) => doubleText(value as number, down)
    case 'decimal':
      return (value) => decimalText(value as Whole, down)
    default:
      return (value) => int64Text(value as Whole, down)
  }
}

/** Each byte as a character; the end sorts before all of them or, downwards, behind. */
function bytesText(bytes: Uint8Array, down: boolean): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(down ? 255 - byte : byte + 1)
  return text + (down ? '\u0100' : '\u0000')
}

const HALF = 2 ** 32
const SIGN = 2 ** 31

/** 64 bits as 16 hexadecimal digits, from their upper and lower halves. */
function bitsText(high: number, low: number, down: boolean): string {
  const flip = down ? HALF - 1 : 0
  return halfText(down ? flip - high : high) + halfText(down ? flip - low : low)
}

function halfText(half: number): string {
  return half.toString(16).padStart(8, '0')
}

function int64Text(value: Whole, down: boolean): string {
  if (typeof value === 'bigint')
    return bitsText(Number(value >> 32n) + SIGN, Number(value & 0xffff_ffffn), down)
  const high = Math.floor(value / HALF)
  return bitsText(high + SIGN, value - high * HALF, down)
}

const bits = new DataView(new ArrayBuffer(8))

/** IEEE 754 numbers sort as their bits do, once the sign of positive ones and all bits of negative ones are flipped. */
function doubleText(value: number, down: boolean): string {
  bits.setFloat64(0, Number.isNaN(value) ? Number.NaN : value + 0)
  const high = bits.getUint32(0)
  const low = bits.getUint32(4)
  return high < SIGN ? bitsText(high + SIGN, low, down) : bitsText(HALF - 1 - high, HALF - 1 - low, down)
}

/** Above the amount of any decimal. */
const TEN_38 = 10n ** 38n

function decimalText(value: Whole, down: boolean): string {
  const number = BigInt(value)
  return (TEN_38 + (down ? -number : number)).toString().padStart(39, '0')
}
