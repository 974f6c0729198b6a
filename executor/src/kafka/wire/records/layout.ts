/*
  RecordBatch (magic 2, KIP-98) =>
    base_offset INT64 · batch_length INT32 (of what follows) · partition_leader_epoch INT32 · magic INT8 · crc UINT32
    --- the checksum covers everything below ---
    attributes INT16 · last_offset_delta INT32 · base_timestamp INT64 · max_timestamp INT64
    producer_id INT64 · producer_epoch INT16 · base_sequence INT32 · record_count INT32 · [record]
  attributes: bits 0–2 compression, 3 timestamp type, 4 transactional, 5 control
  record => length VARINT · attributes INT8 · timestamp_delta VARLONG · offset_delta VARINT
            key_length VARINT · key · value_length VARINT · value · header_count VARINT · [header]
    header => key_length VARINT · key · value_length VARINT · value
  VARINT and VARLONG are zigzag encoded; a length of −1 means null.
*/

/** Where the fields of a record batch begin, in bytes. */
export const BATCH = {
  baseOffset: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
  records: 61,
} as const

/** Bytes that `batch_length` does not count. */
export const LENGTH_OVERHEAD: number = BATCH.leaderEpoch
/** The only format that brokers since Kafka 4.0 store. */
export const MAGIC = 2
/** Bits of the batch attributes. */
export const ATTRIBUTES = {
  compression: 0x07,
  logAppendTime: 0x08,
  transactional: 0x10,
  control: 0x20,
} as const

/** A record's header as it is written. */
export interface HeaderInput {
  readonly key: string
  readonly value: string | Uint8Array | null
}

/** A record's header as it was read. */
export interface RecordHeader {
  readonly key: string
  /** A view of the fetched bytes. */
  readonly value: Buffer | null
}
