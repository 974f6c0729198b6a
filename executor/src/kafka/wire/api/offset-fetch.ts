import type { WireReader } from '../wire-reader.ts'
import { type Api, groupByTopic, type TopicPartition } from './api.ts'

/** Asks for committed positions of one group. */
export interface OffsetFetchRequest {
  readonly group: string
  readonly partitions: readonly TopicPartition[]
  /** Refuse (UNSTABLE_OFFSET_COMMIT) while a transaction that moves the position is undecided (KIP-447). */
  readonly requireStable: boolean
}

/** One committed position; offset −1 when there is none. */
export interface FetchedOffset extends TopicPartition {
  readonly error: number
  readonly offset: number
  readonly metadata: string
}

/** The positions of one group. */
export interface OffsetFetchResponse {
  readonly error: number
  readonly offsets: readonly FetchedOffset[]
}

/** From this version on a member may name itself (KIP-848). */
const WITH_MEMBER = 9

/*
  OffsetFetch Request v8–9 => [groups] require_stable TAGS
    groups => group_id (v9: member_id member_epoch) [topics] TAGS
      topics => name [partition_indexes] TAGS
  OffsetFetch Response v8–9 => throttle_time_ms [groups] TAGS
    groups => group_id [topics] error_code TAGS
      topics => name [partitions] TAGS
        partitions => partition_index committed_offset committed_leader_epoch metadata error_code TAGS
*/
/** OffsetFetch (batched since KIP-709; one group is asked for at a time). */
export const offsetFetch: Api<OffsetFetchRequest, OffsetFetchResponse> = {
  name: 'OffsetFetch',
  key: 9,
  minVersion: 8,
  maxVersion: 9,
  encode(writer, request, version) {
    writer.array([request], ({ group, partitions }) => {
      writer.string(group)
      if (version >= WITH_MEMBER) writer.nullableString(null).int32(-1)
      writer
        .array(groupByTopic(partitions), ([topic, items]) =>
          writer
            .string(topic)
            .array(items, ({ partition }) => writer.int32(partition))
            .tags(),
        )
        .tags()
    })
    writer.boolean(request.requireStable).tags()
  },
  decode(reader) {
    reader.int32()
    const [group] = reader.array(readGroup)
    if (!group) throw new RangeError('the answer names no group')
    return group
  },
}

function readGroup(reader: WireReader): OffsetFetchResponse {
  reader.string()
  const offsets = reader.array(readTopic).flat()
  const error = reader.int16()
  reader.tags()
  return { error, offsets }
}

function readTopic(reader: WireReader): FetchedOffset[] {
  const topic = reader.string()
  const offsets = reader.array(() => {
    const partition = reader.int32()
    const offset = reader.int64()
    reader.int32()
    const metadata = reader.nullableString() ?? ''
    const error = reader.int16()
    reader.tags()
    return { topic, partition, offset, metadata, error }
  })
  reader.tags()
  return offsets
}
