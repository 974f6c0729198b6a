import kafkajs, { type Admin, type Kafka, type KafkaConfig, type Producer, type SASLOptions } from 'kafkajs'
import type { ConnectionValues } from '../../connection-values.ts'
import type {
  KafkaPort,
  NewTopic,
  PartitionOffsets,
  ProducedRecord,
  SampledRecord,
  SampleOptions,
  TopicDescription,
  TopicSummary,
} from '../../kafka-port.ts'
import { LazyClient } from './connector-client.ts'
import { ClusterReader } from './connector-cluster.ts'
import { registerCodecs } from './connector-codecs.ts'
import { isBrokerError, timeoutError, toPortError } from './connector-errors.ts'
import { sampleRecords } from './connector-sample.ts'

const TIMEOUT_MS = 30_000
const POLL_MS = 50
/** A character has up to three bytes, and a batch of one partition up to 1 MB. */
const PRODUCE_BATCH = { records: 5_000, characters: 300_000 } as const
const ALL_REPLICAS = -1
const NOT_READY = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION']
const PRODUCER = {
  allowAutoTopicCreation: false,
  createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
}

/**
 * Opens a Kafka cluster. Nothing is connected before the first call.
 *
 * @param settings `brokers` (`host:port`, separated by commas), `tls` (`true`), `saslMechanism`, `username`
 * @param secrets `password`
 */
export function createKafkaPort(settings: ConnectionValues, secrets: ConnectionValues): KafkaPort {
  registerCodecs()
  return new KafkaJsPort(new kafkajs.Kafka(clientConfig(settings, secrets)))
}

function clientConfig(
  { brokers = '', tls, ...settings }: ConnectionValues,
  secrets: ConnectionValues,
): KafkaConfig {
  const sasl = saslOf(settings, secrets)
  return {
    clientId: 'millrace',
    brokers: brokers.split(',').map((broker) => broker.trim()),
    connectionTimeout: 5_000,
    requestTimeout: 10_000,
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 },
    // What matters is in the errors, which are logged where they are handled.
    logLevel: kafkajs.logLevel.NOTHING,
    ...(tls === 'true' && { ssl: true }),
    ...(sasl && { sasl }),
  }
}

function saslOf(
  { saslMechanism, username }: ConnectionValues,
  { password = '' }: ConnectionValues,
): SASLOptions | null {
  if (!saslMechanism || !username) return null
  return { mechanism: saslMechanism, username, password } as SASLOptions
}

class KafkaJsPort implements KafkaPort {
  readonly #admin: LazyClient<Admin>
  readonly #producer: LazyClient<Producer>
  readonly #reader: LazyClient<ClusterReader>

  constructor(kafka: Kafka) {
    this.#admin = new LazyClient(() => kafka.admin())
    this.#producer = new LazyClient(() => kafka.producer(PRODUCER))
    this.#reader = new LazyClient(() => new ClusterReader(kafka))
  }

  listTopics(): Promise<readonly TopicSummary[]> {
    return bounded(async () => {
      const { topics } = await this.#admin.use((admin) => admin.fetchTopicMetadata())
      return topics
        .map(({ name, partitions }) => ({ name, partitions: partitions.length }))
        .filter(({ name }) => !name.startsWith('__'))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
    })
  }

  describeTopic(name: string): Promise<TopicDescription | null> {
    return bounded(async () => {
      const identity = await this.#reader.use((reader) => reader.describeTopic(name))
      if (identity === null) return null
      const { topicId, partitions } = identity
      return { name, topicId, partitions, config: await this.#configOf(name) }
    })
  }

  /** kafkajs' own wait for leaders fails where the broker has not heard of the new topic yet. */
  createTopic(topic: NewTopic): Promise<boolean> {
    return bounded(async (signal) => {
      const request = { waitForLeaders: false, topics: [topicConfig(topic)] }
      const isNew = await this.#admin.use((admin) => admin.createTopics(request))
      while (!signal.aborted && !(await this.#isReady(topic.name))) await pause(POLL_MS)
      return isNew
    })
  }

  configureTopic(name: string, config: { readonly [name: string]: string }): Promise<void> {
    const configEntries = entriesOf(config)
    const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries }]
    return bounded(async () => {
      await this.#admin.use((admin) => admin.alterConfigs({ validateOnly: false, resources }))
    })
  }

  deleteTopics(names: readonly string[]): Promise<void> {
    return bounded(async (signal) => {
      let existing = await this.#existing(names)
      if (existing.length > 0) await this.#deleteExisting(existing)
      while (existing.length > 0 && !signal.aborted) {
        existing = await this.#existing(existing)
        if (existing.length > 0) await pause(POLL_MS)
      }
    })
  }

  sample(topic: string, options: SampleOptions): Promise<readonly SampledRecord[]> {
    return bounded(async () => {
      const offsets = await this.#offsets(topic)
      const { partition } = options
      const chosen =
        partition === undefined ? offsets : offsets.filter((place) => place.partition === partition)
      const begun = await this.#begunAt(topic, chosen, options)
      return this.#reader.use((reader) => sampleRecords(reader, topic, begun, options))
    })
  }

  /** Partitions without what lies before the offset or time that is asked for. */
  async #begunAt(
    topic: string,
    places: readonly PartitionOffsets[],
    { offset = 0, time }: SampleOptions,
  ): Promise<readonly PartitionOffsets[]> {
    const found =
      time === undefined
        ? []
        : await this.#admin.use((admin) => admin.fetchTopicOffsetsByTimestamp(topic, time))
    const offsetAt = new Map(found.map((place) => [place.partition, Number(place.offset)]))
    return places.map((place) => {
      const low = Math.max(place.low, offset, offsetAt.get(place.partition) ?? 0)
      return { ...place, low: Math.min(low, place.high) }
    })
  }

