import type { WireReader } from '../wire-reader.ts'
import { type Api, groupByTopic, type ProducerIdentity, type TopicPartition } from './api.ts'

/** The position of a group in one partition. */
export interface GroupOffset extends TopicPartition {
  /** The next offset to read. */
  readonly offset: number
  /** Free text that is stored with the offset. */
  readonly metadata: string
}

/** Commits positions of a group as part of a transaction. */
export interface TxnOffsetCommitRequest {
  readonly transactionalId: string
  readonly identity: ProducerIdentity
  readonly group: string
  readonly offsets: readonly GroupOffset[]
}

/** What became of one position. */
export interface CommittedPartition extends TopicPartition {
  readonly error: number
}

/** The last version before the group joins a transaction by this request (KIP-890, transaction version 2). */
export const TXN_OFFSET_COMMIT_WITHOUT_IMPLICIT_JOIN = 4
const NO_GENERATION = -1
const NO_LEADER_EPOCH = -1

/*
  TxnOffsetCommit Request v3–5 => transactional_id group_id producer_id producer_epoch generation_id member_id
                                  group_instance_id [topics] TAGS
    topics => name [partitions] TAGS
      partitions => partition_index committed_offset committed_leader_epoch committed_metadata TAGS
  TxnOffsetCommit Response v3–5 => throttle_time_ms [topics] TAGS
    topics => name [partitions] TAGS
      partitions => partition_index error_code TAGS
*/
/** TxnOffsetCommit for a group without members: fencing rests on the transactional id. */
export const txnOffsetCommit: Api<TxnOffsetCommitRequest, readonly CommittedPartition[]> = {
  name: 'TxnOffsetCommit',
  key: 28,
  minVersion: 3,
  maxVersion: 5,
  encode(writer, request) {
    writer
      .string(request.transactionalId)
      .string(request.group)
      .bigint64(request.identity.producerId)
      .int16(request.identity.producerEpoch)
      .int32(NO_GENERATION)
      .string('')
      .nullableString(null)
      .array(groupByTopic(request.offsets), ([topic, offsets]) => {
        writer.string(topic)
        writer.array(offsets, ({ partition, offset, metadata }) =>
          writer.int32(partition).int64(offset).int32(NO_LEADER_EPOCH).nullableString(metadata).tags(),
        )
        writer.tags()
      })
      .tags()
  },
  decode(reader) {
    reader.int32()
    return reader.array(readTopic).flat()
  },
}

function readTopic(reader: WireReader): CommittedPartition[] {
  const topic = reader.string()
  const partitions = reader.array(() => {
    const partition = reader.int32()
    const error = reader.int16()
    reader.tags()
    return { topic, partition, error }
  })
  reader.tags()
  return partitions
}
