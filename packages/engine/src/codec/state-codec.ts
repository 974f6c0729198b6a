import type { Row } from '@millrace/expr'
import { ByteReader, CodecError } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import type { RowCodec } from './row-codec.ts'

/** A state row with its timer, if it has one. */
export interface StateRow {
  readonly row: Row
  /** Event time at which the row's timer is due, epoch ms. */
  readonly timer: number | undefined
}

const VERSION = 1
const writer = new ByteWriter()

/** Encodes a state row as it stands in the changelog and in its Redis copy: version, timer, fields. */
export function encodeStateRow(state: StateRow, codec: RowCodec): Uint8Array {
  writer.reset()
  writer.byte(VERSION)
  writer.byte(state.timer === undefined ? 0 : 1)
  if (state.timer !== undefined) writer.int64(state.timer)
  codec.write(state.row, writer)
  return writer.finish()
}

/** Decodes what `encodeStateRow` wrote. Throws `CodecError` for anything else. */
export function decodeStateRow(bytes: Uint8Array, codec: RowCodec): StateRow {
  const reader = new ByteReader(bytes)
  const timer = readTimer(reader)
  const row = codec.read(reader)
  reader.end()
  return { timer, row }
}

/** The timer alone, without decoding the row: for readers that only restore timers. */
export function decodeStateTimer(bytes: Uint8Array): number | undefined {
  return readTimer(new ByteReader(bytes))
}

function readTimer(reader: ByteReader): number | undefined {
  const version = reader.byte()
  if (version !== VERSION) throw new CodecError(`state version ${version} is not known`)
  return reader.flag() ? Number(reader.int64()) : undefined
}
