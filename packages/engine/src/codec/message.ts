import { asUpdate, type StreamRecord } from '../record.ts'
import { ByteReader, CodecError } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import { readOrigin, writeOrigin } from './origin-codec.ts'
import type { RowCodec } from './row-codec.ts'

/** What travels through a repartition or control topic. */
export type Message = RowMessage | WatermarkMessage

/** A row, or what becomes of one, for one input of the reading stage. */
export interface RowMessage {
  readonly kind: 'row'
  /** Index of the input in the reading stage's plan. */
  readonly input: number
  readonly record: StreamRecord
}

/** What one upstream task knows of its progress; it follows the data that it vouches for. */
export interface WatermarkMessage {
  readonly kind: 'watermark'
  readonly input: number
  /** The stage and task that say so. */
  readonly stage: string
  readonly task: number
  /** Epoch ms or `NO_WATERMARK`. */
  readonly watermark: number
  /** An idle task holds nobody back. */
  readonly idle: boolean
}

const VERSION = 1

/**
 * Bytes of the kinds. They stand in topics that outlive a release: numbers are never reused. An update is one message,
 * so that its two images stay together: with the row as it was in front (1), or, where that is not told, without (2).
 */
const KIND = { row: 0, updateBefore: 1, updateAfter: 2, delete: 3, watermark: 4 } as const

const writer = new ByteWriter()

/** Encodes a row: version, kind, input, event time, source time, origin, fields as they were (kind 1), fields. */
export function encodeRow(input: number, record: StreamRecord, codec: RowCodec): Uint8Array {
  writer.reset()
  writer.byte(VERSION)
  writer.byte(kindOf(record))
  writer.varint(input)
  writer.int64(record.time)
  writer.double(record.sourceTime)
  writeOrigin(record.origin, writer)
  if (record.before !== undefined) codec.write(record.before, writer)
  codec.write(record.row, writer)
  return writer.finish()
}

function kindOf({ kind, before }: StreamRecord): number {
  if (kind === undefined) return KIND.row
  if (kind === 'delete') return KIND.delete
  return before === undefined ? KIND.updateAfter : KIND.updateBefore
}

/** Encodes a watermark: version, kind, input, stage, task, watermark, idle. */
export function encodeWatermark(message: Omit<WatermarkMessage, 'kind'>): Uint8Array {
  writer.reset()
  writer.byte(VERSION)
  writer.byte(KIND.watermark)
  writer.varint(message.input)
  writer.text(message.stage)
  writer.varint(message.task)
  writer.double(message.watermark)
  writer.byte(message.idle ? 1 : 0)
  return writer.finish()
}

/**
 * Decodes a message. `codecs` gives the row codec of each input of the reading stage.
 * Throws `CodecError` where the bytes were not written by this codec.
 */
export function decodeMessage(bytes: Uint8Array, codecs: readonly RowCodec[]): Message {
  const reader = new ByteReader(bytes)
  const version = reader.byte()
  if (version !== VERSION) throw new CodecError(`message version ${version} is not known`)
  const kind = reader.byte()
  const input = reader.varint()
  const message =
    kind === KIND.watermark ? readWatermark(reader, input) : readRow(reader, kind, input, codecs)
  reader.end()
  return message
}

function readRow(reader: ByteReader, kind: number, input: number, codecs: readonly RowCodec[]): RowMessage {
  if (kind > KIND.delete) throw new CodecError(`message kind ${kind} is not known`)
  const codec = codecs[input]
  if (codec === undefined) throw new CodecError(`the stage has no input ${input}`)
  return { kind: 'row', input, record: readRecord(reader, kind, codec) }
}

function readWatermark(reader: ByteReader, input: number): WatermarkMessage {
  const stage = reader.text()
  const task = reader.varint()
  const watermark = reader.double()
  return { kind: 'watermark', input, stage, task, watermark, idle: reader.flag() }
}

function readRecord(reader: ByteReader, kind: number, codec: RowCodec): StreamRecord {
  const time = Number(reader.int64())
  const sourceTime = reader.double()
  const origin = readOrigin(reader)
  const before = kind === KIND.updateBefore ? codec.read(reader) : undefined
  const record = { row: codec.read(reader), time, sourceTime, origin }
  if (kind === KIND.row) return record
  return kind === KIND.delete ? { ...record, kind: 'delete' } : asUpdate(record, before)
}
