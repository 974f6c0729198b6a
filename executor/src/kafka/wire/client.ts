import type { TopicPartition } from './api/api.ts'
import type { RecordDeletion } from './api/delete-records.ts'
import { describeConfigs } from './api/describe-configs.ts'
import { Cluster, type ClusterSettings, type TopicMetadata } from './cluster.ts'
import { Fetcher, type FetcherSettings } from './fetcher.ts'
import {
  type CommittedOffset,
  deleteRecordsBefore,
  fetchCommitted,
  findOffsets,
  type LowWatermark,
  type OffsetPlace,
  type PartitionOffset,
} from './offsets.ts'
import { groupByLeader } from './partition-requests.ts'
import { type ProducerSettings, TransactionalProducer } from './transactional-producer.ts'

/** Options of `connectKafka`. */
export interface KafkaOptions extends Partial<ClusterSettings> {
  /** Brokers to ask first, each `host:port`. */
  readonly brokers: readonly string[]
  readonly clientId: string
}

const DEFAULTS = { connectTimeoutMs: 5_000, requestTimeoutMs: 30_000 } as const

/** A connection to one Kafka cluster, made of as many sockets as it needs. */
export class KafkaClient {
  readonly #cluster: Cluster

  /** @internal use `connectKafka` */
  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /**
   * The cluster's finalized level of `transaction.version`, as the broker at hand told it. From 2 on each transaction
   * has an epoch of its own, so that a delayed request cannot end a later one.
   *
   * @throws KafkaError
   */
  transactionVersion(): Promise<number> {
    return this.#cluster.withAnyone(async (connection) => connection.transactionVersion)
  }

  /**
   * Describes topics, in the order of their names. Never creates one.
   *
   * @param refresh ask the cluster even if the topics are known
   * @throws KafkaError for the first topic that cannot be described (`UNKNOWN_TOPIC_OR_PARTITION`, …)
   */
  describeTopics(names: readonly string[], { refresh = false } = {}): Promise<TopicMetadata[]> {
    return this.#cluster.topics(names, refresh)
  }

  /**
   * A setting of topics as it is in force now, their own or their broker's; those of which we are not told are missing.
   *
   * @throws KafkaError
   */
  async topicSetting(topics: readonly string[], setting: string): Promise<ReadonlyMap<string, string>> {
    const request = { topics, setting }
    const { body } = await this.#cluster.withAnyone((broker) => broker.request(describeConfigs, request))
    return new Map(body.flatMap(({ topic, value }) => (value === null ? [] : [[topic, value] as const])))
  }

  /**
   * Partitions under the id of the broker that leads them, for `Fetcher.fetch`.
   *
   * @throws KafkaError
   */
  leadersOf<Item extends TopicPartition>(partitions: readonly Item[]): Promise<ReadonlyMap<number, Item[]>> {
    return groupByLeader(this.#cluster, partitions)
  }

  /**
   * Finds the offset of a place in each partition, in their order.
   *
   * @throws KafkaError
   */
  listOffsets(partitions: readonly TopicPartition[], place: OffsetPlace): Promise<PartitionOffset[]> {
    return findOffsets(this.#cluster, partitions, place)
  }

  /**
   * Positions that a group committed, in the order of `partitions`; waits for undecided transactions.
   *
   * @throws KafkaError `UNSTABLE_OFFSET_COMMIT` when a transaction stays undecided, and others
   */
  committedOffsets(
    group: string,
    partitions: readonly TopicPartition[],
    { deadlineMs = this.#cluster.settings.requestTimeoutMs } = {},
  ): Promise<CommittedOffset[]> {
    return fetchCommitted(this.#cluster, group, partitions, deadlineMs)
  }

  /**
   * Removes records before the given offsets and says where each partition begins now, in the order of `deletions`.
   *
   * @throws KafkaError `OFFSET_OUT_OF_RANGE` beyond the high watermark, `POLICY_VIOLATION` for a topic that is only
   * compacted, and others
   */
  deleteRecords(deletions: readonly RecordDeletion[]): Promise<LowWatermark[]> {
    return deleteRecordsBefore(this.#cluster, deletions)
  }

  /** A reader with sockets of its own. */
  openFetcher(settings: FetcherSettings = {}): Fetcher {
    return new Fetcher(this.#cluster, settings)
  }

  /** A writer for one transactional id, with sockets of its own; call its `init` first. */
  openProducer(settings: ProducerSettings): TransactionalProducer {
    return new TransactionalProducer(this.#cluster, settings)
  }

  /** Closes every socket, those of fetchers and producers too; requests under way fail. */
  close(): void {
    this.#cluster.close()
  }
}

/**
 * Opens a client and makes sure that one of the brokers answers.
 *
 * @throws KafkaError `CONNECTION_FAILED`, `TLS_FAILED`, `AUTHENTICATION_FAILED` or `UNSUPPORTED_BROKER`
 */
export async function connectKafka(options: KafkaOptions): Promise<KafkaClient> {
  const cluster = new Cluster({
    ...options,
    connectTimeoutMs: options.connectTimeoutMs ?? DEFAULTS.connectTimeoutMs,
    requestTimeoutMs: options.requestTimeoutMs ?? DEFAULTS.requestTimeoutMs,
  })
  try {
    await cluster.topics([], true)
  } catch (error) {
    cluster.close()
    throw error
  }
  return new KafkaClient(cluster)
}
