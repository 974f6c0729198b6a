import { deadLetterHeaders } from '@millrace/contracts'
import type { DeadLetter, Origin } from '@millrace/engine'
import { type HeaderInput, singleRecordBatchSize } from '../kafka/wire/index.ts'
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
  const key = origin?.key ?? null
  const headers = headersOf(letter, rowJson !== null)
  if (value === null || singleRecordBatchSize(key, value, headers) <= to.maxBytes) {
    buffer.append(to.topic, to.partition, key, value, now, headers)
    return
  }
  const bytes = Buffer.from(value as string)
  headers.push({ key: deadLetterHeaders.cutFrom, value: String(bytes.length) })
  const kept = bytes.subarray(0, EXCERPT_BYTES)
  buffer.append(to.topic, to.partition, key?.subarray(0, EXCERPT_BYTES) ?? null, kept, now, headers)
}

function headersOf({ nodeId, code, message, origin }: DeadLetter, isRow: boolean): HeaderInput[] {
  const headers = [
    { key: deadLetterHeaders.node, value: nodeId },
    { key: deadLetterHeaders.code, value: code },
    { key: deadLetterHeaders.message, value: message.slice(0, MAX_MESSAGE) },
    ...(origin === null ? [] : originHeaders(origin)),
  ]
  if (isRow) headers.push({ key: deadLetterHeaders.content, value: 'row' })
  return headers
}

function originHeaders({ topic, partition, offset }: Origin): HeaderInput[] {
  return [
    { key: deadLetterHeaders.topic, value: topic },
    { key: deadLetterHeaders.partition, value: String(partition) },
    { key: deadLetterHeaders.offset, value: String(offset) },
  ]
}
