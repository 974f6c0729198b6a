import type { WireReader } from '../wire-reader.ts'
import type { WireWriter } from '../wire-writer.ts'
import { type Api, groupByTopic, ISOLATION_LEVELS, type IsolationLevel, type TopicPartition } from './api.ts'

/** One partition to read. */
export interface FetchRequestPartition extends TopicPartition {
  readonly topicId: string
  readonly offset: number
  readonly maxBytes: number
}

/** A read of partitions that one broker leads. */
export interface FetchRequest {
  readonly isolation: IsolationLevel
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly partitions: readonly FetchRequestPartition[]
}

/** An aborted transaction whose records may stand among those returned. */
export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: number
}

/** What came back for one partition. Offsets are −1 where the broker gave an error instead. */
export interface FetchResponsePartition {
  readonly partition: number
  readonly error: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly logStartOffset: number
  /** In the broker's order, which is that of completion. */
  readonly abortedTransactions: readonly AbortedTransaction[]
  /** Record batches one after the other, the last possibly cut off. */
  readonly records: Buffer
}

/** The partitions of one topic; `topic` is its id from v13 on, its name before. */
export interface FetchResponseTopic {
  readonly topic: string
  readonly partitions: readonly FetchResponsePartition[]
}

/** The answer to a fetch. */
export interface FetchResponse {
  readonly error: number
  readonly topics: readonly FetchResponseTopic[]
}

/** Topics go by id from this version on (KIP-516). */
export const FETCH_BY_TOPIC_ID = 13
/** From this version on the replica id is a tagged field (KIP-903). */
const REPLICA_ID_TAGGED = 15
const CONSUMER = -1
const ANY_LEADER_EPOCH = -1
const NO_SESSION = { id: 0, epoch: -1 } as const
const NO_RECORDS = Buffer.alloc(0)

/*
  Fetch Request v12–17 => (v≤14: replica_id) max_wait_ms min_bytes max_bytes isolation_level session_id session_epoch
                          [topics] [forgotten_topics_data] rack_id TAGS
    topics => (v12: topic, v≥13: topic_id) [partitions] TAGS
      partitions => partition current_leader_epoch fetch_offset last_fetched_epoch log_start_offset
                    partition_max_bytes TAGS
  Fetch Response v12–17 => throttle_time_ms error_code session_id [responses] TAGS
    responses => (v12: topic, v≥13: topic_id) [partitions] TAGS
      partitions => partition_index error_code high_watermark last_stable_offset log_start_offset
                    [aborted_transactions] preferred_read_replica records TAGS
        aborted_transactions => producer_id first_offset TAGS
*/
/** Fetch, without a fetch session. */
export const fetch: Api<FetchRequest, FetchResponse> = {
  name: 'Fetch',
  key: 1,
  minVersion: 12,
  maxVersion: 17,
  encode(writer, request, version) {
    if (version < REPLICA_ID_TAGGED) writer.int32(CONSUMER)
    writer
      .int32(request.maxWaitMs)
      .int32(request.minBytes)
      .int32(request.maxBytes)
      .int8(ISOLATION_LEVELS[request.isolation])
      .int32(NO_SESSION.id)
      .int32(NO_SESSION.epoch)
      .array(groupByTopic(request.partitions), ([topic, partitions]) => {
        if (version < FETCH_BY_TOPIC_ID) writer.string(topic)
        else writer.uuid(partitions[0]!.topicId)
        writer.array(partitions, writePartition).tags()
      })
      .array([], () => {})
      .string('')
      .tags()
  },
  decode(reader, version) {
    reader.int32()
    const error = reader.int16()
    reader.int32()
    const topics = reader.array(() => {
      const topic = version < FETCH_BY_TOPIC_ID ? reader.string() : reader.uuid()
      const partitions = reader.array(readPartition)
      reader.tags()
      return { topic, partitions }
    })
    return { error, topics }
  },
}

function writePartition(partition: FetchRequestPartition, writer: WireWriter): void {
  writer
    .int32(partition.partition)
    .int32(ANY_LEADER_EPOCH)
    .int64(partition.offset)
    .int32(-1)
    .int64(-1)
    .int32(partition.maxBytes)
    .tags()
}

function readPartition(reader: WireReader): FetchResponsePartition {
  const partition = reader.int32()
  const error = reader.int16()
  const highWatermark = reader.int64()
  const lastStableOffset = reader.int64()
  const logStartOffset = reader.int64()
  const abortedTransactions = reader.array(readAborted)
  reader.int32()
  const records = reader.nullableBytes() ?? NO_RECORDS
  reader.tags()
  return { partition, error, highWatermark, lastStableOffset, logStartOffset, abortedTransactions, records }
}

function readAborted(reader: WireReader): AbortedTransaction {
  const producerId = reader.bigint64()
  const firstOffset = reader.int64()
  reader.tags()
  return { producerId, firstOffset }
}
