import type { WireReader } from '../wire-reader.ts'
import { type Api, groupByTopic, type TopicPartition } from './api.ts'

/** One record batch for one partition. */
export interface ProduceRequestPartition extends TopicPartition {
  readonly topicId: string
  readonly batch: Buffer
}

/** Record batches for partitions that one broker leads, at most one per partition. */
export interface ProduceRequest {
  readonly transactionalId: string
  /** How long the broker may wait for the in-sync replicas. */
  readonly timeoutMs: number
  readonly partitions: readonly ProduceRequestPartition[]
}

/** What became of one batch; `baseOffset` is −1 with an error. */
export interface ProduceResponsePartition {
  readonly partition: number
  readonly error: number
  readonly baseOffset: number
  readonly message: string | null
}

/** The batches of one topic; `topic` is its id from v13 on, its name before. */
export interface ProduceResponseTopic {
  readonly topic: string
  readonly partitions: readonly ProduceResponsePartition[]
}

/** Topics go by id from this version on (KIP-516). */
export const PRODUCE_BY_TOPIC_ID = 13
/** The last version before partitions join a transaction by being written to (KIP-890, transaction version 2). */
export const PRODUCE_WITHOUT_IMPLICIT_JOIN = 11
/** Every in-sync replica must have the batch. */
const ACKS_ALL = -1

/*
  Produce Request v9–13 => transactional_id acks timeout_ms [topic_data] TAGS
    topic_data => (v≤12: name, v13: topic_id) [partition_data] TAGS
      partition_data => index records TAGS
  Produce Response v9–13 => [responses] throttle_time_ms TAGS
    responses => (v≤12: name, v13: topic_id) [partition_responses] TAGS
      partition_responses => index error_code base_offset log_append_time_ms log_start_offset
                             [record_errors] error_message TAGS
        record_errors => batch_index batch_index_error_message TAGS
*/
/** Produce. */
export const produce: Api<ProduceRequest, readonly ProduceResponseTopic[]> = {
  name: 'Produce',
  key: 0,
  minVersion: 9,
  maxVersion: 13,
  encode(writer, request, version) {
    writer
      .nullableString(request.transactionalId)
      .int16(ACKS_ALL)
      .int32(request.timeoutMs)
      .array(groupByTopic(request.partitions), ([topic, partitions]) => {
        if (version < PRODUCE_BY_TOPIC_ID) writer.string(topic)
        else writer.uuid(partitions[0]!.topicId)
        writer
          .array(partitions, ({ partition, batch }) => writer.int32(partition).records(batch).tags())
          .tags()
      })
      .tags()
  },
  decode(reader, version) {
    return reader.array(() => {
      const topic = version < PRODUCE_BY_TOPIC_ID ? reader.string() : reader.uuid()
      const partitions = reader.array(readPartition)
      reader.tags()
      return { topic, partitions }
    })
  },
}

function readPartition(reader: WireReader): ProduceResponsePartition {
  const partition = reader.int32()
  const error = reader.int16()
  const baseOffset = reader.int64()
  reader.int64()
  reader.int64()
  const recordErrors = reader.array(readRecordError)
  const message = reader.nullableString() ?? recordErrors[0] ?? null
  reader.tags()
  return { partition, error, baseOffset, message }
}

function readRecordError(reader: WireReader): string | null {
  const index = reader.int32()
  const message = reader.nullableString()
  reader.tags()
  return message === null ? null : `record ${index} of the batch: ${message}`
}
