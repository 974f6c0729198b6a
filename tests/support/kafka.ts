import { setTimeout as sleep } from 'node:timers/promises'
import type { KafkaPort } from '@millrace/nodes'
import { createKafkaPort } from '@millrace/nodes/connectors'
import kafkajs, { logLevel, type Producer } from 'kafkajs'
import {
  connectKafka,
  type KafkaClient,
  KafkaError,
  type RecordCursor,
} from '../../executor/src/kafka/wire/index.ts'

/** A committed record as a reader sees it. */
export interface ReadRecord {
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly key: string | null
  readonly value: string | null
}

/** A committed record, byte for byte. */
export interface RawRecord {
  readonly partition: number
  readonly offset: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  /** As text, by name. */
  readonly headers: { readonly [name: string]: string }
}

/** A real Kafka, as tests use it: kafkajs to write and administer, the wire client to read what is committed. */
export class KafkaForTests {
  readonly address: string
  readonly producer: Producer
  readonly client: KafkaClient
  /** Of the topics that it creates. */
  readonly replicationFactor: number
  readonly #port: KafkaPort

  private constructor(address: string, producer: Producer, client: KafkaClient, replicationFactor: number) {
    this.address = address
    this.replicationFactor = replicationFactor
    this.producer = producer
    this.client = client
    this.#port = createKafkaPort({ brokers: address }, {})
  }

