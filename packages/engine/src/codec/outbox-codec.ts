import type { OutboxDocument } from '../operator.ts'
import type { Origin } from '../record.ts'
import { ByteReader, CodecError } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import { readOrigin, writeOrigin } from './origin-codec.ts'

/** A document as it waits in an outbox. */
export interface OutboxEntry {
  readonly document: OutboxDocument
  /** Timestamp of the newest source record in it, epoch ms. */
  readonly sourceTime: number
  /** Coordinates of the source record; null for rows made of several. */
  readonly origin: Origin | null
}

const VERSION = 1
const OPS = ['index', 'delete'] as const
const writer = new ByteWriter()

/** Encodes an outbox entry: version, op, target, id, source time, origin, body. */
export function encodeOutbox({ document, sourceTime, origin }: OutboxEntry): Uint8Array {
  writer.reset()
  writer.byte(VERSION)
  writer.byte(OPS.indexOf(document.op))
  writer.text(document.target)
  writer.text(document.id)
  writer.double(sourceTime)
  writeOrigin(origin, writer)
  writer.text(document.body ?? '')
  return writer.finish()
}

/** Decodes what `encodeOutbox` wrote. Throws `CodecError` for anything else. */
export function decodeOutbox(bytes: Uint8Array): OutboxEntry {
  const reader = new ByteReader(bytes)
  const version = reader.byte()
  if (version !== VERSION) throw new CodecError(`outbox entry version ${version} is not known`)
  const code = reader.byte()
  const op = OPS[code]
  if (op === undefined) throw new CodecError(`outbox operation ${code} is not known`)
  const target = reader.text()
  const id = reader.text()
  const sourceTime = reader.double()
  const origin = readOrigin(reader)
  const text = reader.text()
  reader.end()
  return { document: { op, target, id, body: op === 'delete' ? null : text }, sourceTime, origin }
}
