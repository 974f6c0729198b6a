import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KafkaClient, TransactionalProducer } from '../../../executor/src/kafka/wire/index.ts'
import { startBroker, type TestBroker } from './support/broker.ts'
import {
  administer,
  connect,
  createTopic,
  eventually,
  fetchOnce,
  kafkajsClient,
  readValues,
  recordsOf,
  settled,
  uniqueName,
} from './support/kafka.ts'

let broker: TestBroker
let client: KafkaClient

beforeAll(async () => {
  broker = await startBroker({
    properties: {
      'auto.create.topics.enable': 'true',
      'log.cleaner.backoff.ms': '50',
      'add.partitions.to.txn.retry.backoff.max.ms': '0',
      'transaction.abort.timed.out.transaction.cleanup.interval.ms': '100',
    },
  })
  client = await connect(broker.address)
})

afterAll(async () => {
  client.close()
  await broker.remove()
})

async function openProducer(transactionTimeoutMs = 20_000): Promise<TransactionalProducer> {
  const producer = client.openProducer({ transactionalId: uniqueName('txn'), transactionTimeoutMs })
  await producer.init()
  return producer
}

describe('a broker that creates topics by itself', () => {
  it('is never made to by a question', async () => {
    const topic = uniqueName('nowhere')
    await expect(client.describeTopics([topic])).rejects.toMatchObject({ code: 'UNKNOWN_TOPIC_OR_PARTITION' })
    // The controller carries out creations in order, so that one asked for before this one would be there after it.
    const later = await createTopic(broker.address)
    const topics = await administer(broker.address, (admin) => admin.listTopics())
    expect([topics.includes(later), topics.includes(topic)]).toEqual([true, false])
  })
})

describe('a compacted partition', () => {
  it('is read past a batch whose records are all gone', async () => {
    const topic = await createTopic(broker.address, {
      config: { 'cleanup.policy': 'compact', 'segment.ms': '100', 'min.cleanable.dirty.ratio': '0.001' },
    })
    const place = { topic, partition: 0 }
    // The last batch of an idempotent producer stays when its records go: it holds the producer's sequence.
    const producers = [1, 2].map(() => kafkajsClient(broker.address).producer({ idempotent: true }))
    const [first, second] = [producers[0]!, producers[1]!]
    await Promise.all(producers.map((producer) => producer.connect()))
    await first.send({ topic, messages: [{ key: 'k', value: 'replaced' }] })
    await second.send({ topic, messages: [{ key: 'k', value: 'kept' }] })
    const fetcher = client.openFetcher()
    const emptied = await eventually(async () => {
      // A segment is closed by the first write after its time.
      await second.send({ topic, messages: [{ key: 'filler', value: 'f' }] })
      const fetched = await fetchOnce(client, fetcher, { ...place, offset: 0, maxBytes: 1 })
      expect(fetched.records().next()).toBe(false)
      return fetched
    })
    expect(emptied).toMatchObject({ error: null, nextOffset: 1 })
    expect(emptied.bytes).toBeGreaterThan(0)
    expect((await readValues(client, place)).values.filter((value) => value !== 'f')).toEqual(['kept'])
    await Promise.all(producers.map((producer) => producer.disconnect()))
  })
})

describe('a transaction that stays open too long', () => {
  it('is aborted, and its producer must start over', async () => {
    const topic = await createTopic(broker.address)
    const producer = await openProducer(500)
    await producer.produce([{ topic, partition: 0, records: recordsOf(['late']) }])
    await settled(client, { topic, partition: 0 })
    await expect(producer.end(true)).rejects.toMatchObject({ code: 'INVALID_TXN_STATE', retriable: false })
    await producer.init()
    await producer.produce([{ topic, partition: 0, records: recordsOf(['in time']) }])
    await producer.end(true)
    await settled(client, { topic, partition: 0 })
    expect((await readValues(client, { topic, partition: 0 })).values).toEqual(['in time'])
  })
})

describe('a broker that leaves the wait for the last transaction to its clients', () => {
  it('is written to in transactions back to back', async () => {
    const topic = await createTopic(broker.address)
    const producer = await openProducer()
    const values = Array.from({ length: 50 }, (_, index) => `${index}`)
    for (const value of values) {
      await producer.produce([{ topic, partition: 0, records: recordsOf([value]) }])
      await producer.end(true)
    }
    await settled(client, { topic, partition: 0 })
    expect((await readValues(client, { topic, partition: 0 })).values).toEqual(values)
  })
})
