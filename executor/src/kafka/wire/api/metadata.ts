import type { WireReader } from '../wire-reader.ts'
import type { Api } from './api.ts'

/** Where a broker listens. */
export interface BrokerAddress {
  readonly host: string
  readonly port: number
}

/** One partition as the metadata shows it. */
export interface PartitionMetadata {
  readonly partition: number
  /** Broker id; −1 while the partition has no leader. */
  readonly leader: number
  readonly leaderEpoch: number
  readonly replicas: readonly number[]
  readonly inSyncReplicas: readonly number[]
}

/** One topic as the metadata shows it. */
export interface TopicMetadataEntry {
  readonly error: number
  readonly topic: string
  readonly topicId: string
  /** By number. */
  readonly partitions: readonly PartitionMetadata[]
}

/** Topic names; an empty list asks for the brokers alone. */
export interface MetadataRequest {
  readonly topics: readonly string[]
}

/** Brokers and topics of the cluster. */
export interface MetadataResponse {
  readonly brokers: ReadonlyMap<number, BrokerAddress>
  readonly topics: readonly TopicMetadataEntry[]
}

const NO_TOPIC_ID = 'A'.repeat(22)

/*
  Metadata Request v11–13 => [topics] allow_auto_topic_creation include_topic_authorized_operations TAGS
    topics => topic_id name TAGS
  Metadata Response v11–13 => throttle_time_ms [brokers] cluster_id controller_id [topics] (v13: error_code) TAGS
    brokers => node_id host port rack TAGS
    topics => error_code name topic_id is_internal [partitions] topic_authorized_operations TAGS
      partitions => error_code partition_index leader_id leader_epoch [replicas] [isr] [offline_replicas] TAGS
*/
/** Metadata; never creates a topic. */
export const metadata: Api<MetadataRequest, MetadataResponse> = {
  name: 'Metadata',
  key: 3,
  minVersion: 11,
  maxVersion: 13,
  encode(writer, request) {
    writer
      .array(request.topics, (topic) => writer.uuid(NO_TOPIC_ID).string(topic).tags())
      .boolean(false)
      .boolean(false)
      .tags()
  },
  decode(reader) {
    reader.int32()
    const brokers = new Map(reader.array(readBroker))
    reader.nullableString()
    reader.int32()
    return { brokers, topics: reader.array(readTopic) }
  },
}

function readBroker(reader: WireReader): readonly [number, BrokerAddress] {
  const id = reader.int32()
  const address = { host: reader.string(), port: reader.int32() }
  reader.nullableString()
  reader.tags()
  return [id, address]
}

function readTopic(reader: WireReader): TopicMetadataEntry {
  const error = reader.int16()
  const topic = reader.nullableString() ?? ''
  const topicId = reader.uuid()
  reader.boolean()
  const partitions = reader.array(readPartition).sort((a, b) => a.partition - b.partition)
  reader.int32()
  reader.tags()
  return { error, topic, topicId, partitions }
}

function readPartition(reader: WireReader): PartitionMetadata {
  reader.int16()
  const partition = reader.int32()
  const leader = reader.int32()
  const leaderEpoch = reader.int32()
  const replicas = reader.array(readBrokerId)
  const inSyncReplicas = reader.array(readBrokerId)
  reader.array(readBrokerId)
  reader.tags()
  return { partition, leader, leaderEpoch, replicas, inSyncReplicas }
}

function readBrokerId(reader: WireReader): number {
  return reader.int32()
}
