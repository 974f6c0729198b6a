import type { WireReader } from '../wire-reader.ts'
import { type Api, groupByTopic, ISOLATION_LEVELS, type IsolationLevel, type TopicPartition } from './api.ts'

/** One lookup: `timestamp` in milliseconds, −1 the end, −2 the start of the log. */
export interface OffsetLookup extends TopicPartition {
  readonly timestamp: number
}

/** Lookups for partitions of one leader. */
export interface ListOffsetsRequest {
  readonly isolation: IsolationLevel
  readonly lookups: readonly OffsetLookup[]
}

/** The first offset at or after the timestamp; both −1 when there is none. */
export interface ListedOffset extends TopicPartition {
  readonly error: number
  readonly timestamp: number
  readonly offset: number
}

const CONSUMER = -1
const ANY_LEADER_EPOCH = -1

/*
  ListOffsets Request v7–9 => replica_id isolation_level [topics] TAGS
    topics => name [partitions] TAGS
      partitions => partition_index current_leader_epoch timestamp TAGS
  ListOffsets Response v7–9 => throttle_time_ms [topics] TAGS
    topics => name [partitions] TAGS
      partitions => partition_index error_code timestamp offset leader_epoch TAGS
*/
/** ListOffsets. */
export const listOffsets: Api<ListOffsetsRequest, readonly ListedOffset[]> = {
  name: 'ListOffsets',
  key: 2,
  minVersion: 7,
  maxVersion: 9,
  encode(writer, request) {
    writer
      .int32(CONSUMER)
      .int8(ISOLATION_LEVELS[request.isolation])
      .array(groupByTopic(request.lookups), ([topic, lookups]) => {
        writer.string(topic)
        writer.array(lookups, (lookup) =>
          writer.int32(lookup.partition).int32(ANY_LEADER_EPOCH).int64(lookup.timestamp).tags(),
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

function readTopic(reader: WireReader): ListedOffset[] {
  const topic = reader.string()
  const offsets = reader.array(() => {
    const partition = reader.int32()
    const error = reader.int16()
    const timestamp = reader.int64()
    const offset = reader.int64()
    reader.int32()
    reader.tags()
    return { topic, partition, error, timestamp, offset }
  })
  reader.tags()
  return offsets
}
