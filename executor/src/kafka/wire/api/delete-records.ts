import type { WireReader } from '../wire-reader.ts'
import { type Api, groupByTopic, type TopicPartition } from './api.ts'

/** Forget the records of one partition before an offset; −1 means up to the high watermark. */
export interface RecordDeletion extends TopicPartition {
  readonly beforeOffset: number
}

/** Deletions in partitions of one leader. */
export interface DeleteRecordsRequest {
  readonly deletions: readonly RecordDeletion[]
  readonly timeoutMs: number
}

/** What became of one partition: its first offset on all replicas. */
export interface DeletedRecords extends TopicPartition {
  readonly error: number
  readonly lowWatermark: number
}

/*
  DeleteRecords Request v2 => [topics] timeout_ms TAGS
    topics => name [partitions] TAGS
      partitions => partition_index offset TAGS
  DeleteRecords Response v2 => throttle_time_ms [topics] TAGS
    topics => name [partitions] TAGS
      partitions => partition_index low_watermark error_code TAGS
*/
/** DeleteRecords (KIP-107). */
export const deleteRecords: Api<DeleteRecordsRequest, readonly DeletedRecords[]> = {
  name: 'DeleteRecords',
  key: 21,
  minVersion: 2,
  maxVersion: 2,
  encode(writer, request) {
    writer
      .array(groupByTopic(request.deletions), ([topic, deletions]) =>
        writer
          .string(topic)
          .array(deletions, ({ partition, beforeOffset }) =>
            writer.int32(partition).int64(beforeOffset).tags(),
          )
          .tags(),
      )
      .int32(request.timeoutMs)
      .tags()
  },
  decode(reader) {
    reader.int32()
    return reader.array(readTopic).flat()
  },
}

function readTopic(reader: WireReader): DeletedRecords[] {
  const topic = reader.string()
  const partitions = reader.array(() => {
    const partition = reader.int32()
    const lowWatermark = reader.int64()
    const error = reader.int16()
    reader.tags()
    return { topic, partition, lowWatermark, error }
  })
  reader.tags()
  return partitions
}
