import { crc32c } from '../crc32c.ts'
import { clientFault, type FaultContext, type KafkaError } from '../errors.ts'
import { readInt64 } from '../int64.ts'
import type { AbortFilter } from './abort-filter.ts'
import { completeBatchEnd, lastOffsetOf } from './batch-header.ts'
import { decompress } from './decompress.ts'
import { ATTRIBUTES, BATCH, MAGIC, type RecordHeader } from './layout.ts'

/** What a cursor reads and how. */
export interface RecordSource {
  readonly topic: string
  readonly partition: number
  /** Record batches one after the other, the last possibly cut off. */
  readonly batches: Buffer
  /** Records before this offset are passed over: a broker returns whole batches. */
  readonly fromOffset: number
  /** `null` shows aborted records too. */
  readonly abortFilter: AbortFilter | null
  /** Upper bound of the unpacked records of one batch. */
  readonly maxBatchBytes: number
}

/** A batch as it was fetched. */
export interface PackedBatch {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly recordCount: number
  /** Header and packed records: a view of what was fetched. */
  readonly bytes: Buffer
}

const NOTHING = Buffer.alloc(0)
const NULL_SIZE = -1

/**
 * Walks over the records of fetched batches, one at a time and only forwards. Nothing is decoded before it is asked
 * for, and no object is made per record: `offset` and `timestamp` are set by `next`; `key` and `value` give views of
 * the fetched (or unpacked) bytes, which keep those bytes in memory as long as they are held.
 */
export class RecordCursor {
  /** Of the current record. */
  offset = -1
  /** Milliseconds since 1970 of the current record. */
  timestamp = -1

  readonly #source: RecordSource
  #batchFrom = 0
  #batchAt = 0
  #baseOffset = 0
  #baseTimestamp = 0
  /** The broker's time for every record of the batch, or −1 when each has its own. */
  #appendTime = -1
  #left = 0

  #data: Buffer = NOTHING
  #at = 0
  #dataEnd = 0
  #keyAt = 0
  #keySize = NULL_SIZE
  #valueAt = 0
  #valueSize = NULL_SIZE
  #headersAt = 0

  constructor(source: RecordSource) {
    this.#source = source
  }

