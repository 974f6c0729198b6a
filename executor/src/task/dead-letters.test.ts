import { deadLetterHeaders } from '@millrace/contracts'
import type { DeadLetter } from '@millrace/engine'
import { describe, expect, test } from 'vitest'
import { RecordCursor } from '../kafka/wire/records/record-cursor.ts'
import { type DeadLetterTarget, writeDeadBatch, writeDeadLetter } from './dead-letters.ts'
import { TransactionBuffer } from './transaction-buffer.ts'

const LIMIT = 1_114_124
const EXCERPT = 65_536

interface Written {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: { readonly [name: string]: string }
}

/** Writes a dead letter and reads it back as a reader of the topic does. */
function written(letter: DeadLetter, maxBytes = LIMIT): Written {
  return readBack(maxBytes, (to, buffer) => writeDeadLetter(letter, to, buffer, 7))
}

function readBack(
  maxBytes: number,
  write: (to: DeadLetterTarget, buffer: TransactionBuffer) => void,
): Written {
  const buffer = new TransactionBuffer()
  write({ topic: 'dead', partition: 0, maxBytes }, buffer)
  const [filled] = buffer.writes()
  const batches = filled?.records.seal(0, { producerId: 1n, producerEpoch: 0 }, 0) as Buffer
  expect(batches.length).toBeLessThanOrEqual(maxBytes)
  const options = { topic: 'dead', partition: 0, fromOffset: 0, abortFilter: null, maxBatchBytes: 2 * LIMIT }
  const cursor = new RecordCursor({ ...options, batches })
  expect(cursor.next()).toBe(true)
  const headers = cursor.headers().map(({ key, value }) => [key, String(value)])
  return { key: cursor.key(), value: cursor.value(), headers: Object.fromEntries(headers) }
}

function letterOf(value: Uint8Array | null, rowJson: string | null = null): DeadLetter {
  const origin = { topic: 'orders', partition: 3, offset: 41, timestamp: 5, key: Buffer.from('k'), value }
  return { nodeId: 'parse', code: 'invalid_cast', message: '"x" is no number', origin, rowJson }
}

describe('a dead letter', () => {
  test('holds the bytes of its record and tells why and where', () => {
    const bytes = Buffer.from([0, 255, 254, 1])
    const { key, value, headers } = written(letterOf(bytes))
    expect([key?.toString(), value?.equals(bytes)]).toEqual(['k', true])
    expect(headers).toEqual({
      [deadLetterHeaders.node]: 'parse',
      [deadLetterHeaders.code]: 'invalid_cast',
      [deadLetterHeaders.message]: '"x" is no number',
      [deadLetterHeaders.topic]: 'orders',
      [deadLetterHeaders.partition]: '3',
      [deadLetterHeaders.offset]: '41',
    })
  })

  test('keeps that there was no value', () => {
    expect(written(letterOf(null)).value).toBe(null)
  })

  test('holds the row where the bytes are gone, and says so', () => {
    const { value, headers } = written({ ...letterOf(null, '{"a":1}'), origin: null })
    expect(value?.toString()).toBe('{"a":1}')
    expect(headers[deadLetterHeaders.content]).toBe('row')
    expect(headers[deadLetterHeaders.offset]).toBeUndefined()
  })

  test('is whole as long as its topic takes it', () => {
    const bytes = Buffer.alloc(LIMIT - 1_000, 'x')
    expect(written(letterOf(bytes)).value?.length).toBe(bytes.length)
    expect(written(letterOf(null, 'x'.repeat(bytes.length))).value?.length).toBe(bytes.length)
  })

  test.each([
    ['bytes', letterOf(Buffer.alloc(LIMIT, 'x')), LIMIT],
    ['a row', letterOf(null, 'é'.repeat(LIMIT / 2)), LIMIT],
  ])('is cut where its topic would refuse it: %s', (_, letter, size) => {
    const { value, headers } = written(letter)
    expect(value?.length).toBe(EXCERPT)
    expect(headers[deadLetterHeaders.cutFrom]).toBe(String(size))
  })

  test('may be a whole batch that would unpack to too much, as the topic holds it', () => {
    const batch = { baseOffset: 41, lastOffset: 45, recordCount: 5, bytes: Buffer.from([1, 255, 2]) }
    const dead = { nodeId: 'orders', from: { topic: 'orders', partition: 3 }, batch }
    const { key, value, headers } = readBack(LIMIT, (to, buffer) => writeDeadBatch(dead, to, buffer, 7))
    expect([key, value]).toEqual([null, batch.bytes])
    expect(headers).toMatchObject({
      [deadLetterHeaders.code]: 'batch_over_limit',
      [deadLetterHeaders.content]: 'batch',
      [deadLetterHeaders.offset]: '41',
      [deadLetterHeaders.message]: expect.stringContaining('offsets 41 to 45 (5 records in 3 bytes)'),
    })
  })
})
