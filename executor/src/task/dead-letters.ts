import { deadLetterHeaders } from '@millrace/contracts'
import type { DeadLetter, Origin } from '@millrace/engine'
import {
  type HeaderInput,
  type PackedBatch,
  singleRecordBatchSize,
  type TopicPartition,
} from '../kafka/wire/index.ts'
import type { TransactionBuffer } from './transaction-buffer.ts'

/** Of a record that is too large even for the dead-letter topic, so much is kept. */
const EXCERPT_BYTES = 64 * 1024
const MAX_MESSAGE = 2_000

/** Where a task's dead letters go. */
export interface DeadLetterTarget {
  readonly topic: string
  readonly partition: number
  /** The topic's `max.message.bytes`. */
  readonly maxBytes: number
}

/**
 * Adds a dead letter to the transaction: key and value are the source record's own bytes, the facts stand in headers.
 * Behind a cut, where the bytes are gone, the value is the row as JSON.
 */
export function writeDeadLetter(
  letter: DeadLetter,
  to: DeadLetterTarget,
  buffer: TransactionBuffer,
  now: number,
): void {
  const { origin, rowJson } = letter
  const value = rowJson ?? origin?.value ?? null
  const headers = headersOf(letter, rowJson === null ? null : 'row')
  append({ key: origin?.key ?? null, value, headers }, to, buffer, now)
}

/** A batch that cannot be unpacked. */
export interface DeadBatch {
  readonly nodeId: string
  readonly from: TopicPartition
  readonly batch: PackedBatch
}

/**
 * Adds a whole batch of a source to the transaction as one dead letter: its value is the batch as the topic holds it,
 * header and packed records, so that nothing is lost.
 */
export function writeDeadBatch(
  { nodeId, from, batch }: DeadBatch,
  to: DeadLetterTarget,
  buffer: TransactionBuffer,
  now: number,
): void {
  const { baseOffset, lastOffset, recordCount, bytes } = batch
  const message = `The batch of offsets ${baseOffset} to ${lastOffset} (${recordCount} records in ${bytes.length} bytes) would unpack to more than 64 MB, which no task holds in memory. The dead letter is the packed batch.`
  const origin = { ...from, offset: baseOffset }
  const letter = { nodeId, code: 'batch_over_limit', message, origin, rowJson: null }
  append({ key: null, value: bytes, headers: headersOf(letter, 'batch') }, to, buffer, now)
}

interface Entry {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | string | null
  readonly headers: HeaderInput[]
}

/** Of a value that the topic does not take, only the beginning. */
function append(
  { key, value, headers }: Entry,
  to: DeadLetterTarget,
  buffer: TransactionBuffer,
  now: number,
) {
  if (value === null || singleRecordBatchSize(key, value, headers) <= to.maxBytes) {
    buffer.append(to.topic, to.partition, key, value, now, headers)
    return
  }
  const bytes = Buffer.from(value as string)
  headers.push({ key: deadLetterHeaders.cutFrom, value: String(bytes.length) })
  const kept = bytes.subarray(0, EXCERPT_BYTES)
  buffer.append(to.topic, to.partition, key?.subarray(0, EXCERPT_BYTES) ?? null, kept, now, headers)
}

function headersOf(
  { nodeId, code, message, origin }: DeadLetter,
  content: 'row' | 'batch' | null,
): HeaderInput[] {
  const headers = [
    { key: deadLetterHeaders.node, value: nodeId },
    { key: deadLetterHeaders.code, value: code },
    { key: deadLetterHeaders.message, value: message.slice(0, MAX_MESSAGE) },
    ...(origin === null ? [] : originHeaders(origin)),
  ]
  if (content !== null) headers.push({ key: deadLetterHeaders.content, value: content })
  return headers
}

function originHeaders({ topic, partition, offset }: Origin): HeaderInput[] {
  return [
    { key: deadLetterHeaders.topic, value: topic },
    { key: deadLetterHeaders.partition, value: String(partition) },
    { key: deadLetterHeaders.offset, value: String(offset) },
  ]
}
