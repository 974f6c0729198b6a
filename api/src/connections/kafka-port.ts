export interface TopicDescription {
  readonly name: string
  readonly topicId: string
  readonly partitions: number
  readonly config: { readonly [name: string]: string }
}
export interface NewTopic {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  readonly config: { readonly [name: string]: string }
}
export interface SampledRecord {
  readonly partition: number
  readonly offset: bigint
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: { readonly [name: string]: string }
}
export interface KafkaPort {
  listTopics(): Promise<readonly { readonly name: string; readonly partitions: number }[]>
  describeTopic(name: string): Promise<TopicDescription | null>
  createTopic(topic: NewTopic): Promise<void>
  deleteTopics(names: readonly string[]): Promise<void>
  sample(
    topic: string,
    options: {
      readonly partition?: number
      readonly from: 'latest' | 'earliest'
      readonly limit: number
      readonly maxBytes: number
      readonly timeoutMs: number
    },
  ): Promise<readonly SampledRecord[]>
  offsets(
    topic: string,
  ): Promise<readonly { readonly partition: number; readonly low: bigint; readonly high: bigint }[]>
  deleteGroups(groups: readonly string[]): Promise<void>
  close(): Promise<void>
}