  /** Connects to a broker, `host:port`, or to some of a cluster, separated by commas. */
  static async connect(address: string, replicationFactor = 1): Promise<KafkaForTests> {
    const brokers = address.split(',')
    const kafka = new kafkajs.Kafka({ clientId: 'test', brokers, logLevel: logLevel.NOTHING })
    // Idempotent: kafkajs sends a request again whole where one of its partitions failed.
    const producer = kafka.producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      ...{ idempotent: true, maxInFlightRequests: 1 },
    })
    await producer.connect()
    const client = await connectKafka({ brokers, clientId: 'test' })
    return new KafkaForTests(address, producer, client, replicationFactor)
  }

  /** Creates a topic; does nothing where it exists. */
  async createTopic(
    name: string,
    partitions: number,
    config: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const { replicationFactor } = this
    await this.#port.createTopic({ name, partitions, replicationFactor, config })
  }

  /** Writes JSON values by key, in batches. `timestamp`: epoch ms; the clock unless given. */
  async produce(
    topic: string,
    records: readonly { key: string; value: unknown; partition?: number; timestamp?: number }[],
  ): Promise<void> {
    for (let i = 0; i < records.length; i += 2_000) {
      const messages = records.slice(i, i + 2_000).map(({ key, value, partition, timestamp }) => ({
        key,
        partition,
        ...(timestamp !== undefined && { timestamp: String(timestamp) }),
        value: value === null ? null : typeof value === 'string' ? value : JSON.stringify(value),
      }))
      await this.producer.send({ topic, messages, acks: -1 })
    }
  }

  /** Everything that is committed in a topic now, partition by partition. */
  async readAll(topic: string): Promise<ReadRecord[]> {
    const reader = await TopicReader.open(this.client, topic)
    await reader.readTo(await this.#stableEnds(topic))
    reader.close()
    return reader.records
  }

  /** The same for topics that are too large to keep: hands the values over one by one. */
  async readValues(topic: string, take: TakeValue): Promise<void> {
    const reader = await TopicReader.open(this.client, topic)
    await reader.readTo(await this.#stableEnds(topic), take)
    reader.close()
  }

  /** As `readAll` with every byte, in the order of partitions and offsets. */
  async readRaw(topic: string): Promise<RawRecord[]> {
    const [description] = await this.client.describeTopics([topic], { refresh: true })
    const records: RawRecord[] = []
    const fetcher = this.client.openFetcher()
    for (const { partition, leader } of description?.partitions ?? []) {
      const [end] = await this.client.listOffsets([{ topic, partition }], 'last-stable')
      for (let at = 0; at < (end?.offset ?? 0); ) {
        const options = { isolation: 'read_committed', maxWaitMs: 50 } as const
        const [fetched] = await fetcher.fetch(leader, [{ topic, partition, offset: at }], options)
        if (!fetched || fetched.error) throw fetched?.error ?? new Error('a fetch gave nothing')
        const cursor = fetched.records()
        while (cursor.next()) records.push(rawRecord(partition, cursor))
        at = fetched.nextOffset
      }
    }
    fetcher.close()
    return records
  }

  async #stableEnds(topic: string): Promise<number[]> {
    const [description] = await this.client.describeTopics([topic], { refresh: true })
    const partitions = (description?.partitions ?? []).map(({ partition }) => ({ topic, partition }))
    const ends = await this.client.listOffsets(partitions, 'last-stable')
    return ends.map(({ offset }) => offset ?? 0)
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    await Promise.all([this.#port.close(), this.producer.disconnect()])
    this.client.close()
  }
}

function rawRecord(partition: number, cursor: RecordCursor): RawRecord {
  const [key, value] = [cursor.key(), cursor.value()].map((bytes) =>
    bytes === null ? null : Buffer.from(bytes),
  )
  const headers = cursor.headers().map((header) => [header.key, String(header.value)])
  return {
    ...{ partition, offset: cursor.offset, headers: Object.fromEntries(headers) },
    ...{ key: key ?? null, value: value ?? null },
  }
}

/** Takes a value of a record. */
export type TakeValue = (value: string | null) => void

/** Reads a topic from its beginning, read_committed, as far as it is told or for as long as it runs. */
export class TopicReader {
  readonly records: ReadRecord[] = []
  readonly #client: KafkaClient
  readonly #topic: string
  readonly #next: number[]
  readonly #fetcher: ReturnType<KafkaClient['openFetcher']>
  #running: Promise<void> | null = null
  #stopped = false

  private constructor(client: KafkaClient, topic: string, partitions: number) {
    this.#client = client
    this.#topic = topic
    this.#next = new Array<number>(partitions).fill(0)
    this.#fetcher = client.openFetcher()
  }

  /** Opens a reader at the beginning of a topic. */
  static async open(client: KafkaClient, topic: string): Promise<TopicReader> {
    const [description] = await client.describeTopics([topic], { refresh: true })
    return new TopicReader(client, topic, description?.partitions.length ?? 0)
  }

  /**
   * Reads on in the background until `stop`, also through times in which no broker answers; with `take`, values go there
   * as they come and are not kept.
   */
  start(take?: TakeValue): void {
    this.#running = (async () => {
      while (!this.#stopped) {
        try {
          await this.#poll(200, take)
        } catch (error) {
          if (!(error instanceof KafkaError && error.retriable)) throw error
          await sleep(200)
        }
      }
    })()
    this.#running.catch(() => {})
  }

  /** Reads until every partition has reached its end; with `take`, values go there and are not kept. */
  async readTo(ends: readonly number[], take?: TakeValue): Promise<void> {
    while (this.#next.some((next, i) => next < (ends[i] ?? 0))) await this.#poll(50, take)
  }

  /** Ends what `start` began. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
    this.close()
  }

  /** Closes its sockets. */
  close(): void {
    this.#fetcher.close()
  }

  async #poll(maxWaitMs: number, take?: TakeValue): Promise<void> {
    const positions = this.#next.map((offset, partition) => ({ topic: this.#topic, partition, offset }))
    for (const [broker, led] of await this.#client.leadersOf(positions)) {
      for (const fetched of await this.#fetcher.fetch(broker, led, {
        isolation: 'read_committed',
        maxWaitMs,
      })) {
        if (fetched.error) throw fetched.error
        const cursor = fetched.records()
        while (cursor.next()) {
          if (take) {
            take(cursor.valueText())
            continue
          }
          const { offset, timestamp } = cursor
          this.records.push({
            partition: fetched.partition,
            offset,
            timestamp,
            key: cursor.keyText(),
            value: cursor.valueText(),
          })
        }
        this.#next[fetched.partition] = fetched.nextOffset
      }
    }
  }
}
