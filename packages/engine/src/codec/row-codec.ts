import {
  type DataType,
  type DecimalType,
  type Field,
  fitsPrecision,
  type MapType,
  type Row,
  type ScalarKind,
  type Value,
  type Whole,
} from '@millrace/expr'
import { type ByteReader, CodecError } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'

/** Writes and reads the rows of one schema. */
export interface RowCodec {
  write(row: Row, into: ByteWriter): void
  read(from: ByteReader): Row
}

interface ValueCodec {
  /** What the shortest value takes. */
  readonly leastBytes: number
  write(value: Value, into: ByteWriter): void
  read(from: ByteReader): Value
}

/**
 * A codec for rows with these fields: fields in order, each nullable one led by a byte (0 null, 1 present).
 * The schema is not in the bytes; whoever reads must have the same one.
 */
export function createRowCodec(fields: readonly Field[]): RowCodec {
  return structCodec(fields)
}

function structCodec(fields: readonly Field[]): RowCodec & ValueCodec {
  const codecs = fields.map((field) => valueCodec(field.type))
  return {
    leastBytes: codecs.reduce((sum, codec) => sum + codec.leastBytes, 0),
    write(value, into) {
      const row = value as Row
      for (let i = 0; i < codecs.length; i++) (codecs[i] as ValueCodec).write(row[i] as Value, into)
    },
    read(from) {
      const row: Value[] = new Array(codecs.length)
      for (let i = 0; i < codecs.length; i++) row[i] = (codecs[i] as ValueCodec).read(from)
      return row
    },
  }
}

function valueCodec(type: DataType): ValueCodec {
  const present = presentCodec(type)
  if (!type.nullable) return present
  return {
    leastBytes: 1,
    write(value, into) {
      into.byte(value === null ? 0 : 1)
      if (value !== null) present.write(value, into)
    },
    read: (from) => (from.flag() ? present.read(from) : null),
  }
}

function presentCodec(type: DataType): ValueCodec {
  if (type.kind === 'struct') return structCodec(type.fields)
  if (type.kind === 'array') return arrayCodec(valueCodec(type.element))
  if (type.kind === 'map') return mapCodec(type)
  if (type.kind === 'decimal') return decimalCodec(type)
  return SCALARS[type.kind]
}

function arrayCodec(element: ValueCodec): ValueCodec {
  return {
    leastBytes: 1,
    write(value, into) {
      const items = value as readonly Value[]
      into.varint(items.length)
      for (const item of items) element.write(item, into)
    },
    read(from) {
      const items: Value[] = []
      for (let left = from.elements(element.leastBytes); left > 0; left--) items.push(element.read(from))
      return items
    },
  }
}

/** The number of entries, then key and value of each. */
function mapCodec(type: MapType): ValueCodec {
  const key = presentCodec(type.key)
  const value = valueCodec(type.value)
  return {
    leastBytes: 1,
    write(map, into) {
      const entries = map as readonly Value[]
      into.varint(entries.length / 2)
      for (let i = 0; i < entries.length; i += 2) {
        key.write(entries[i] as Value, into)
        value.write(entries[i + 1] as Value, into)
      }
    },
    read(from) {
      const entries: Value[] = []
      for (let left = from.elements(key.leastBytes + value.leastBytes); left > 0; left--)
        entries.push(key.read(from), value.read(from))
      return entries
    },
  }
}

/** The digits without the point; the scale is in the type. */
function decimalCodec({ precision }: DecimalType): ValueCodec {
  // 10^precision takes log2(10) bits a digit, and one for the sign.
  const mostBytes = Math.ceil((precision * Math.log2(10) + 1) / 7)
  return {
    leastBytes: 1,
    write: (value, into) => into.whole(value as Whole),
    read(from) {
      const value = from.whole(mostBytes)
      if (!fitsPrecision(value, precision)) throw new CodecError('a decimal has too many digits')
      return value
    },
  }
}

const SCALARS: Record<ScalarKind, ValueCodec> = {
  boolean: {
    leastBytes: 1,
    write: (value, into) => into.byte(value ? 1 : 0),
    read: (from) => from.flag(),
  },
  int64: {
    leastBytes: 8,
    write: (value, into) => into.int64(value as number | bigint),
    read: (from) => from.int64(),
  },
  timestamp: {
    leastBytes: 8,
    write: (value, into) => into.int64(value as number),
    read: (from) => from.int64(),
  },
  double: {
    leastBytes: 8,
    write: (value, into) => into.double(value as number),
    read: (from) => from.double(),
  },
  string: {
    leastBytes: 1,
    write: (value, into) => into.text(value as string),
    read: (from) => from.text(),
  },
  bytes: {
    leastBytes: 1,
    write: (value, into) => into.bytes(value as Uint8Array),
    read: (from) => from.bytes(),
  },
}
