import { randomUUID } from 'node:crypto'
import { partitionOfKey } from '@millrace/engine'
import kafkajs, { type Kafka } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { KafkaPort, SampledRecord, SampleOptions } from '../../kafka-port.ts'
import { servers } from '../../servers.test-helper.ts'
import { createKafkaPort } from './connector.ts'

const ALL: SampleOptions = { from: 'earliest', limit: 10_000, maxBytes: 100_000_000, timeoutMs: 20_000 }
const utf8 = new TextDecoder()

let kafka: Kafka
let port: KafkaPort

beforeAll(() => {
  const brokers = servers().kafka
  kafka = new kafkajs.Kafka({ brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING })
  port = createKafkaPort({ brokers }, {})
})

afterAll(() => port.close())

async function newTopic(partitions = 1, config: Record<string, string> = {}): Promise<string> {
  const name = `nodes-${randomUUID()}`
  await port.createTopic({ name, partitions, replicationFactor: 1, config })
  return name
}

function values(records: readonly SampledRecord[]): (string | null)[] {
  return records.map(({ value }) => value && utf8.decode(value))
}

async function groups(): Promise<string[]> {
  const admin = kafka.admin()
  await admin.connect()
  const found = await admin.listGroups()
  await admin.disconnect()
  return found.groups.map(({ groupId }) => groupId)
}

describe('topics', () => {
  it('are created once, described and listed', async () => {
    const name = `nodes-${randomUUID()}`
    const topic = { name, partitions: 3, replicationFactor: 1, config: { 'max.message.bytes': '2000000' } }
    expect(await port.createTopic(topic)).toBe(true)
    expect(await port.createTopic(topic)).toBe(false)
    expect(await port.describeTopic(name)).toMatchObject({
      name,
      partitions: 3,
      topicId: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      config: {
        'max.message.bytes': '2000000',
        'cleanup.policy': 'delete',
        'message.timestamp.type': 'CreateTime',
      },
    })
    expect(await port.listTopics()).toContainEqual({ name, partitions: 3 })
  })

  it('are given other settings; those that are not named are the broker’s again', async () => {
    const name = await newTopic(1, { 'max.message.bytes': '2000000', 'retention.ms': '1000000' })
    await port.configureTopic(name, { 'max.message.bytes': '3000000' })
    await expect
      .poll(async () => (await port.describeTopic(name))?.config, { timeout: 30_000 })
      .toMatchObject({ 'max.message.bytes': '3000000', 'retention.ms': '604800000' })
  })

  it('are null where they do not exist, and are not made by asking', async () => {
    const name = `nodes-${randomUUID()}`
    expect(await port.describeTopic(name)).toBe(null)
    expect((await port.listTopics()).map((topic) => topic.name)).not.toContain(name)
  })

  it('have another id when they are deleted and created anew', async () => {
    const name = await newTopic()
    const before = await port.describeTopic(name)
    await port.deleteTopics([name, 'nodes-that-never-was'])
    expect(await port.describeTopic(name)).toBe(null)
    await port.createTopic({ name, partitions: 1, replicationFactor: 1, config: {} })
    const after = await port.describeTopic(name)
    expect(after?.topicId).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(after?.topicId).not.toBe(before?.topicId)
  })

  it('are created by several callers at once', async () => {
    const name = `nodes-${randomUUID()}`
    const topic = { name, partitions: 2, replicationFactor: 1, config: {} }
    const created = await Promise.all([1, 2, 3, 4].map(() => port.createTopic(topic)))
    expect(created.filter((isNew) => isNew)).toHaveLength(1)
  })

  it('that are deleted do not stand in the way of others', async () => {
    const gone = await newTopic()
    await port.produce(gone, [{ key: null, value: 'x' }])
    await port.sample(gone, ALL)
    await port.deleteTopics([gone])
    const topic = await newTopic()
    await port.produce(topic, [{ key: null, value: 'y' }])
    expect(values(await port.sample(topic, ALL))).toEqual(['y'])
    expect(await port.offsets(topic)).toEqual([{ partition: 0, low: 0, high: 1 }])
  })

  it('of Kafka itself are not listed', async () => {
    expect((await port.listTopics()).filter(({ name }) => name.startsWith('__'))).toEqual([])
  })

  it('are refused by a name or setting that Kafka does not take', async () => {
    const wrong = { partitions: 1, replicationFactor: 1, config: {} }
    const refusal = expect.objectContaining({ code: 'invalid_topic', domain: 'user', retry: 'never' })
    await expect(port.createTopic({ ...wrong, name: 'a b' })).rejects.toEqual(refusal)
    const config = { 'cleanup.policy': 'never' }
    await expect(port.createTopic({ ...wrong, name: `nodes-${randomUUID()}`, config })).rejects.toEqual(
      refusal,
    )
  })
})

