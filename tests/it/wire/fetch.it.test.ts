import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import {
  type Fetcher,
  type KafkaClient,
  RecordBatchBuilder,
  type TransactionalProducer,
} from '../../../executor/src/kafka/wire/index.ts'
import {
  connect,
  createTopic,
  deleteTopic,
  eventually,
  fetchOnce,
  kafkajsClient,
  readValues,
  recordsOf,
  settled,
  uniqueName,
} from './support/kafka.ts'

const address = (): string => inject('servers').kafka
let client: KafkaClient
let fetcher: Fetcher

beforeAll(async () => {
  client = await connect(address())
  fetcher = client.openFetcher()
})

afterAll(() => client.close())

async function openProducer(): Promise<TransactionalProducer> {
  const producer = client.openProducer({ transactionalId: uniqueName('txn'), transactionTimeoutMs: 20_000 })
  await producer.init()
  return producer
}

describe('read_committed', () => {
  it('hides interleaved aborted transactions', async () => {
    const topic = await createTopic(address())
    const [first, second, third] = [await openProducer(), await openProducer(), await openProducer()]
    const write = (producer: TransactionalProducer, value: string): Promise<unknown> =>
      producer.produce([{ topic, partition: 0, records: recordsOf([value]) }])
    await write(first, 'first, aborted')
    await write(first, 'first, aborted')
    await write(second, 'second, aborted')
    await write(first, 'first, aborted')
    await write(third, 'third, committed')
    await second.end(false)
    await write(first, 'first, aborted')
    await first.end(false)
    await third.end(true)
    await write(first, 'first, later')
    await first.end(true)
    await settled(client, { topic, partition: 0 })
    expect((await readValues(client, { topic, partition: 0 })).values).toEqual([
      'third, committed',
      'first, later',
    ])
  })

  it('takes a key of four zero bytes for a key, inside and outside an aborted transaction', async () => {
    const topic = await createTopic(address())
    const producer = await openProducer()
    const zeroKey = Buffer.alloc(4)
    for (const [value, commit] of [
      ['a', true],
      ['b', false],
      ['c', true],
      ['d', false],
    ] as const) {
      await producer.produce([
        { topic, partition: 0, records: recordsOf([`${value}1`, `${value}2`], zeroKey) },
      ])
      await producer.end(commit)
    }
    await settled(client, { topic, partition: 0 })
    expect((await readValues(client, { topic, partition: 0 })).values).toEqual(['a1', 'a2', 'c1', 'c2'])
  })

  it('hides a transaction that was aborted across several fetches', async () => {
    const topic = await createTopic(address())
    const producer = await openProducer()
    const large = (name: string): string => `${name}${'x'.repeat(400_000)}`
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await producer.produce([{ topic, partition: 0, records: recordsOf([large(name)]) }])
    }
    await producer.end(false)
    await producer.produce([{ topic, partition: 0, records: recordsOf(['committed']) }])
    await producer.end(true)
    await settled(client, { topic, partition: 0 })
    const shown: string[] = []
    let offset = 0
    let fetches = 0
    while (offset < 9) {
      const fetched = await fetchOnce(client, fetcher, { topic, partition: 0, offset, maxBytes: 500_000 })
      const records = fetched.records()
      while (records.next()) shown.push(records.valueText()!)
      offset = fetched.nextOffset
      fetches++
    }
    expect(fetches).toBeGreaterThan(3)
    expect(shown).toEqual(['committed'])
  })

  it('stops before an open transaction, which read_uncommitted shows', async () => {
    const topic = await createTopic(address())
    const [open, other] = [await openProducer(), await openProducer()]
    await open.produce([{ topic, partition: 0, records: recordsOf(['open']) }])
    await other.produce([{ topic, partition: 0, records: recordsOf(['decided']) }])
    await other.end(true)
    await eventually(async () => {
      const [end] = await client.listOffsets([{ topic, partition: 0 }], 'latest')
      expect(end?.offset).toBe(3)
    })
    const fetched = await fetchOnce(client, fetcher, { topic, partition: 0, offset: 0 })
    expect(fetched).toMatchObject({ lastStableOffset: 0, highWatermark: 3, nextOffset: 0, bytes: 0 })
    expect(
      (await readValues(client, { topic, partition: 0 }, { isolation: 'read_uncommitted' })).values,
    ).toEqual(['open', 'decided'])
    await open.end(true)
    await settled(client, { topic, partition: 0 })
    expect((await readValues(client, { topic, partition: 0 })).values).toEqual(['open', 'decided'])
  })
})

