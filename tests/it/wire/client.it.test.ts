import { freePort } from '@millrace/stack'
import { describe, expect, inject, it } from 'vitest'
import { connect, createTopic, uniqueName } from './support/kafka.ts'

const address = (): string => inject('servers').kafka

describe('connectKafka', () => {
  it('describes topics with id and leaders', async () => {
    const client = await connect(address())
    const topic = await createTopic(address(), { partitions: 3 })
    const [described] = await client.describeTopics([topic])
    expect(described).toMatchObject({ topic, topicId: expect.stringMatching(/^[\w-]{22}$/) })
    expect(described?.partitions.map(({ partition, leader }) => [partition, leader])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ])
    client.close()
  })

  it('reports a topic that does not exist', async () => {
    const client = await connect(address())
    const topic = uniqueName('nowhere')
    await expect(client.describeTopics([topic])).rejects.toMatchObject({
      code: 'UNKNOWN_TOPIC_OR_PARTITION',
      context: { topic },
    })
    client.close()
  })

  it('tells a setting of topics, their own or the one of the broker', async () => {
    const client = await connect(address())
    const [own, usual] = [
      await createTopic(address(), { config: { 'max.message.bytes': '70000' } }),
      await createTopic(address()),
    ]
    const told = await client.topicSetting([own, usual, uniqueName('nowhere')], 'max.message.bytes')
    expect(told).toEqual(
      new Map([
        [own, '70000'],
        [usual, '1048588'],
      ]),
    )
    client.close()
  })

  it('tells the transaction version of the cluster', async () => {
    const client = await connect(address())
    expect(await client.transactionVersion()).toBe(2)
    client.close()
  })

  it('tries every broker that is given', async () => {
    const nobody = `127.0.0.1:${await freePort()}`
    const client = await connect(nobody, { brokers: [nobody, address()] })
    const topic = await createTopic(address())
    expect(await client.listOffsets([{ topic, partition: 0 }], 'latest')).toMatchObject([{ offset: 0 }])
    client.close()
  })

  it('reports that nobody answers', async () => {
    await expect(connect(`127.0.0.1:${await freePort()}`)).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      domain: 'external',
      retriable: true,
    })
  })

  it('refuses a broker that lacks a version that is needed', async () => {
    await expect(connect(address(), { apiVersionCaps: { Metadata: 9 } })).rejects.toMatchObject({
      code: 'UNSUPPORTED_BROKER',
      domain: 'user',
    })
  })

  it('refuses what is no address', async () => {
    await expect(connect('localhost')).rejects.toThrow('"localhost" is no broker address')
  })
})

describe('a closed client', () => {
  it('ends requests under way and refuses new ones', async () => {
    const client = await connect(address())
    const topic = await createTopic(address())
    const [[broker, positions] = []] = await client.leadersOf([{ topic, partition: 0, offset: 0 }])
    const options = { isolation: 'read_committed', maxWaitMs: 15_000 } as const
    const fetcher = client.openFetcher()
    await fetcher.fetch(broker!, positions!, { ...options, maxWaitMs: 1 })
    const poll = fetcher.fetch(broker!, positions!, options)
    client.close()
    await expect(poll).rejects.toMatchObject({ code: 'CLOSED', retriable: false })
    await expect(client.listOffsets([{ topic, partition: 0 }], 'latest')).rejects.toMatchObject({
      code: 'CLOSED',
    })
    await expect(client.openFetcher().fetch(broker!, positions!, options)).rejects.toMatchObject({
      code: 'CLOSED',
    })
  })
})
