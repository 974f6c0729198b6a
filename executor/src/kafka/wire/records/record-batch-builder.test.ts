import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { builderOf, cursorOver, readAll, type TestRecord } from '../testing/batches.ts'
import { goldenBatch } from './golden/java-client.ts'
import { BATCH } from './layout.ts'
import { RecordBatchBuilder } from './record-batch-builder.ts'
import { singleRecordBatchSize } from './record-encoder.ts'

const require = createRequire(import.meta.url)
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0')
const KafkajsRecord = require('kafkajs/src/protocol/recordBatch/record/v0')

const TIME = 1_700_000_000_000
const identity = { producerId: 4711n, producerEpoch: 3 }

/** The records of MakeGolden.java. */
const goldenRecords: readonly TestRecord[] = [
  { key: 'key', value: 'value', timestamp: TIME },
  { key: 'tombstone', value: null, timestamp: TIME + 1 },
  { key: null, value: 'Zürich, 東京, 🚀', timestamp: TIME - 86_400_000_000 },
  { key: '', value: '', timestamp: TIME + 4_000_000_000 },
  {
    key: Buffer.alloc(4),
    value: Uint8Array.of(255, 0, 127, 128),
    timestamp: TIME,
    headers: [
      { key: 'reason', value: 'bad json' },
      { key: 'näme', value: null },
      { key: 'empty', value: new Uint8Array(0) },
    ],
  },
  { key: null, value: 'x'.repeat(300), timestamp: TIME },
]

async function kafkajsBatch(records: readonly TestRecord[], baseSequence: number): Promise<Buffer> {
  const firstTimestamp = records[0]!.timestamp ?? 0
  const encoded = await RecordBatch({
    firstTimestamp,
    maxTimestamp: Math.max(...records.map(({ timestamp = 0 }) => timestamp)),
    producerId: identity.producerId,
    producerEpoch: identity.producerEpoch,
    firstSequence: baseSequence,
    transactional: true,
    lastOffsetDelta: records.length - 1,
    records: records.map(({ key = null, value = null, timestamp = 0 }, offsetDelta) =>
      KafkajsRecord({ key, value, offsetDelta, timestampDelta: timestamp - firstTimestamp }),
    ),
  })
  // kafkajs leaves the leader epoch 0 where the protocol says −1; the checksum does not cover it.
  encoded.buffer.writeInt32BE(-1, BATCH.leaderEpoch)
  return encoded.buffer.subarray(0, encoded.offset)
}

describe('RecordBatchBuilder', () => {
  it('encodes a transactional batch byte for byte like the Java client', () => {
    expect(builderOf(goldenRecords).seal(0, identity, 17).toString('hex')).toBe(
      goldenBatch('transactional').toString('hex'),
    )
  })

  it('encodes like kafkajs', async () => {
    const records = Array.from({ length: 500 }, (_, index) => ({
      key: `user-${index % 40}`,
      value: JSON.stringify({ index, city: index % 7 === 0 ? 'Zürich' : 'Bern', pad: '.'.repeat(index) }),
      timestamp: TIME + index * 3,
    }))
    expect(builderOf(records).seal(0, identity, 5).toString('hex')).toBe(
      (await kafkajsBatch(records, 5)).toString('hex'),
    )
  })

  it('gives back what was appended, whatever it was', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 200 })
    const record = fc.record({
      key: fc.option(text),
      value: fc.option(text),
      timestamp: fc.integer({ min: 0, max: 2 ** 50 }),
      headers: fc.array(fc.record({ key: text, value: fc.option(text) }), { maxLength: 3 }),
    })
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 200, max: 2_000 }),
        (records, max) => {
          const builder = builderOf(records, max)
          const read: unknown[] = []
          for (let batch = 0; batch < builder.batchCount; batch++) {
            read.push(...readAll(cursorOver(builder.seal(batch, identity, 0))))
          }
          expect(read).toEqual(records.map((one) => expect.objectContaining(one)))
        },
      ),
    )
  })

  it('keeps every batch within the bound, header included', () => {
    const builder = builderOf(
      Array.from({ length: 2_000 }, (_, index) => ({ key: `k${index}`, value: 'v'.repeat(index % 90) })),
      5_000,
    )
    const sizes = Array.from(
      { length: builder.batchCount },
      (_, batch) => builder.seal(batch, identity, 0).length,
    )
    expect(sizes.length).toBeGreaterThan(10)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(5_000)
    expect(builder.byteLength()).toBe(sizes.reduce((sum, size) => sum + size))
    expect(sizes).toEqual(sizes.map((_, batch) => builder.byteLengthOf(batch)))
  })

  it('gives a record above the bound a batch of its own', () => {
    const builder = builderOf(
      [{ value: 'a' }, { value: 'b'.repeat(500) }, { value: 'c' }, { value: 'd' }],
      200,
    )
    expect([0, 1, 2].map((batch) => builder.recordCountOf(batch))).toEqual([1, 1, 2])
    expect(builder.batchCount).toBe(3)
  })

  it('can be sealed again with another identity', () => {
    const builder = builderOf(goldenRecords)
    builder.seal(0, { producerId: 1n, producerEpoch: 1 }, 0)
    expect(builder.seal(0, identity, 17).equals(goldenBatch('transactional'))).toBe(true)
  })

  it('is empty after a reset and encodes the same again', () => {
    const builder = builderOf([...goldenRecords, { value: 'z'.repeat(5_000) }, ...goldenRecords], 3_000)
    builder.reset()
    expect([builder.recordCount, builder.batchCount, builder.byteLength()]).toEqual([0, 0, 0])
    for (const { key = null, value = null, timestamp = 0, headers } of goldenRecords) {
      builder.append(key, value, timestamp, headers)
    }
    expect(builder.seal(0, identity, 17).equals(goldenBatch('transactional'))).toBe(true)
  })

  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses the timestamp %s and stays as it is',
    (timestamp) => {
      const builder = builderOf([{ value: 'a' }])
      expect(() => builder.append(null, 'b', timestamp)).toThrow(RangeError)
      expect(builder.recordCount).toBe(1)
    },
  )

  it('holds nothing at first', () => {
    const builder = new RecordBatchBuilder()
    expect([builder.recordCount, builder.batchCount, builder.byteLength()]).toEqual([0, 0, 0])
  })
})

describe('singleRecordBatchSize', () => {
  it.each(goldenRecords)(
    'is the size of a batch that holds $key alone',
    ({ key = null, value = null, headers }) => {
      const builder = builderOf([{ key, value, headers }])
      expect(singleRecordBatchSize(key, value, headers)).toBe(builder.byteLength())
    },
  )
})