describe('records', () => {
  it('are written as they are, and placed by key as Kafka does', async () => {
    const topic = await newTopic(4)
    const keys = Array.from({ length: 40 }, (_, i) => `key-${i}-é`)
    await port.produce(
      topic,
      keys.map((key, i) => ({ key, value: `value ${i}`, timestamp: 1000 + i, headers: { n: String(i) } })),
    )
    const sampled = await port.sample(topic, ALL)
    expect(sampled).toHaveLength(40)
    for (const { key, value, timestamp, headers, partition } of sampled) {
      const text = utf8.decode(key ?? new Uint8Array())
      const i = keys.indexOf(text)
      expect(partition).toBe(partitionOfKey(new TextEncoder().encode(text), 4))
      expect([utf8.decode(value ?? new Uint8Array()), timestamp, headers.n]).toEqual([
        `value ${i}`,
        1000 + i,
        String(i),
      ])
    }
  })

  it('may have no key and no value', async () => {
    const topic = await newTopic()
    await port.produce(topic, [
      { key: 'a', value: null },
      { key: null, value: '' },
    ])
    expect((await port.sample(topic, ALL)).map(({ key, value }) => [key?.length, value?.length])).toEqual([
      [1, undefined],
      [undefined, 0],
    ])
  })

  it('are written in requests that Kafka takes, however many there are', async () => {
    const topic = await newTopic()
    const records = Array.from({ length: 300 }, (_, i) => ({
      key: null,
      value: `${i}-${'é'.repeat(10_000)}`,
    }))
    await port.produce(topic, records)
    expect(await port.offsets(topic)).toEqual([{ partition: 0, low: 0, high: 300 }])
  })

  it('larger than the topic takes are refused', async () => {
    const topic = await newTopic()
    await expect(port.produce(topic, [{ key: null, value: 'x'.repeat(2_000_000) }])).rejects.toEqual(
      expect.objectContaining({ code: 'record_too_large', domain: 'user', retry: 'never' }),
    )
  })

  it('for a topic that does not exist are refused, and make none', async () => {
    const topic = `nodes-${randomUUID()}`
    await expect(port.produce(topic, [{ key: null, value: 'x' }])).rejects.toEqual(
      expect.objectContaining({ code: 'unknown_topic' }),
    )
    expect(await port.describeTopic(topic)).toBe(null)
  })
})

describe('a sample', () => {
  let topic: string

  beforeAll(async () => {
    topic = await newTopic(3)
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
    await producer.connect()
    for (let partition = 0; partition < 3; partition++) {
      const messages = Array.from({ length: 50 }, (_, i) => ({ partition, value: `${partition}/${i}` }))
      await producer.send({ topic, messages })
    }
    await producer.disconnect()
  })

  it('takes the oldest or the newest records, a share of each partition, in their order', async () => {
    const oldest = await port.sample(topic, { ...ALL, limit: 6 })
    const newest = await port.sample(topic, { ...ALL, from: 'latest', limit: 6 })
    expect(values(oldest)).toEqual(['0/0', '0/1', '1/0', '1/1', '2/0', '2/1'])
    expect(values(newest)).toEqual(['0/48', '0/49', '1/48', '1/49', '2/48', '2/49'])
  })

  it('takes one partition where that is asked for', async () => {
    const sampled = await port.sample(topic, { ...ALL, from: 'latest', limit: 2, partition: 1 })
    expect(sampled.map(({ partition, offset }) => [partition, offset])).toEqual([
      [1, 48],
      [1, 49],
    ])
  })

  it('takes all there are, where that is less', async () => {
    expect(await port.sample(topic, ALL)).toHaveLength(150)
    expect(await port.sample(topic, { ...ALL, from: 'latest' })).toHaveLength(150)
    expect(await port.sample(await newTopic(), ALL)).toEqual([])
  })

  it('ends at the limit of bytes and of time', async () => {
    expect((await port.sample(topic, { ...ALL, partition: 0, maxBytes: 10 })).length).toBeLessThan(51)
    expect(await port.sample(topic, { ...ALL, timeoutMs: 0 })).toEqual([])
  })

  it('leaves no group behind', async () => {
    const before = await groups()
    await port.sample(topic, ALL)
    expect((await groups()).filter((group) => !before.includes(group))).toEqual([])
  })

  it('of a topic that does not exist is refused', async () => {
    await expect(port.sample(`nodes-${randomUUID()}`, ALL)).rejects.toEqual(
      expect.objectContaining({ code: 'unknown_topic', domain: 'user', retry: 'never' }),
    )
  })

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('reads batches packed with %s', async (compression) => {
    const packed = await newTopic(1, { 'compression.type': compression })
    const records = Array.from({ length: 500 }, (_, i) => ({ key: null, value: `${i}-${'y'.repeat(i)}` }))
    await port.produce(packed, records)
    expect(values(await port.sample(packed, ALL))).toEqual(records.map(({ value }) => value))
  })
})

