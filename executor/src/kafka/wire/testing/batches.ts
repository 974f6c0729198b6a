import type { ProducerIdentity } from '../api/api.ts'
import { crc32c } from '../crc32c.ts'
import { writeInt64 } from '../int64.ts'
import type { AbortFilter } from '../records/abort-filter.ts'
import { BATCH, type HeaderInput, LENGTH_OVERHEAD } from '../records/layout.ts'
import { RecordBatchBuilder } from '../records/record-batch-builder.ts'
import { RecordCursor } from '../records/record-cursor.ts'
import type { RecordBytes } from '../records/record-encoder.ts'

/** A record to write. */
export interface TestRecord {
  readonly key?: RecordBytes
  readonly value?: RecordBytes
  readonly timestamp?: number
  readonly headers?: readonly HeaderInput[]
}

/** A record as it was read. */
export interface ReadRecord {
  readonly offset: number
  readonly timestamp: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly { readonly key: string; readonly value: string | null }[]
}

/** What a batch is to be apart from its records. */
export interface BatchShape {
  readonly baseOffset?: number
  readonly identity?: ProducerIdentity
  /** Compression bits, with the function that packs the records. */
  readonly compression?: readonly [codec: number, pack: (records: Buffer) => Buffer]
  readonly control?: boolean
}

const SOME_PRODUCER: ProducerIdentity = { producerId: 1n, producerEpoch: 0 }

/** A builder that holds the records. */
export function builderOf(records: readonly TestRecord[], maxBatchBytes?: number): RecordBatchBuilder {
  const builder = new RecordBatchBuilder(maxBatchBytes)
  for (const { key = null, value = null, timestamp = 0, headers } of records) {
    builder.append(key, value, timestamp, headers)
  }
  return builder
}

/** One transactional batch with a valid checksum. */
export function makeBatch(records: readonly TestRecord[], shape: BatchShape = {}): Buffer {
  const sealed = builderOf(records, Number.POSITIVE_INFINITY).seal(0, shape.identity ?? SOME_PRODUCER, 0)
  const [codec, pack] = shape.compression ?? [0, (bytes: Buffer) => bytes]
  const batch = Buffer.concat([sealed.subarray(0, BATCH.records), pack(sealed.subarray(BATCH.records))])
  const control = shape.control ? 0x20 : 0
  writeInt64(batch, shape.baseOffset ?? 0, BATCH.baseOffset)
  batch.writeInt32BE(batch.length - LENGTH_OVERHEAD, BATCH.length)
  batch.writeInt16BE(batch.readInt16BE(BATCH.attributes) | codec | control, BATCH.attributes)
  return withChecksum(batch)
}

/** A batch as compaction leaves it when every record is gone: the header alone. */
export function makeEmptiedBatch(baseOffset: number, lastOffset: number): Buffer {
  const batch = Buffer.from(makeBatch([{}], { baseOffset }).subarray(0, BATCH.records))
  batch.writeInt32BE(batch.length - LENGTH_OVERHEAD, BATCH.length)
  batch.writeInt32BE(lastOffset - baseOffset, BATCH.lastOffsetDelta)
  batch.writeInt32BE(0, BATCH.recordCount)
  return withChecksum(batch)
}

/** Sets the checksum of a batch that was changed by hand. */
export function withChecksum(batch: Buffer): Buffer {
  batch.writeUInt32BE(crc32c(batch, BATCH.attributes), BATCH.crc)
  return batch
}

/** A cursor over batches. */
export function cursorOver(
  batches: Buffer,
  { fromOffset = 0, abortFilter = null, maxBatchBytes = 1 << 26 }: CursorOptions = {},
): RecordCursor {
  return new RecordCursor({ topic: 'test', partition: 3, batches, fromOffset, abortFilter, maxBatchBytes })
}

/** Options of `cursorOver`. */
export interface CursorOptions {
  readonly fromOffset?: number
  readonly abortFilter?: AbortFilter | null
  readonly maxBatchBytes?: number
}

/** All records that are left under a cursor. */
export function readAll(cursor: RecordCursor): ReadRecord[] {
  const records: ReadRecord[] = []
  while (cursor.next()) {
    records.push({
      offset: cursor.offset,
      timestamp: cursor.timestamp,
      key: cursor.keyText(),
      value: cursor.valueText(),
      headers: cursor.headers().map(({ key, value }) => ({ key, value: value?.toString() ?? null })),
    })
  }
  return records
}
