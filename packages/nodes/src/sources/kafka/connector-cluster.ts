import type { Kafka } from 'kafkajs'
import { decodeTopic, encodeTopicRequest, METADATA, type TopicIdentity } from './connector-topic-request.ts'

/**
 * The parts of kafkajs that read topics, as far as they are used here. They are private: kafkajs offers no reading
 * without a consumer group, and no topic ids. Its version is pinned, and the integration tests cover every use.
 */
interface Cluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  addTargetTopic(topic: string): Promise<void>
  refreshMetadata(): Promise<void>
  findTopicPartitionMetadata(
    topic: string,
  ): readonly { readonly partitionId: number; readonly leader: number }[]
  findBroker(node: { readonly nodeId: number }): Promise<Broker>
  readonly brokerPool: { findConnectedBroker(): Promise<Broker> }
}

interface Broker {
  readonly connectionPool: { getConnection(): Promise<Connection> }
  fetch(request: object): Promise<FetchResponse>
}

interface Connection {
  send(exchange: object): Promise<TopicIdentity | null>
}

interface FetchResponse {
  readonly responses: readonly { readonly partitions: readonly FetchedPartition[] }[]
}

/** What a fetch gives of one partition. */
export interface FetchedPartition {
  readonly abortedTransactions?: readonly { readonly producerId: string; readonly firstOffset: string }[]
  readonly messages: readonly FetchedMessage[]
}

/** A record, or a control record, as kafkajs decodes it. */
export interface FetchedMessage {
  readonly offset: string
  readonly timestamp: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers?: { readonly [name: string]: Buffer | readonly Buffer[] | undefined }
  /** Missing in the message formats before transactions. */
  readonly batchContext?: {
    readonly producerId: string
    readonly inTransaction: boolean
    readonly isControlBatch: boolean
  }
}

/** Where to fetch. */
export interface FetchPlace {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly maxBytes: number
}

const READ_COMMITTED = 1
const MAX_WAIT_MS = 100

/** Reads partitions without a group, and the ids of topics. */
export class ClusterReader {
  readonly #cluster: Cluster

  constructor(kafka: Kafka) {
    this.#cluster = createCluster(kafka)
  }

  connect(): Promise<void> {
    return this.#cluster.connect()
  }

  disconnect(): Promise<void> {
    return this.#cluster.disconnect()
  }

  /** Fetches from one offset on, aborted records included. */
  async fetch({ topic, partition, offset, maxBytes }: FetchPlace): Promise<FetchedPartition | undefined> {
    await this.#cluster.addTargetTopic(topic)
    const leader = this.#cluster
      .findTopicPartitionMetadata(topic)
      .find(({ partitionId }) => partitionId === partition)?.leader
    const broker = await this.#cluster.findBroker({ nodeId: leader ?? -1 })
    const { responses } = await broker.fetch({
      isolationLevel: READ_COMMITTED,
      maxWaitTime: MAX_WAIT_MS,
      minBytes: 1,
      maxBytes,
      topics: [{ topic, partitions: [{ partition, fetchOffset: offset, maxBytes }] }],
    })
    return responses[0]?.partitions[0]
  }

  /** Forgets what is known of leaders, after a fetch that failed. */
  async refresh(): Promise<void> {
    await this.#cluster.refreshMetadata()
  }

  /** Id and number of partitions of a topic; null where it does not exist. */
  async describeTopic(topic: string): Promise<TopicIdentity | null> {
    const broker = await this.#cluster.brokerPool.findConnectedBroker()
    const connection = await broker.connectionPool.getConnection()
    return connection.send({
      request: { ...METADATA, encode: async () => encodeTopicRequest(topic) },
      response: {
        decode: async (payload: Buffer) => payload,
        parse: async (payload: Buffer) => decodeTopic(payload),
      },
    })
  }
}

function createCluster(kafka: Kafka): Cluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(({ description = '' }) =>
    description.endsWith(':createCluster'),
  )
  const create = symbol && (kafka as unknown as Record<symbol, (options: object) => Cluster>)[symbol]
  if (create === undefined) throw new Error('this version of kafkajs has no private createCluster')
  return create({ allowAutoTopicCreation: false, isolationLevel: READ_COMMITTED })
}
