import { randomUUID } from 'node:crypto'
import kafkajs from 'kafkajs'
import {
  connectKafka,
  type FetchedPartition,
  type Fetcher,
  type FetchPosition,
  type IsolationLevel,
  type KafkaClient,
  type KafkaOptions,
  RecordBatchBuilder,
  type RecordBytes,
  type TopicPartition,
} from '../../../../executor/src/kafka/wire/index.ts'

/** A name that no other test uses. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 8)}`
}

/** A client of the wire layer. */
export function connect(address: string, options: Partial<KafkaOptions> = {}): Promise<KafkaClient> {
  return connectKafka({ brokers: [address], clientId: 'wire-test', ...options })
}

/** A kafkajs client, for what the wire layer does not do and to check what it does. */
export function kafkajsClient(address: string): kafkajs.Kafka {
  return new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING })
}

/** What a topic is to be like. */
export interface TopicShape {
  readonly partitions?: number
  readonly replicas?: number
  readonly config?: Readonly<Record<string, string>>
}

/** A new topic; gives its name. */
export async function createTopic(
  address: string,
  { partitions = 1, replicas = 1, config = {} }: TopicShape = {},
): Promise<string> {
  const topic = uniqueName('wire')
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }))
  const shape = { topic, numPartitions: partitions, replicationFactor: replicas, configEntries }
  // kafkajs now and then reports a topic that it has just created as unknown: then it exists the second time.
  await administer(address, (admin) =>
    eventually(() => admin.createTopics({ waitForLeaders: true, topics: [shape] })),
  )
  return topic
}

/** Removes a topic and waits until its name is free. */
export async function deleteTopic(address: string, topic: string): Promise<void> {
  await administer(address, async (admin) => {
    await admin.deleteTopics({ topics: [topic] })
    await eventually(async () => {
      const names = await admin.listTopics()
      if (names.includes(topic)) throw new Error(`${topic} is still there`)
    })
  })
}

/** Runs an action with a connected admin client of kafkajs. */
export async function administer<Result>(
  address: string,
  action: (admin: kafkajs.Admin) => Promise<Result>,
): Promise<Result> {
  const admin = kafkajsClient(address).admin()
  await admin.connect()
  try {
    return await action(admin)
  } finally {
    await admin.disconnect()
  }
}

/** A builder that holds records with these values, and keys where given. */
export function recordsOf(values: readonly RecordBytes[], key: RecordBytes = null): RecordBatchBuilder {
  const records = new RecordBatchBuilder()
  for (const value of values) records.append(key, value, Date.now())
  return records
}

/** Repeats an action until it does not throw, for at most 20 seconds. */
export async function eventually<Result>(action: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + 20_000
  for (;;) {
    try {
      return await action()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

/** One fetch of one partition. */
export async function fetchOnce(
  client: KafkaClient,
  fetcher: Fetcher,
  position: FetchPosition,
  isolation: IsolationLevel = 'read_committed',
): Promise<FetchedPartition> {
  for (const [broker, positions] of await client.leadersOf([position])) {
    const [fetched] = await fetcher.fetch(broker, positions, { isolation, maxWaitMs: 100 })
    return fetched!
  }
  throw new Error('the partition has no leader')
}

/** Values of a partition from an offset up to the end that the isolation level shows, and the position after them. */
export async function readValues(
  client: KafkaClient,
  partition: TopicPartition,
  { isolation = 'read_committed', offset = 0 }: { isolation?: IsolationLevel; offset?: number } = {},
): Promise<{ values: (string | null)[]; offsets: number[]; nextOffset: number }> {
  const fetcher = client.openFetcher()
  const place = isolation === 'read_committed' ? 'last-stable' : 'latest'
  const [end] = await client.listOffsets([partition], place)
  const values: (string | null)[] = []
  const offsets: number[] = []
  let position = offset
  try {
    while (position < end!.offset!) {
      const fetched = await fetchOnce(client, fetcher, { ...partition, offset: position }, isolation)
      if (fetched.error) throw fetched.error
      const records = fetched.records()
      while (records.next()) {
        values.push(records.valueText())
        offsets.push(records.offset)
      }
      position = fetched.nextOffset
    }
  } finally {
    fetcher.close()
  }
  return { values, offsets, nextOffset: position }
}

/** Waits until every transaction of a partition is decided: markers are written after EndTxn was answered. */
export async function settled(client: KafkaClient, partition: TopicPartition): Promise<void> {
  await eventually(async () => {
    const [stable] = await client.listOffsets([partition], 'last-stable')
    const [end] = await client.listOffsets([partition], 'latest')
    if (stable!.offset !== end!.offset) throw new Error(`a transaction is open from ${stable!.offset}`)
  })
}