describe('the position after a fetch', () => {
  it('is behind transaction markers', async () => {
    const topic = await createTopic(address())
    const producer = await openProducer()
    await producer.produce([{ topic, partition: 0, records: recordsOf(['a']) }])
    await producer.end(true)
    await settled(client, { topic, partition: 0 })
    expect((await fetchOnce(client, fetcher, { topic, partition: 0, offset: 0 })).nextOffset).toBe(2)
    const markers = await fetchOnce(client, fetcher, { topic, partition: 0, offset: 1 })
    expect([markers.nextOffset, markers.records().next()]).toEqual([2, false])
  })

  it('begins at a record inside a batch', async () => {
    const topic = await createTopic(address())
    const producer = await openProducer()
    await producer.produce([{ topic, partition: 0, records: recordsOf(['a', 'b', 'c', 'd']) }])
    await producer.end(true)
    await settled(client, { topic, partition: 0 })
    expect(await readValues(client, { topic, partition: 0 }, { offset: 2 })).toEqual({
      values: ['c', 'd'],
      offsets: [2, 3],
      nextOffset: 5,
    })
  })
})

describe('batches', () => {
  it('may hold more than 120,000 records', async () => {
    const topic = await createTopic(address(), { config: { 'max.message.bytes': '8000000' } })
    const producer = await openProducer()
    const records = new RecordBatchBuilder(8_000_000)
    for (let index = 0; index < 200_000; index++) records.append(null, `${index}`, 1_700_000_000_000)
    const produced = await producer.produce([{ topic, partition: 0, records }])
    await producer.end(true)
    await settled(client, { topic, partition: 0 })
    expect(produced).toEqual([{ topic, partition: 0, baseOffset: 0, recordCount: 200_000 }])
    const { values, nextOffset } = await readValues(client, { topic, partition: 0 })
    expect([values.length, values.at(-1), nextOffset]).toEqual([200_000, '199999', 200_001])
  })

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('are read when the broker packs them with %s', async (codec) => {
    const topic = await createTopic(address(), { config: { 'compression.type': codec } })
    const producer = await openProducer()
    const values = Array.from({ length: 3_000 }, (_, index) =>
      JSON.stringify({ index, pad: 'ab'.repeat(index % 50) }),
    )
    await producer.produce([{ topic, partition: 0, records: recordsOf(values) }])
    await producer.end(true)
    await settled(client, { topic, partition: 0 })
    const fetched = await fetchOnce(client, fetcher, { topic, partition: 0, offset: 0 })
    expect(fetched.bytes).toBeLessThan(60_000)
    expect((await readValues(client, { topic, partition: 0 })).values).toEqual(values)
  })

  it('come whole even if they are larger than asked for', async () => {
    const topic = await createTopic(address())
    const producer = await openProducer()
    await producer.produce([{ topic, partition: 0, records: recordsOf(['x'.repeat(50_000)]) }])
    await producer.end(true)
    await settled(client, { topic, partition: 0 })
    const fetched = await fetchOnce(client, fetcher, { topic, partition: 0, offset: 0, maxBytes: 100 })
    expect([fetched.records().next(), fetched.nextOffset]).toEqual([true, 1])
  })

  it('of other clients are read with their headers', async () => {
    const topic = await createTopic(address())
    const producer = kafkajsClient(address()).producer()
    await producer.connect()
    await producer.send({
      topic,
      messages: [
        { key: 'k', value: 'v', timestamp: '1700000000123', headers: { a: 'ä', b: Buffer.from([0, 255]) } },
      ],
    })
    await producer.disconnect()
    const records = (await fetchOnce(client, fetcher, { topic, partition: 0, offset: 0 })).records()
    records.next()
    expect([records.offset, records.timestamp, records.keyText(), records.valueText()]).toEqual([
      0,
      1_700_000_000_123,
      'k',
      'v',
    ])
    expect(records.headers()).toEqual([
      { key: 'a', value: Buffer.from('ä') },
      { key: 'b', value: Buffer.from([0, 255]) },
    ])
  })
})

