import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type KafkaClient,
  type KafkaOptions,
  type ProducedBatch,
  RecordBatchBuilder,
  type TransactionalProducer,
} from '../../../../executor/src/kafka/wire/index.ts'
import { connect, createTopic, kafkajsClient, readValues, recordsOf, settled, uniqueName } from './kafka.ts'

/**
 * What a transactional producer must do on every broker.
 *
 * @param address gives the broker once the suite's hooks run
 */
export function describeProducer(
  name: string,
  address: () => string,
  options: Partial<KafkaOptions> = {},
): void {
  describe(name, () => {
    let client: KafkaClient
    const opened: TransactionalProducer[] = []

    beforeAll(async () => {
      client = await connect(address(), options)
    })

    afterAll(() => client.close())

    async function openProducer(transactionalId = uniqueName('txn')): Promise<TransactionalProducer> {
      const producer = client.openProducer({ transactionalId, transactionTimeoutMs: 20_000 })
      opened.push(producer)
      await producer.init()
      return producer
    }

    it('shows committed records and their base offsets', async () => {
      const topic = await createTopic(address(), { partitions: 2 })
      const producer = await openProducer()
      const produced = await producer.produce([
        { topic, partition: 0, records: recordsOf(['a', 'b']) },
        { topic, partition: 1, records: recordsOf(['c']) },
      ])
      await producer.end(true)
      expect(produced).toEqual([
        { topic, partition: 0, baseOffset: 0, recordCount: 2 },
        { topic, partition: 1, baseOffset: 0, recordCount: 1 },
      ])
      await settled(client, { topic, partition: 0 })
      expect(await readValues(client, { topic, partition: 0 })).toMatchObject({
        values: ['a', 'b'],
        nextOffset: 3,
      })
    })

    it('hides the records of an aborted transaction', async () => {
      const topic = await createTopic(address())
      const producer = await openProducer()
      for (const [value, commit] of [
        ['a', true],
        ['b', false],
        ['c', true],
      ] as const) {
        await producer.produce([{ topic, partition: 0, records: recordsOf([value]) }])
        await producer.end(commit)
      }
      await settled(client, { topic, partition: 0 })
      expect((await readValues(client, { topic, partition: 0 })).values).toEqual(['a', 'c'])
      const all = await readValues(client, { topic, partition: 0 }, { isolation: 'read_uncommitted' })
      expect(all.values).toEqual(['a', 'b', 'c'])
    })

    it('runs transactions back to back', async () => {
      const topic = await createTopic(address())
      const producer = await openProducer()
      const values = Array.from({ length: 30 }, (_, index) => `${index}`)
      for (const value of values) {
        await producer.produce([{ topic, partition: 0, records: recordsOf([value]) }])
        await producer.commitOffsets(topic, [{ topic, partition: 0, offset: Number(value), metadata: value }])
        await producer.end(true)
      }
      await settled(client, { topic, partition: 0 })
      expect((await readValues(client, { topic, partition: 0 })).values).toEqual(values)
      expect(await client.committedOffsets(topic, [{ topic, partition: 0 }])).toEqual([
        { topic, partition: 0, offset: 29, metadata: '29' },
      ])
    })

    it('runs transactions back to back that hold nothing but offsets', async () => {
      const topic = await createTopic(address())
      const group = uniqueName('group')
      const producer = await openProducer()
      for (let offset = 1; offset <= 20; offset++) {
        await producer.commitOffsets(group, [{ topic, partition: 0, offset, metadata: '' }])
        await producer.end(true)
      }
      expect(await client.committedOffsets(group, [{ topic, partition: 0 }])).toMatchObject([{ offset: 20 }])
    })

    it('takes back offsets of an aborted transaction', async () => {
      const topic = await createTopic(address())
      const group = uniqueName('group')
      const producer = await openProducer()
      await producer.commitOffsets(group, [{ topic, partition: 0, offset: 5, metadata: '{"f":1}' }])
      await producer.end(true)
      await producer.commitOffsets(group, [{ topic, partition: 0, offset: 9, metadata: '{"f":2}' }])
      await producer.end(false)
      expect(await client.committedOffsets(group, [{ topic, partition: 0 }])).toEqual([
        { topic, partition: 0, offset: 5, metadata: '{"f":1}' },
      ])
    })

    it('splits what is larger than a broker takes at once, in order', async () => {
      const topic = await createTopic(address(), { partitions: 2 })
      const producer = await openProducer()
      const values = Array.from({ length: 4_000 }, (_, index) => `${index}:${'x'.repeat(1_000)}`)
      const produced = await producer.produce([
        { topic, partition: 0, records: recordsOf(values) },
        { topic, partition: 1, records: recordsOf(values.slice(0, 1_500)) },
      ])
      await producer.produce([{ topic, partition: 0, records: recordsOf(['last']) }])
      await producer.end(true)
      expect(chainOf(produced.filter(({ partition }) => partition === 0))).toEqual({ from: 0, to: 4_000 })
      expect(chainOf(produced.filter(({ partition }) => partition === 1))).toEqual({ from: 0, to: 1_500 })
      await settled(client, { topic, partition: 0 })
      expect((await readValues(client, { topic, partition: 0 })).values).toEqual([...values, 'last'])
    })

    it('writes to many partitions of several topics in one transaction', async () => {
      const topics = [
        await createTopic(address(), { partitions: 8 }),
        await createTopic(address(), { partitions: 3 }),
      ]
      const producer = await openProducer()
      const writes = topics.flatMap((topic, index) =>
        Array.from({ length: index === 0 ? 8 : 3 }, (_, partition) => ({
          topic,
          partition,
          records: recordsOf([`${topic}/${partition}`]),
        })),
      )
      await producer.produce(writes)
      await producer.end(true)
      for (const { topic, partition } of writes) {
        await settled(client, { topic, partition })
        expect((await readValues(client, { topic, partition })).values).toEqual([`${topic}/${partition}`])
      }
    })

    it('writes keys, tombstones and headers that other clients read', async () => {
      const topic = await createTopic(address())
      const producer = await openProducer()
      const records = new RecordBatchBuilder()
      records.append('schlüssel', '{"a":1}', 1_700_000_000_000, [{ key: 'reason', value: 'bad json' }])
      records.append(Buffer.from([1, 2]), null, 1_700_000_000_001)
      await producer.produce([{ topic, partition: 0, records }])
      await producer.end(true)
      await settled(client, { topic, partition: 0 })
      expect(await consumeWithKafkajs(address(), topic, 2)).toEqual([
        { key: 'schlüssel', value: '{"a":1}', timestamp: '1700000000000', headers: { reason: 'bad json' } },
        { key: '\x01\x02', value: null, timestamp: '1700000000001', headers: {} },
      ])
    })

    it('ends nothing when nothing was begun', async () => {
      const producer = await openProducer()
      const before = producer.identity
      expect(await producer.end(true)).toEqual(before)
      expect(await producer.produce([{ topic: 'nowhere', partition: 0, records: recordsOf([]) }])).toEqual([])
      expect(await producer.end(false)).toEqual(before)
    })

    it('fences the producer that had the transactional id before', async () => {
      const topic = await createTopic(address())
      const transactionalId = uniqueName('txn')
      const zombie = await openProducer(transactionalId)
      await zombie.produce([{ topic, partition: 0, records: recordsOf(['zombie, before']) }])
      const owner = await openProducer(transactionalId)
      await expect(
        zombie.produce([{ topic, partition: 0, records: recordsOf(['zombie, after']) }]),
      ).rejects.toMatchObject({
        name: 'KafkaError',
        fenced: true,
        retriable: false,
      })
      await owner.produce([{ topic, partition: 0, records: recordsOf(['owner']) }])
      await owner.end(true)
      await settled(client, { topic, partition: 0 })
      expect((await readValues(client, { topic, partition: 0 })).values).toEqual(['owner'])
    })

    it.each(['commit', 'offsets'] as const)('fences a zombie at its next request: %s', async (step) => {
      const topic = await createTopic(address())
      const transactionalId = uniqueName('txn')
      const zombie = await openProducer(transactionalId)
      await zombie.produce([{ topic, partition: 0, records: recordsOf(['zombie']) }])
      await openProducer(transactionalId)
      const next =
        step === 'commit'
          ? zombie.end(true)
          : zombie.commitOffsets(topic, [{ topic, partition: 0, offset: 1, metadata: '' }])
      await expect(next).rejects.toMatchObject({ fenced: true })
      await settled(client, { topic, partition: 0 })
      expect((await readValues(client, { topic, partition: 0 })).values).toEqual([])
    })

    it('can be used again after an error, from init on', async () => {
      const topic = await createTopic(address())
      const transactionalId = uniqueName('txn')
      const producer = await openProducer(transactionalId)
      const unknown = { topic: uniqueName('nowhere'), partition: 0, topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' }
      const tooLarge = recordsOf(['x'.repeat(1_100_000)])
      await expect(producer.produce([{ topic, partition: 0, records: tooLarge }])).rejects.toMatchObject({
        code: 'MESSAGE_TOO_LARGE',
        number: 10,
        context: { topic, partition: 0 },
      })
      await expect(producer.end(true)).rejects.toMatchObject({ code: 'PRODUCER_UNUSABLE' })
      await expect(producer.produce([{ ...unknown, records: recordsOf(['x']) }])).rejects.toMatchObject({
        code: 'PRODUCER_UNUSABLE',
      })
      await producer.init()
      await producer.produce([{ topic, partition: 0, records: recordsOf(['after']) }])
      await producer.end(true)
      await settled(client, { topic, partition: 0 })
      expect((await readValues(client, { topic, partition: 0 })).values).toEqual(['after'])
    })

    it('refuses calls that overlap, without harm to the first', async () => {
      const topic = await createTopic(address())
      const producer = await openProducer()
      const first = producer.produce([{ topic, partition: 0, records: recordsOf(['a']) }])
      await expect(producer.end(true)).rejects.toMatchObject({
        code: 'PRODUCER_UNUSABLE',
        domain: 'internal',
      })
      await first
      await producer.end(true)
    })

    it('must be initialised first', async () => {
      const producer = client.openProducer({
        transactionalId: uniqueName('txn'),
        transactionTimeoutMs: 20_000,
      })
      await expect(producer.end(true)).rejects.toMatchObject({ code: 'PRODUCER_UNUSABLE' })
    })
  })
}

/** Where a chain of batches begins and ends; throws when one does not follow the other. */
function chainOf(batches: readonly ProducedBatch[]): { from: number; to: number } {
  const from = batches[0]!.baseOffset
  let to = from
  for (const { baseOffset, recordCount } of batches) {
    if (baseOffset !== to) throw new Error(`a batch begins at ${baseOffset}, not at ${to}`)
    to += recordCount
  }
  return { from, to }
}

interface PlainMessage {
  readonly key: string | null
  readonly value: string | null
  readonly timestamp: string
  readonly headers: Record<string, string>
}

async function consumeWithKafkajs(address: string, topic: string, count: number): Promise<PlainMessage[]> {
  const consumer = kafkajsClient(address).consumer({ groupId: uniqueName('group'), maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const messages: PlainMessage[] = []
  try {
    await new Promise<void>((resolve, reject) => {
      const eachMessage = async ({ message }: { message: import('kafkajs').KafkaMessage }): Promise<void> => {
        messages.push({
          key: message.key?.toString() ?? null,
          value: message.value?.toString() ?? null,
          timestamp: message.timestamp,
          headers: Object.fromEntries(
            Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
          ),
        })
        if (messages.length === count) resolve()
      }
      consumer.run({ autoCommit: false, eachMessage }).catch(reject)
    })
  } finally {
    await consumer.disconnect()
  }
  return messages
}
