import type { DataType, Field, Row, ScalarKind, Value } from '@millrace/expr'
import type { ByteReader } from './byte-reader.ts'
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
