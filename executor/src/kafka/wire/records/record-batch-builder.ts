import type { ProducerIdentity } from '../api/api.ts'
import { crc32c } from '../crc32c.ts'
import { writeInt64 } from '../int64.ts'
import { ATTRIBUTES, BATCH, type HeaderInput, LENGTH_OVERHEAD, MAGIC } from './layout.ts'
import { maxRecordSize, type RecordBytes, writeRecord } from './record-encoder.ts'

/** Default upper bound of a batch, below the broker's default of 1 MiB. */
export const DEFAULT_MAX_BATCH_BYTES = 900_000
const INITIAL_BYTES = 16_384
const NO_LEADER_EPOCH = -1
const NO_HEADERS: readonly HeaderInput[] = []

interface OpenBatch {
  buffer: Buffer
  /** Offset after the last record. */
  end: number
  count: number
  baseTimestamp: number
  maxTimestamp: number
}

/**
 * Collects the records of one topic-partition in their wire form, in batches of a bounded size.
 * Records are encoded once, when they are appended; identity, sequence and checksum are filled in by `seal`.
 * A record that alone is larger than the bound gets a batch of its own.
 */
export class RecordBatchBuilder {
  readonly #maxBatchBytes: number
  #batches: OpenBatch[] = []
  #current: OpenBatch
  #recordCount = 0

  /** @param maxBatchBytes upper bound of a sealed batch, header included */
  constructor(maxBatchBytes: number = DEFAULT_MAX_BATCH_BYTES) {
    this.#maxBatchBytes = maxBatchBytes
    this.#current = this.#openBatch(Buffer.allocUnsafe(INITIAL_BYTES))
  }

  /** Number of records in all batches. */
  get recordCount(): number {
    return this.#recordCount
  }

  /** Number of batches that hold at least one record. */
  get batchCount(): number {
    return this.#recordCount === 0 ? 0 : this.#batches.length
  }

  /** Bytes of all batches as they will be sent. */
  byteLength(): number {
    return this.#recordCount === 0 ? 0 : this.#batches.reduce((sum, batch) => sum + batch.end, 0)
  }

  /** Number of records in one batch. */
  recordCountOf(batch: number): number {
    return this.#batches[batch]!.count
  }

  /** Bytes of one batch as it will be sent. */
  byteLengthOf(batch: number): number {
    return this.#batches[batch]!.end
  }

  /**
   * Adds one record.
   *
   * @param value `null` is a tombstone
   * @param timestamp milliseconds since 1970, a safe integer; brokers refuse negative ones
   * @throws RangeError when the timestamp is no integer
   */
  append(
    key: RecordBytes,
    value: RecordBytes,
    timestamp: number,
    headers: readonly HeaderInput[] = NO_HEADERS,
  ): void {
    if (!Number.isSafeInteger(timestamp)) throw new RangeError(`${timestamp} is no time in milliseconds`)
    const room = maxRecordSize(key, value, headers)
    let batch = this.#current
    let end = this.#write(batch, room, key, value, timestamp, headers)
    if (end > this.#maxBatchBytes && batch.count > 0) {
      batch = this.#openBatch(Buffer.allocUnsafe(INITIAL_BYTES))
      this.#current = batch
      end = this.#write(batch, room, key, value, timestamp, headers)
    }
    if (batch.count === 0) batch.baseTimestamp = timestamp
    if (batch.count === 0 || timestamp > batch.maxTimestamp) batch.maxTimestamp = timestamp
    batch.end = end
    batch.count++
    this.#recordCount++
  }

  /**
   * Completes one batch as part of a transaction. It may be sealed again with another identity or sequence.
   *
   * @param baseSequence sequence number of the batch's first record
   * @returns a view of the builder's own memory, valid until `append`, `seal` of this batch or `reset`
   */
  seal(batch: number, identity: ProducerIdentity, baseSequence: number): Buffer {
    const { buffer, end, count, baseTimestamp, maxTimestamp } = this.#batches[batch]!
    writeInt64(buffer, 0, BATCH.baseOffset)
    buffer.writeInt32BE(end - LENGTH_OVERHEAD, BATCH.length)
    buffer.writeInt32BE(NO_LEADER_EPOCH, BATCH.leaderEpoch)
    buffer[BATCH.magic] = MAGIC
    buffer.writeInt16BE(ATTRIBUTES.transactional, BATCH.attributes)
    buffer.writeInt32BE(count - 1, BATCH.lastOffsetDelta)
    writeInt64(buffer, baseTimestamp, BATCH.baseTimestamp)
    writeInt64(buffer, maxTimestamp, BATCH.maxTimestamp)
    buffer.writeBigInt64BE(identity.producerId, BATCH.producerId)
    buffer.writeInt16BE(identity.producerEpoch, BATCH.producerEpoch)
    buffer.writeInt32BE(baseSequence, BATCH.baseSequence)
    buffer.writeInt32BE(count, BATCH.recordCount)
    buffer.writeUInt32BE(crc32c(buffer, BATCH.attributes, end), BATCH.crc)
    return buffer.subarray(0, end)
  }

  /** Forgets all records. The memory of one batch is kept for the next ones. */
  reset(): void {
    const [first] = this.#batches
    this.#batches = []
    this.#recordCount = 0
    this.#current = this.#openBatch(first!.buffer)
  }

  #openBatch(buffer: Buffer): OpenBatch {
    const batch: OpenBatch = { buffer, end: BATCH.records, count: 0, baseTimestamp: 0, maxTimestamp: 0 }
    this.#batches.push(batch)
    return batch
  }

  #write(
    batch: OpenBatch,
    room: number,
    key: RecordBytes,
    value: RecordBytes,
    timestamp: number,
    headers: readonly HeaderInput[],
  ): number {
    if (batch.end + room > batch.buffer.length) batch.buffer = grown(batch.buffer, batch.end, room)
    const timestampDelta = batch.count === 0 ? 0 : timestamp - batch.baseTimestamp
    return writeRecord(batch.buffer, batch.end, batch.count, timestampDelta, key, value, headers)
  }
}

function grown(buffer: Buffer, used: number, room: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, used + room))
  buffer.copy(larger, 0, 0, used)
  return larger
}