  /**
   * Moves to the next record that a reader may see.
   *
   * @returns false after the last one
   * @throws KafkaError `CORRUPT_BATCH`, `BATCH_OVER_LIMIT` or `NUMBER_TOO_LARGE`; its context names topic, partition
   * and the batch's base offset. The next call goes on with the batch after it.
   */
  next(): boolean {
    for (;;) {
      if (this.#left === 0) {
        if (!this.#openBatch()) return false
      } else {
        this.#left--
        this.#readRecord()
        if (this.offset >= this.#source.fromOffset) return true
      }
    }
  }

  /** The batch that was opened last; after `BATCH_OVER_LIMIT` the one that was not. */
  batch(): PackedBatch {
    const { batches } = this.#source
    return {
      baseOffset: this.#baseOffset,
      lastOffset: lastOffsetOf(batches, this.#batchFrom),
      recordCount: batches.readInt32BE(this.#batchFrom + BATCH.recordCount),
      bytes: batches.subarray(this.#batchFrom, this.#batchAt),
    }
  }

  /** Key of the current record. */
  key(): Buffer | null {
    return this.#keySize < 0 ? null : this.#data.subarray(this.#keyAt, this.#keyAt + this.#keySize)
  }

  /** Value of the current record; `null` is a tombstone. */
  value(): Buffer | null {
    return this.#valueSize < 0 ? null : this.#data.subarray(this.#valueAt, this.#valueAt + this.#valueSize)
  }

  /** Key as UTF-8 text; cheaper than a view where the text is all that is wanted. */
  keyText(): string | null {
    return this.#keySize < 0 ? null : this.#data.toString('utf8', this.#keyAt, this.#keyAt + this.#keySize)
  }

  /** Value as UTF-8 text; invalid bytes become U+FFFD. */
  valueText(): string | null {
    return this.#valueSize < 0
      ? null
      : this.#data.toString('utf8', this.#valueAt, this.#valueAt + this.#valueSize)
  }

  /** Bytes of the current record's key, 0 for null. */
  get keyBytes(): number {
    return Math.max(0, this.#keySize)
  }

  /** Bytes of the current record's value, 0 for null. */
  get valueBytes(): number {
    return Math.max(0, this.#valueSize)
  }

  /**
   * Headers of the current record, in their order; keys may repeat.
   *
   * @throws KafkaError `CORRUPT_BATCH`
   */
  headers(): RecordHeader[] {
    const resume = this.#at
    const end = this.#at
    this.#at = this.#headersAt
    const count = this.#varint()
    const headers: RecordHeader[] = []
    for (let index = 0; index < count; index++) {
      const key = this.#sized(end)
      if (key === null) throw this.#corrupt('a header has no key')
      headers.push({ key: key.toString('utf8'), value: this.#sized(end) })
    }
    this.#at = resume
    return headers
  }

  /** Goes to the next batch that holds visible records; false when there is none. */
  #openBatch(): boolean {
    const { batches, fromOffset, abortFilter } = this.#source
    for (;;) {
      const from = this.#batchAt
      const end = completeBatchEnd(batches, from)
      if (end < 0) return false
      this.#batchFrom = from
      this.#batchAt = end
      this.#baseOffset = readInt64(batches, from)
      if (batches[from + BATCH.magic] !== MAGIC)
        throw this.#corrupt(`format ${batches[from + BATCH.magic]} is not known`)
      const attributes = batches.readInt16BE(from + BATCH.attributes)
      const control = (attributes & ATTRIBUTES.control) !== 0
      const lastOffset = lastOffsetOf(batches, from)
      const hidden = abortFilter?.hides({
        lastOffset,
        producerId: batches.readBigInt64BE(from + BATCH.producerId),
        transactional: (attributes & ATTRIBUTES.transactional) !== 0,
        control,
      })
      const count = batches.readInt32BE(from + BATCH.recordCount)
      if (hidden || control || count === 0 || lastOffset < fromOffset) continue
      this.#enterBatch(from, end, attributes, count)
      return true
    }
  }

  #enterBatch(from: number, end: number, attributes: number, count: number): void {
    const { batches, maxBatchBytes } = this.#source
    if (crc32c(batches, from + BATCH.attributes, end) !== batches.readUInt32BE(from + BATCH.crc)) {
      throw this.#corrupt('the checksum is wrong')
    }
    this.#baseTimestamp = readInt64(batches, from + BATCH.baseTimestamp)
    this.#appendTime =
      attributes & ATTRIBUTES.logAppendTime ? readInt64(batches, from + BATCH.maxTimestamp) : -1
    const compression = attributes & ATTRIBUTES.compression
    if (compression === 0) {
      this.#data = batches
      this.#at = from + BATCH.records
      this.#dataEnd = end
    } else {
      const packed = batches.subarray(from + BATCH.records, end)
      this.#data = decompress(compression, packed, maxBatchBytes, this.#context())
      this.#at = 0
      this.#dataEnd = this.#data.length
    }
    this.#left = count
  }

  #readRecord(): void {
    const size = this.#varint()
    const end = this.#at + size
    if (size < 0 || end > this.#dataEnd) throw this.#corrupt('a record is longer than its batch')
    this.#at++
    const timestampDelta = this.#varlong()
    this.timestamp = this.#appendTime < 0 ? this.#baseTimestamp + timestampDelta : this.#appendTime
    this.offset = this.#baseOffset + this.#varint()
    this.#keySize = this.#varint()
    this.#keyAt = this.#at
    if (this.#keySize > 0) this.#at += this.#keySize
    this.#valueSize = this.#at <= end ? this.#varint() : NULL_SIZE
    this.#valueAt = this.#at
    if (this.#valueSize > 0) this.#at += this.#valueSize
    this.#headersAt = this.#at
    if (this.#headersAt >= end) throw this.#corrupt('a key or value is longer than its record')
    this.#at = end
  }

  #sized(end: number): Buffer | null {
    const size = this.#varint()
    if (size < 0) return null
    const from = this.#at
    this.#at += size
    if (this.#at > end) throw this.#corrupt('a header is longer than its record')
    return this.#data.subarray(from, this.#at)
  }

  /** Reading past the data gives `undefined`, which ends the integer; the record's own length check then fails. */
  #varint(): number {
    const data = this.#data
    let at = this.#at
    let byte = data[at++]!
    let raw = byte & 0x7f
    for (let shift = 7; byte > 0x7f; shift += 7) {
      if (shift > 28) throw this.#corrupt('a variable-length integer is longer than five bytes')
      byte = data[at++]!
      raw |= (byte & 0x7f) << shift
    }
    this.#at = at
    return (raw >>> 1) ^ -(raw & 1)
  }

  /** As `#varint`, beyond 32 bits by arithmetic instead of bits. */
  #varlong(): number {
    const data = this.#data
    let at = this.#at
    let byte = data[at++]!
    let raw = byte & 0x7f
    for (let scale = 0x80; byte > 0x7f; scale *= 0x80) {
      byte = data[at++]!
      raw += (byte & 0x7f) * scale
    }
    if (raw > Number.MAX_SAFE_INTEGER) throw this.#corrupt('a timestamp is out of range')
    this.#at = at
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2
  }

  #corrupt(text: string): KafkaError {
    this.#left = 0
    return clientFault('CORRUPT_BATCH', text, this.#context())
  }

  #context(): FaultContext {
    return { topic: this.#source.topic, partition: this.#source.partition, offset: this.#baseOffset }
  }
}
