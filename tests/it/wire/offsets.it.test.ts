import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import {
  type KafkaClient,
  RecordBatchBuilder,
  type TransactionalProducer,
} from '../../../executor/src/kafka/wire/index.ts'
import { connect, createTopic, readValues, recordsOf, settled, uniqueName } from './support/kafka.ts'

const address = (): string => inject('servers').kafka
let client: KafkaClient
let producer: TransactionalProducer

beforeAll(async () => {
  client = await connect(address())
  producer = client.openProducer({ transactionalId: uniqueName('txn'), transactionTimeoutMs: 20_000 })
  await producer.init()
})

afterAll(() => client.close())

async function topicWith(count: number): Promise<string> {
  const topic = await createTopic(address(), { partitions: 2 })
  const records = new RecordBatchBuilder()
  for (let index = 0; index < count; index++)
    records.append(null, `${index}`, 1_700_000_000_000 + index * 1_000)
  await producer.produce([{ topic, partition: 0, records }])
  await producer.end(true)
  await settled(client, { topic, partition: 0 })
  return topic
}

describe('listOffsets', () => {
  it('finds start, end and the last stable offset', async () => {
    const topic = await topicWith(3)
    await producer.produce([{ topic, partition: 0, records: recordsOf(['open']) }])
    const at = async (place: 'earliest' | 'latest' | 'last-stable'): Promise<number | null> => {
      const [found] = await client.listOffsets([{ topic, partition: 0 }], place)
      return found!.offset
    }
    expect([await at('earliest'), await at('last-stable'), await at('latest')]).toEqual([0, 4, 5])
    await producer.end(false)
  })

  it('finds the first record at or after a time, and none after the last', async () => {
    const topic = await topicWith(10)
    const at = async (timestamp: number): Promise<number | null> => {
      const [found] = await client.listOffsets([{ topic, partition: 0 }], { timestamp })
      return found!.offset
    }
    expect([
      await at(0),
      await at(1_700_000_003_000),
      await at(1_700_000_003_001),
      await at(1_800_000_000_000),
    ]).toEqual([0, 3, 4, null])
  })

  it('answers in the order of the question', async () => {
    const topics = [await topicWith(1), await topicWith(2), await topicWith(3)]
    const partitions = [topics[2]!, topics[0]!, topics[1]!].map((topic) => ({ topic, partition: 0 }))
    expect((await client.listOffsets(partitions, 'latest')).map(({ offset }) => offset)).toEqual([4, 2, 3])
  })

  it('gives up on a partition that does not exist', async () => {
    const impatient = await connect(address(), { requestTimeoutMs: 500 })
    await expect(
      impatient.listOffsets([{ topic: uniqueName('nowhere'), partition: 0 }], 'latest'),
    ).rejects.toMatchObject({
      code: 'UNKNOWN_TOPIC_OR_PARTITION',
      retriable: true,
    })
    impatient.close()
  })
})

describe('committedOffsets', () => {
  it('tells no position from position 0', async () => {
    const topic = await topicWith(1)
    const group = uniqueName('group')
    const partitions = [0, 1].map((partition) => ({ topic, partition }))
    await producer.commitOffsets(group, [{ topic, partition: 1, offset: 0, metadata: 'seen' }])
    await producer.end(true)
    expect(await client.committedOffsets(group, partitions)).toEqual([
      { topic, partition: 0, offset: null, metadata: '' },
      { topic, partition: 1, offset: 0, metadata: 'seen' },
    ])
  })

  it('waits for a transaction that is about to move the position', async () => {
    const topic = await topicWith(1)
    const group = uniqueName('group')
    await producer.commitOffsets(group, [{ topic, partition: 0, offset: 7, metadata: '' }])
    let answered = false
    const asked = client.committedOffsets(group, [{ topic, partition: 0 }]).finally(() => {
      answered = true
    })
    await client.listOffsets([{ topic, partition: 0 }], 'latest')
    expect(answered).toBe(false)
    await producer.end(true)
    expect(await asked).toMatchObject([{ offset: 7 }])
  })

  it('gives up on a transaction that stays open', async () => {
    const topic = await topicWith(1)
    const group = uniqueName('group')
    await producer.commitOffsets(group, [{ topic, partition: 0, offset: 7, metadata: '' }])
    await expect(
      client.committedOffsets(group, [{ topic, partition: 0 }], { deadlineMs: 100 }),
    ).rejects.toMatchObject({ code: 'UNSTABLE_OFFSET_COMMIT', retriable: true })
    await producer.end(false)
    expect(await client.committedOffsets(group, [{ topic, partition: 0 }])).toMatchObject([{ offset: null }])
  })
})

describe('deleteRecords', () => {
  it('moves the start of the partition', async () => {
    const topic = await topicWith(10)
    expect(await client.deleteRecords([{ topic, partition: 0, beforeOffset: 6 }])).toEqual([
      { topic, partition: 0, lowWatermark: 6 },
    ])
    expect(await client.listOffsets([{ topic, partition: 0 }], 'earliest')).toMatchObject([{ offset: 6 }])
    expect((await readValues(client, { topic, partition: 0 }, { offset: 6 })).values).toEqual([
      '6',
      '7',
      '8',
      '9',
    ])
  })

  it('refuses an offset beyond the end', async () => {
    const topic = await topicWith(1)
    await expect(client.deleteRecords([{ topic, partition: 0, beforeOffset: 99 }])).rejects.toMatchObject({
      code: 'OFFSET_OUT_OF_RANGE',
      context: { topic, partition: 0 },
    })
  })
})