describe('transactions', () => {
  const zeroKey = Buffer.alloc(4)

  async function begin(topic: string, value: string, key?: Buffer) {
    const producer = kafka.producer({
      transactionalId: `nodes-${randomUUID()}`,
      maxInFlightRequests: 1,
      idempotent: true,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    })
    await producer.connect()
    const transaction = await producer.transaction()
    const message = (text: string) => ({ value: text, ...(key && { key }) })
    await transaction.send({ topic, messages: [message(value)] })
    return {
      add: (text: string) => transaction.send({ topic, messages: [message(text)] }),
      async end(outcome: 'commit' | 'abort') {
        await transaction[outcome]()
        await producer.disconnect()
      },
    }
  }

  /** The broker answers the end of a transaction before it has written the markers. */
  async function decidedUpTo(topic: string, high: number) {
    await expect
      .poll(() => port.offsets(topic), { timeout: 30_000 })
      .toEqual([{ partition: 0, low: 0, high }])
  }

  it('that overlap show their committed records alone, whatever their keys', async () => {
    const topic = await newTopic()
    const one = await begin(topic, 'aborted 1', zeroKey)
    const two = await begin(topic, 'aborted 2')
    const three = await begin(topic, 'committed 1', zeroKey)
    await one.add('aborted 3')
    await two.add('aborted 4')
    await three.add('committed 2')
    await one.end('abort')
    await two.add('aborted 5')
    await three.end('commit')
    await two.end('abort')
    await port.produce(topic, [{ key: null, value: 'plain' }])
    await decidedUpTo(topic, 11)
    const expected = ['committed 1', 'committed 2', 'plain']
    expect(values(await port.sample(topic, ALL))).toEqual(expected)
    expect(values(await port.sample(topic, { ...ALL, from: 'latest', limit: 3 }))).toEqual(expected)
    expect(values(await port.sample(topic, { ...ALL, from: 'latest', limit: 1 }))).toEqual(['plain'])
  })

  it('that are open hide what stands behind them, and the end is the last stable offset', async () => {
    const topic = await newTopic()
    await port.produce(topic, [{ key: null, value: 'before' }])
    const open = await begin(topic, 'open')
    await port.produce(topic, [{ key: null, value: 'behind' }])
    expect(await port.offsets(topic)).toEqual([{ partition: 0, low: 0, high: 1 }])
    expect(values(await port.sample(topic, ALL))).toEqual(['before'])
    await open.end('commit')
    await decidedUpTo(topic, 4)
    expect(values(await port.sample(topic, ALL))).toEqual(['before', 'open', 'behind'])
  })
})

describe('consumer groups', () => {
  it('are deleted where they exist', async () => {
    const topic = await newTopic()
    const groupId = `nodes-${randomUUID()}`
    const admin = kafka.admin()
    await admin.connect()
    await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '0' }] })
    await admin.disconnect()
    expect(await groups()).toContain(groupId)
    await port.deleteGroups([groupId, 'nodes-that-never-was'])
    expect(await groups()).not.toContain(groupId)
  })
})

describe('a cluster that is not there', () => {
  it('is told as unreachable, and may be tried again', async () => {
    const away = createKafkaPort({ brokers: '127.0.0.1:1' }, {})
    const failure = expect.objectContaining({
      name: 'PortError',
      code: 'unreachable',
      domain: 'external',
      retry: 'backoff',
    })
    await expect(away.listTopics()).rejects.toEqual(failure)
    await expect(away.describeTopic('a')).rejects.toEqual(failure)
    await away.close()
  })

  it('is told when it does not speak TLS', async () => {
    const tls = createKafkaPort({ brokers: servers().kafka, tls: 'true' }, {})
    await expect(tls.listTopics()).rejects.toEqual(
      expect.objectContaining({ name: 'PortError', domain: 'external' }),
    )
    await tls.close()
  })

  it('is told when it refuses the user, without the password', async () => {
    const settings = { brokers: servers().kafka, saslMechanism: 'plain', username: 'somebody' }
    const foreign = createKafkaPort(settings, { password: 'canary-5291' })
    const error: unknown = await foreign.listTopics().catch((failure: unknown) => failure)
    expect(error).toMatchObject({ name: 'PortError', retry: 'never' })
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('canary-5291')
    await foreign.close()
  })
})
