import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KafkaClient, TransactionalProducer } from '../../../executor/src/kafka/wire/index.ts'
import { startCluster, type TestCluster } from './support/broker.ts'
import {
  connect,
  createTopic,
  eventually,
  readValues,
  recordsOf,
  settled,
  uniqueName,
} from './support/kafka.ts'

describe('a cluster of three brokers', () => {
  let cluster: TestCluster
  let client: KafkaClient
  let topic: string
  const partitions = [0, 1, 2, 3, 4, 5]

  beforeAll(async () => {
    cluster = await startCluster()
    client = await connect(cluster.addresses[0]!, { brokers: cluster.addresses, requestTimeoutMs: 10_000 })
    const config = { 'min.insync.replicas': '2' }
    topic = await eventually(() => createTopic(cluster.addresses[0]!, { partitions: 6, replicas: 3, config }))
  })

  afterAll(async () => {
    client?.close()
    await cluster?.remove()
  })

  async function writeEverywhere(producer: TransactionalProducer, value: string): Promise<void> {
    await producer.produce(partitions.map((partition) => ({ topic, partition, records: recordsOf([value]) })))
    await producer.commitOffsets(topic, [{ topic, partition: 0, offset: 1, metadata: value }])
    await producer.end(true)
  }

  async function readEverywhere(): Promise<(string | null)[][]> {
    const read: (string | null)[][] = []
    for (const partition of partitions) {
      await settled(client, { topic, partition })
      read.push((await readValues(client, { topic, partition })).values)
    }
    return read
  }

  it('is written in one transaction, each partition at its leader', async () => {
    const producer = client.openProducer({ transactionalId: uniqueName('txn'), transactionTimeoutMs: 20_000 })
    await producer.init()
    await writeEverywhere(producer, 'a')
    expect((await client.leadersOf(partitions.map((partition) => ({ topic, partition })))).size).toBe(3)
    expect(await readEverywhere()).toEqual(partitions.map(() => ['a']))
  })

  it('goes on when a broker is lost: leaders and coordinators are found again', async () => {
    const ids = Array.from({ length: 6 }, () => uniqueName('txn'))
    const open = (transactionalId: string): TransactionalProducer =>
      client.openProducer({ transactionalId, transactionTimeoutMs: 20_000 })
    const producers = ids.map(open)
    for (const producer of producers) await producer.init()
    await cluster.servers[2]!.kill()
    for (const producer of producers) {
      await eventually(async () => {
        await producer.init()
        await writeEverywhere(producer, 'b')
      })
    }
    expect(await readEverywhere()).toEqual(partitions.map(() => ['a', ...ids.map(() => 'b')]))
    expect(await client.committedOffsets(topic, [{ topic, partition: 0 }])).toMatchObject([{ metadata: 'b' }])
  })
})
