import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { cursorOver, makeBatch, makeEmptiedBatch, readAll, withChecksum } from '../testing/batches.ts'
import { AbortFilter } from './abort-filter.ts'
import { goldenBatch } from './golden/java-client.ts'
import { BATCH } from './layout.ts'
import type { RecordCursor } from './record-cursor.ts'

const TIME = 1_700_000_000_000

/** The 200 records that MakeGolden.java writes in every compression. */
const manyRecords = Array.from({ length: 200 }, (_, index) => ({
  offset: 1_000 + index,
  timestamp: TIME + index,
  key: `key-${index}`,
  value: `value-${'ab'.repeat(index)}`,
  headers: [],
}))

function offsetsOf(cursor: RecordCursor): number[] {
  return readAll(cursor).map(({ offset }) => offset)
}

describe('RecordCursor', () => {
  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)(
    'reads what the Java client packed with %s',
    (codec) => {
      expect(readAll(cursorOver(goldenBatch(codec)))).toEqual(manyRecords)
    },
  )

  it('takes the time of the broker where the topic asks for it', () => {
    expect(readAll(cursorOver(goldenBatch('logAppendTime')))).toEqual(
      manyRecords.map((record) => ({ ...record, timestamp: TIME + 99 })),
    )
  })

  it('reads keys, values and headers of the Java client, null and empty ones too', () => {
    expect(readAll(cursorOver(goldenBatch('transactional')))).toEqual([
      { offset: 0, timestamp: TIME, key: 'key', value: 'value', headers: [] },
      { offset: 1, timestamp: TIME + 1, key: 'tombstone', value: null, headers: [] },
      { offset: 2, timestamp: TIME - 86_400_000_000, key: null, value: 'Zürich, 東京, 🚀', headers: [] },
      { offset: 3, timestamp: TIME + 4_000_000_000, key: '', value: '', headers: [] },
      {
        offset: 4,
        timestamp: TIME,
        key: '\0\0\0\0',
        value: Buffer.from([255, 0, 127, 128]).toString(),
        headers: [
          { key: 'reason', value: 'bad json' },
          { key: 'näme', value: null },
          { key: 'empty', value: '' },
        ],
      },
      { offset: 5, timestamp: TIME, key: null, value: 'x'.repeat(300), headers: [] },
    ])
  })

  it('gives views of the fetched bytes, not copies', () => {
    const batch = makeBatch([{ key: 'k', value: 'v' }])
    const cursor = cursorOver(batch)
    cursor.next()
    expect([cursor.key()?.buffer, cursor.value()?.buffer]).toEqual([batch.buffer, batch.buffer])
    expect([cursor.keyBytes, cursor.valueBytes]).toEqual([1, 1])
  })

  it('gives no bytes for null', () => {
    const cursor = cursorOver(makeBatch([{}]))
    cursor.next()
    expect([cursor.key(), cursor.value(), cursor.keyBytes, cursor.valueBytes]).toEqual([null, null, 0, 0])
  })

  it('keeps its place when the headers of a record are read', () => {
    const records = [{ headers: [{ key: 'a', value: '1' }] }, { headers: [{ key: 'b', value: '2' }] }]
    expect(readAll(cursorOver(makeBatch(records))).map(({ headers }) => headers[0]?.key)).toEqual(['a', 'b'])
  })

  it('passes over records before the offset that was asked for', () => {
    const batches = Buffer.concat([
      makeBatch([{}, {}], { baseOffset: 5 }),
      makeBatch([{}, {}, {}], { baseOffset: 7 }),
      makeBatch([{}], { baseOffset: 20 }),
    ])
    expect(offsetsOf(cursorOver(batches, { fromOffset: 8 }))).toEqual([8, 9, 20])
  })

  it('never shows transaction markers', () => {
    const batches = Buffer.concat([
      makeBatch([{}], { baseOffset: 49 }),
      goldenBatch('abortMarker'),
      goldenBatch('commitMarker'),
    ])
    expect(offsetsOf(cursorOver(batches))).toEqual([49])
  })

  it('shows a record whose key looks like a marker, and hides it in an aborted transaction', () => {
    const key = Buffer.alloc(4)
    const batches = Buffer.concat([
      makeBatch([{ key }, { key: 'x' }], {
        baseOffset: 0,
        identity: { producerId: 4711n, producerEpoch: 3 },
      }),
      makeBatch([{ key }], { baseOffset: 2, identity: { producerId: 4711n, producerEpoch: 3 } }),
      goldenBatch('abortMarker'),
      makeBatch([{ key }, { key: 'y' }], {
        baseOffset: 51,
        identity: { producerId: 4711n, producerEpoch: 3 },
      }),
    ])
    const abortFilter = new AbortFilter([{ producerId: 4711n, firstOffset: 0 }])
    expect(offsetsOf(cursorOver(batches, { abortFilter }))).toEqual([51, 52])
    expect(offsetsOf(cursorOver(batches))).toEqual([0, 1, 2, 51, 52])
  })

  it('passes over batches that compaction emptied', () => {
    const batches = Buffer.concat([
      makeEmptiedBatch(0, 9),
      makeBatch([{}], { baseOffset: 10 }),
      makeEmptiedBatch(11, 40),
    ])
    expect(offsetsOf(cursorOver(batches))).toEqual([10])
  })

  it('reads offsets that compaction left with gaps', () => {
    // Offset delta of the second record: the sixth byte from the end of the batch.
    const batch = makeBatch([{ key: 'a' }, { key: 'b' }], { baseOffset: 100 })
    const second = batch.indexOf(Buffer.from('b')) - 2
    batch[second] = 14
    expect(offsetsOf(cursorOver(withChecksum(batch)))).toEqual([100, 107])
  })

  it('stops at a batch that the fetch cut off', () => {
    const whole = makeBatch([{}, {}])
    const cut = makeBatch([{}], { baseOffset: 2 })
    for (let kept = 0; kept < cut.length; kept++) {
      expect(offsetsOf(cursorOver(Buffer.concat([whole, cut.subarray(0, kept)])))).toEqual([0, 1])
    }
  })

  it('reads 300,000 records of one batch', () => {
    const records = Array.from({ length: 300_000 }, () => ({ value: 'v' }))
    const cursor = cursorOver(makeBatch(records))
    let count = 0
    while (cursor.next()) if (cursor.offset === count) count++
    expect(count).toBe(300_000)
  })

  it('reports a wrong checksum with the place, and goes on with the next batch', () => {
    const damaged = makeBatch([{ value: 'abc' }], { baseOffset: 7 })
    damaged[damaged.length - 2]! ^= 1
    const cursor = cursorOver(Buffer.concat([damaged, makeBatch([{}], { baseOffset: 8 })]))
    expect(() => cursor.next()).toThrow(
      expect.objectContaining({ code: 'CORRUPT_BATCH', context: { topic: 'test', partition: 3, offset: 7 } }),
    )
    expect(offsetsOf(cursor)).toEqual([8])
  })

  it('gives a batch that would unpack to too much as it is, and goes on with the next batch', () => {
    const compression = [1, gzipSync] as const
    const bomb = makeBatch([{ value: 'x'.repeat(5_000) }, {}], { baseOffset: 7, compression })
    const batches = Buffer.concat([
      makeBatch([{}], { baseOffset: 6 }),
      bomb,
      makeBatch([{}], { baseOffset: 9 }),
    ])
    const cursor = cursorOver(batches, { maxBatchBytes: 1_000 })
    expect(cursor.next()).toBe(true)
    expect(() => cursor.next()).toThrow(expect.objectContaining({ code: 'BATCH_OVER_LIMIT' }))
    expect(cursor.batch()).toEqual({ baseOffset: 7, lastOffset: 8, recordCount: 2, bytes: bomb })
    expect(offsetsOf(cursor)).toEqual([9])
  })

  it('reports a format that it does not know', () => {
    const old = makeBatch([{}])
    old[BATCH.magic] = 1
    expect(() => cursorOver(old).next()).toThrow(expect.objectContaining({ code: 'CORRUPT_BATCH' }))
  })

  it('never reads past a record, whatever its bytes say', () => {
    const batch = makeBatch([{ key: 'key', value: 'value', headers: [{ key: 'h', value: 'x' }] }])
    for (let at = BATCH.records; at < batch.length; at++) {
      for (const byte of [0x00, 0x01, 0x7f, 0x80, 0xff]) {
        const damaged = Buffer.from(batch)
        damaged[at] = byte
        const cursor = cursorOver(Buffer.concat([withChecksum(damaged), Buffer.alloc(50, 0x41)]))
        expect(outcomeOf(cursor)).not.toContain('AAAA')
      }
    }
  })

  it('reports a batch that announces more records than it has', () => {
    const batch = makeBatch([{}])
    batch.writeInt32BE(2, BATCH.recordCount)
    const cursor = cursorOver(Buffer.concat([withChecksum(batch), makeBatch([{}])]))
    cursor.next()
    expect(() => cursor.next()).toThrow(expect.objectContaining({ code: 'CORRUPT_BATCH' }))
  })
})

/** Everything that a cursor shows, or the code of its error. */
function outcomeOf(cursor: RecordCursor): string {
  try {
    return JSON.stringify(readAll(cursor))
  } catch (error) {
    expect(error).toMatchObject({ name: 'KafkaError' })
    return String(error)
  }
}
