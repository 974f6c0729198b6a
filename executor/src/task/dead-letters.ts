import { deadLetterHeaders } from '@millrace/contracts'
import type { DeadLetter, Origin } from '@millrace/engine'
import type { HeaderInput } from '../kafka/wire/index.ts'
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
  const bytes = origin?.value ?? null
  const value = rowJson === null ? bytes : rowJson
  const size = value === null ? 0 : value.length * (typeof value === 'string' ? 3 : 1)
  const fits = size + EXCERPT_BYTES < to.maxBytes
  const headers = headersOf(letter, rowJson !== null, fits ? null : size)
  buffer.append(to.topic, to.partition, origin?.key ?? null, fits ? value : excerpt(value), now, headers)
}

function headersOf(
  { nodeId, code, message, origin }: DeadLetter,
  isRow: boolean,
  cutFrom: number | null,
): HeaderInput[] {
  const headers = [
    { key: deadLetterHeaders.node, value: nodeId },
    { key: deadLetterHeaders.code, value: code },
    { key: deadLetterHeaders.message, value: message.slice(0, MAX_MESSAGE) },
    ...(origin === null ? [] : originHeaders(origin)),
  ]
  if (isRow) headers.push({ key: deadLetterHeaders.content, value: 'row' })
  if (cutFrom !== null) headers.push({ key: deadLetterHeaders.cutFrom, value: String(cutFrom) })
  return headers
}

function originHeaders({ topic, partition, offset }: Origin): HeaderInput[] {
  return [
    { key: deadLetterHeaders.topic, value: topic },
    { key: deadLetterHeaders.partition, value: String(partition) },
    { key: deadLetterHeaders.offset, value: String(offset) },
  ]
}

function excerpt(value: string | Uint8Array | null): Uint8Array | null {
  return value === null ? null : Buffer.from(value as string).subarray(0, EXCERPT_BYTES)
}
