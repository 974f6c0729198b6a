import type { IsolationLevel, TopicPartition } from './api/api.ts'
import {
  FETCH_BY_TOPIC_ID,
  type FetchRequestPartition,
  type FetchResponse,
  type FetchResponsePartition,
  fetch,
} from './api/fetch.ts'
import type { Reply } from './broker-connection.ts'
import type { BrokerLink } from './broker-link.ts'
import { BrokerLinks } from './broker-links.ts'
import type { Cluster } from './cluster.ts'
import { brokerError, clientFault, type KafkaError, throwOnError } from './errors.ts'
import { AbortFilter } from './records/abort-filter.ts'
import { nextOffsetAfter } from './records/batch-header.ts'
import { RecordCursor } from './records/record-cursor.ts'

/** One partition to read and from where. */
export interface FetchPosition extends TopicPartition {
  readonly offset: number
  /** Upper bound of the bytes of this partition; a first batch that is larger comes whole. */
  readonly maxBytes?: number
  /**
   * The topic id that the offset belongs to: a topic that was re-created under the same name gives `UNKNOWN_TOPIC_ID`
   * (Fetch version 13 and above). Absent: the topic that has the name now.
   */
  readonly topicId?: string
}

/** How to read. */
export interface FetchOptions {
  readonly isolation: IsolationLevel
  /** The broker answers as soon as it has so many bytes … */
  readonly minBytes?: number
  /** … or so much time has passed; bounded by half the client's request timeout. */
  readonly maxWaitMs: number
  /** Upper bound of the bytes of all partitions. */
  readonly maxBytes?: number
  readonly signal?: AbortSignal
}

/** Settings of one fetcher. */
export interface FetcherSettings {
  /** Upper bound of the unpacked records of one batch; default 64 MiB. A larger one is `BATCH_OVER_LIMIT`. */
  readonly maxBatchBytes?: number
}

/** What a fetch found in one partition. */
export interface FetchedPartition extends TopicPartition {
  /** Why there is nothing; offsets are −1 then. Leaders that moved are looked up by the next `leadersOf`. */
  readonly error: KafkaError | null
  /** End of what is replicated. */
  readonly highWatermark: number
  /** End of what is decided: no open transaction begins before it. */
  readonly lastStableOffset: number
  readonly logStartOffset: number
  /** Where to read on, past markers and batches that compaction emptied; as asked for when nothing came. */
  readonly nextOffset: number
  /** Bytes that came, compressed as they are. */
  readonly bytes: number
  /** A new walk over the records. */
  records(): RecordCursor
}

const MEBIBYTE = 1_048_576
const DEFAULTS = {
  minBytes: 1,
  maxBytes: 16 * MEBIBYTE,
  partitionMaxBytes: MEBIBYTE,
  maxBatchBytes: 64 * MEBIBYTE,
} as const

/**
 * Reads partitions over sockets of its own, one per broker, so that a long poll delays nobody else. One fetch per
 * broker should be under way at a time: a broker answers a socket's requests one after the other.
 */
export class Fetcher {
  readonly #cluster: Cluster
  readonly #links: BrokerLinks
  readonly #maxBatchBytes: number

  /** @internal use `KafkaClient.openFetcher` */
  constructor(cluster: Cluster, settings: FetcherSettings) {
    this.#cluster = cluster
    this.#maxBatchBytes = settings.maxBatchBytes ?? DEFAULTS.maxBatchBytes
    this.#links = new BrokerLinks(cluster)
  }

  /**
   * Reads partitions that one broker leads (`KafkaClient.leadersOf`).
   *
   * @returns one result per position, in their order; a partition's own fault is in its `error`
   * @throws KafkaError when the whole request failed, `FETCH_ABORTED` when the signal ended it
   */
  async fetch(
    brokerId: number,
    positions: readonly FetchPosition[],
    options: FetchOptions,
  ): Promise<FetchedPartition[]> {
    const { requestTimeoutMs } = this.#cluster.settings
    const partitions = await Promise.all(positions.map((position) => this.#describe(position)))
    const request = {
      isolation: options.isolation,
      maxWaitMs: Math.min(options.maxWaitMs, Math.floor(requestTimeoutMs / 2)),
      minBytes: options.minBytes ?? DEFAULTS.minBytes,
      maxBytes: options.maxBytes ?? DEFAULTS.maxBytes,
      partitions,
    }
    const reply = await this.#abortable(brokerId, options.signal, (link) => link.request(fetch, request))
    throwOnError(reply.body.error, { api: fetch.name, broker: `${brokerId}` })
    const found = partitionsByName(reply)
    return partitions.map((partition) => this.#result(partition, found, reply.version, options.isolation))
  }

  /** Closes the sockets; a fetch under way fails. */
  close(): void {
    this.#links.close()
  }

  async #describe(position: FetchPosition): Promise<FetchRequestPartition> {
    const { topic, partition, offset } = position
    const topicId = position.topicId ?? (await this.#cluster.topicId(topic))
    const maxBytes = position.maxBytes ?? DEFAULTS.partitionMaxBytes
    return { topic, partition, offset, topicId, maxBytes }
  }

  /** A request cannot be taken back, so an aborted one breaks its socket: the next fetch does not queue behind it. */
  async #abortable<Result>(
    brokerId: number,
    signal: AbortSignal | undefined,
    send: (link: BrokerLink) => Promise<Result>,
  ): Promise<Result> {
    const link = this.#links.to(brokerId)
    const aborted = (): KafkaError =>
      clientFault('FETCH_ABORTED', 'the fetch was aborted', {}, signal?.reason)
    if (signal?.aborted) throw aborted()
    const onAbort = (): void => link.reset()
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      return await send(link)
    } catch (error) {
      throw signal?.aborted ? aborted() : error
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  #result(
    { topic, topicId, partition, offset }: FetchRequestPartition,
    found: ReadonlyMap<string, FetchResponsePartition>,
    version: number,
    isolation: IsolationLevel,
  ): FetchedPartition {
    const answer = found.get(`${version < FETCH_BY_TOPIC_ID ? topic : topicId}/${partition}`)
    const context = { api: fetch.name, topic, partition, offset }
    if (!answer) throw clientFault('MALFORMED_RESPONSE', 'a partition is missing', context)
    const error = answer.error === 0 ? null : brokerError(answer.error, context)
    if (error?.staleMetadata) this.#cluster.forgetTopic(topic)
    const batches = answer.records
    return {
      topic,
      partition,
      error,
      highWatermark: answer.highWatermark,
      lastStableOffset: answer.lastStableOffset,
      logStartOffset: answer.logStartOffset,
      nextOffset: nextOffsetAfter(batches, offset),
      bytes: batches.length,
      records: () =>
        new RecordCursor({
          topic,
          partition,
          batches,
          fromOffset: offset,
          abortFilter: filterFor(isolation, answer),
          maxBatchBytes: this.#maxBatchBytes,
        }),
    }
  }
}

function filterFor(
  isolation: IsolationLevel,
  { abortedTransactions }: FetchResponsePartition,
): AbortFilter | null {
  const needed = isolation === 'read_committed' && abortedTransactions.length > 0
  return needed ? new AbortFilter(abortedTransactions) : null
}

function partitionsByName({ body }: Reply<FetchResponse>): ReadonlyMap<string, FetchResponsePartition> {
  return new Map(
    body.topics.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => [`${topic}/${partition.partition}`, partition] as const),
    ),
  )
}
