/** A topic, as lists show it. */
export interface TopicSummary {
  readonly name: string
  readonly partitions: number
}

/** What a topic looks like. */
export interface TopicDescription extends TopicSummary {
  /** Kafka's id of the topic, as Kafka writes it: a topic that is deleted and created anew has another one. */
  readonly topicId: string
  /** All settings, such as `max.message.bytes`, `cleanup.policy` and `message.timestamp.type`. */
  readonly config: { readonly [name: string]: string }
}

/** A topic to be created. */
export interface NewTopic extends TopicSummary {
  readonly replicationFactor: number
  /** Settings other than the broker's defaults. */
  readonly config: { readonly [name: string]: string }
}

/** Which records to read. */
export interface SampleOptions {
  /** All partitions, a share of each, if absent. */
  readonly partition?: number
  /** The newest records, or the oldest. */
  readonly from: 'latest' | 'earliest'
  /** With `earliest`: not before this offset of each partition, and not before the first record from this time on, epoch ms. */
  readonly offset?: number
  readonly time?: number
  /** Records at most, over all partitions. */
  readonly limit: number
  /** Bytes of keys and values at most; the record that goes beyond is the last. */
  readonly maxBytes: number
  /** What was read until then is what there is. */
  readonly timeoutMs: number
}

/** A record as it stands in the topic. */
export interface SampledRecord {
  readonly partition: number
  readonly offset: number
  /** Epoch ms. */
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  /** Values as UTF-8 text; of headers with one name the last. No prototype: a name may be any text. */
  readonly headers: { readonly [name: string]: string }
}

/** A record to be written. */
export interface ProducedRecord {
  /** Decides on the partition, as Kafka's default partitioner does; null: spread evenly. */
  readonly key: string | null
  /** Null: a tombstone. */
  readonly value: string | null
  /** Epoch ms; the time of writing if absent. */
  readonly timestamp?: number
  readonly headers?: { readonly [name: string]: string }
}

/** Where a partition begins and ends. */
export interface PartitionOffsets {
  readonly partition: number
  /** Offset of the oldest record. */
  readonly low: number
  /** The last stable offset: what a reader of committed records can reach. */
  readonly high: number
}

/**
 * A Kafka cluster, as Millrace administers, samples and fills it. Pipelines read and write through a layer of their own.
 * All calls are bounded in time and throw `PortError`.
 */
export interface KafkaPort {
  /** All topics but Kafka's own (`__…`). */
  listTopics(): Promise<readonly TopicSummary[]>
  /** Null where there is no such topic. */
  describeTopic(name: string): Promise<TopicDescription | null>
  /** Creates a topic unless it exists; false where it did. */
  createTopic(topic: NewTopic): Promise<boolean>
  /** Gives a topic these settings; all others are the broker's again. */
  configureTopic(name: string, config: { readonly [name: string]: string }): Promise<void>
  /** Deletes those topics that exist, and waits until they are gone. */
  deleteTopics(names: readonly string[]): Promise<void>
  /** Reads a few committed records, by partition and offset. No group is left behind, nobody's position moves. */
  sample(topic: string, options: SampleOptions): Promise<readonly SampledRecord[]>
  /** Writes records; each is on all in-sync replicas when this resolves. After an error some may be there. */
  produce(topic: string, records: readonly ProducedRecord[]): Promise<void>
  /** By partition. */
  offsets(topic: string): Promise<readonly PartitionOffsets[]>
  /** Deletes those consumer groups that exist. */
  deleteGroups(groups: readonly string[]): Promise<void>
  close(): Promise<void>
}