  async produce(topic: string, records: readonly ProducedRecord[]): Promise<void> {
    for (const batch of batches(records)) {
      const request = { topic, acks: ALL_REPLICAS, messages: batch.map(messageOf) }
      await bounded(() => this.#producer.use((producer) => producer.send(request)))
    }
  }

  offsets(topic: string): Promise<readonly PartitionOffsets[]> {
    return bounded(() => this.#offsets(topic))
  }

  deleteGroups(groups: readonly string[]): Promise<void> {
    return bounded(() =>
      this.#admin.use(async (admin) => {
        const known = new Set((await admin.listGroups()).groups.map(({ groupId }) => groupId))
        const existing = groups.filter((group) => known.has(group))
        if (existing.length > 0) await admin.deleteGroups(existing)
      }),
    )
  }

  async close(): Promise<void> {
    await Promise.all([this.#admin.close(), this.#producer.close(), this.#reader.close()])
  }

  /**
   * True when every partition answers. A leader is named a moment before it takes records; where some partitions take
   * theirs and some do not, kafkajs sends all of them again.
   */
  async #isReady(name: string): Promise<boolean> {
    const topic = await this.#reader.use((reader) => reader.describeTopic(name))
    if (!topic?.isLed) return false
    try {
      return (await this.#offsets(name)).length === topic.partitions
    } catch (error) {
      if (NOT_READY.some((code) => isBrokerError(error, code))) return false
      throw error
    }
  }

  async #existing(names: readonly string[]): Promise<string[]> {
    const known = new Set(await this.#admin.use((admin) => admin.listTopics()))
    return names.filter((name) => known.has(name))
  }

  async #deleteExisting(topics: string[]): Promise<void> {
    try {
      await this.#admin.use((admin) => admin.deleteTopics({ topics }))
    } catch (error) {
      // Somebody else deletes them too.
      if (!isBrokerError(error, 'UNKNOWN_TOPIC_OR_PARTITION')) throw error
    }
  }

  async #configOf(name: string): Promise<Record<string, string>> {
    const request = {
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name }],
    }
    const { resources } = await this.#admin.use((admin) => admin.describeConfigs(request))
    const entries = resources[0]?.configEntries ?? []
    return Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue ?? '']))
  }

  /** kafkajs asks as a reader of committed records does, and gives partitions in no order. */
  async #offsets(topic: string): Promise<PartitionOffsets[]> {
    const offsets = await this.#admin.use((admin) => admin.fetchTopicOffsets(topic))
    return offsets
      .map(({ partition, low, high }) => ({ partition, low: Number(low), high: Number(high) }))
      .sort((a, b) => a.partition - b.partition)
  }
}

/** Runs a call with a bound on its time, and tells its errors in our words. */
async function bounded<Result>(call: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const abort = new AbortController()
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(timeoutError(TIMEOUT_MS)), TIMEOUT_MS)
  try {
    return await Promise.race([call(abort.signal), expired])
  } catch (error) {
    throw toPortError(error)
  } finally {
    clearTimeout(timer)
    abort.abort()
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function topicConfig({ name, partitions, replicationFactor, config }: NewTopic) {
  return {
    topic: name,
    numPartitions: partitions,
    replicationFactor,
    configEntries: entriesOf(config),
  }
}

function entriesOf(config: { readonly [name: string]: string }) {
  return Object.entries(config).map(([name, value]) => ({ name, value }))
}

/** Groups of records that fit into one request. */
function* batches(records: readonly ProducedRecord[]): Generator<readonly ProducedRecord[]> {
  let batch: ProducedRecord[] = []
  let characters = 0
  for (const record of records) {
    const size = (record.key?.length ?? 0) + (record.value?.length ?? 0)
    const isFull = batch.length === PRODUCE_BATCH.records || characters + size > PRODUCE_BATCH.characters
    if (isFull && batch.length > 0) {
      yield batch
      batch = []
      characters = 0
    }
    batch.push(record)
    characters += size
  }
  if (batch.length > 0) yield batch
}

function messageOf({ key, value, timestamp, headers }: ProducedRecord) {
  return {
    key,
    value,
    ...(timestamp !== undefined && { timestamp: String(timestamp) }),
    ...(headers && { headers: { ...headers } }),
  }
}
