import type { Origin } from '../record.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'

/** Writes the coordinates of a source record; its bytes stay behind. */
export function writeOrigin(origin: Origin | null, into: ByteWriter): void {
  into.byte(origin === null ? 0 : 1)
  if (origin === null) return
  into.text(origin.topic)
  into.varint(origin.partition)
  into.int64(origin.offset)
}

/** The inverse of `writeOrigin`. */
export function readOrigin(from: ByteReader): Origin | null {
  if (!from.flag()) return null
  return { topic: from.text(), partition: from.varint(), offset: Number(from.int64()) }
}