describe('Fetcher', () => {
  it('reads many partitions of several topics with one request', async () => {
    const topics = [
      await createTopic(address(), { partitions: 3 }),
      await createTopic(address(), { partitions: 2 }),
    ]
    const partitions = topics.flatMap((topic, index) =>
      Array.from({ length: 3 - index }, (_, partition) => ({ topic, partition })),
    )
    const producer = await openProducer()
    await producer.produce(
      partitions.map((place) => ({ ...place, records: recordsOf([`${place.topic}/${place.partition}`]) })),
    )
    await producer.end(true)
    for (const place of partitions) await settled(client, place)
    const byLeader = [...(await client.leadersOf(partitions.map((place) => ({ ...place, offset: 0 }))))]
    expect(byLeader).toHaveLength(1)
    const [broker, positions] = byLeader[0]!
    const fetched = await fetcher.fetch(broker, positions, { isolation: 'read_committed', maxWaitMs: 1_000 })
    const read = fetched.map((result) => {
      const records = result.records()
      records.next()
      return { topic: result.topic, partition: result.partition, value: records.valueText() }
    })
    expect(read).toEqual(
      partitions.map((place) => ({ ...place, value: `${place.topic}/${place.partition}` })),
    )
  })

  it('waits for records without delaying other requests', async () => {
    const topic = await createTopic(address())
    const producer = await openProducer()
    const [[broker, positions] = []] = await client.leadersOf([{ topic, partition: 0, offset: 0 }])
    await client.listOffsets([{ topic, partition: 0 }], 'latest')
    await fetcher.fetch(broker!, positions!, { isolation: 'read_uncommitted', maxWaitMs: 1 })
    let done = false
    const poll = fetcher
      .fetch(broker!, positions!, { isolation: 'read_uncommitted', maxWaitMs: 10_000 })
      .finally(() => {
        done = true
      })
    // The connection is open and the topic known, so that the request is on its way after this turn.
    await new Promise(setImmediate)
    await client.listOffsets([{ topic, partition: 0 }], 'latest')
    expect(done).toBe(false)
    await producer.produce([{ topic, partition: 0, records: recordsOf(['woken']) }])
    const [fetched] = await poll
    expect(fetched?.nextOffset).toBe(1)
    await producer.end(true)
  })

  it('ends a long poll when the signal says so, and works on', async () => {
    const topic = await createTopic(address())
    const own = client.openFetcher()
    const [[broker, positions] = []] = await client.leadersOf([{ topic, partition: 0, offset: 0 }])
    const abort = new AbortController()
    const options = { isolation: 'read_committed', maxWaitMs: 15_000 } as const
    const poll = own.fetch(broker!, positions!, { ...options, signal: abort.signal })
    const reason = new Error('the task stops')
    abort.abort(reason)
    await expect(poll).rejects.toMatchObject({ code: 'FETCH_ABORTED', cause: reason })
    await expect(own.fetch(broker!, positions!, { ...options, signal: abort.signal })).rejects.toMatchObject({
      code: 'FETCH_ABORTED',
    })
    const [again] = await own.fetch(broker!, positions!, { ...options, maxWaitMs: 10 })
    expect(again?.error).toBeNull()
    own.close()
  })

  it('reports an offset that is out of range', async () => {
    const topic = await createTopic(address())
    const fetched = await fetchOnce(client, fetcher, { topic, partition: 0, offset: 77 })
    expect(fetched.error).toMatchObject({
      code: 'OFFSET_OUT_OF_RANGE',
      context: { topic, partition: 0, offset: 77 },
    })
    expect(fetched.nextOffset).toBe(77)
  })

  it('notices that a topic was re-created under its name', async () => {
    const topic = await createTopic(address())
    const [described] = await client.describeTopics([topic])
    await deleteTopic(address(), topic)
    const admin = kafkajsClient(address()).admin()
    await admin.connect()
    await eventually(() =>
      admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1 }] }),
    )
    await admin.disconnect()
    const [current] = await client.describeTopics([topic], { refresh: true })
    expect(current?.topicId).not.toBe(described?.topicId)
    const stale = await fetchOnce(client, fetcher, {
      topic,
      partition: 0,
      offset: 0,
      topicId: described!.topicId,
    })
    expect(stale.error).toMatchObject({ code: 'UNKNOWN_TOPIC_ID' })
    const producer = await openProducer()
    await expect(
      producer.produce([{ topic, partition: 0, records: recordsOf(['a']), topicId: described!.topicId }]),
    ).rejects.toMatchObject({ code: 'UNKNOWN_TOPIC_ID' })
  })

  it('reads by topic name from a broker that knows no topic ids', async () => {
    const old = await connect(address(), { apiVersionCaps: { Fetch: 12 } })
    const topic = await createTopic(address())
    const producer = await openProducer()
    await producer.produce([{ topic, partition: 0, records: recordsOf(['a', 'b']) }])
    await producer.end(true)
    await settled(client, { topic, partition: 0 })
    expect((await readValues(old, { topic, partition: 0 })).values).toEqual(['a', 'b'])
    old.close()
  })
})
