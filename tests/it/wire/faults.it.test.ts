import { freePort } from '@millrace/stack'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { endTxn } from '../../../executor/src/kafka/wire/api/end-txn.ts'
import { fetch } from '../../../executor/src/kafka/wire/api/fetch.ts'
import { produce } from '../../../executor/src/kafka/wire/api/produce.ts'
import {
  errorCodeOf,
  type KafkaClient,
  type KafkaOptions,
  type TransactionalProducer,
} from '../../../executor/src/kafka/wire/index.ts'
import { startBroker, type TestBroker } from './support/broker.ts'
import {
  connect,
  createTopic,
  eventually,
  fetchOnce,
  readValues,
  recordsOf,
  settled,
  uniqueName,
} from './support/kafka.ts'
import { type KafkaProxy, startProxy } from './support/proxy.ts'

let broker: TestBroker
let proxy: KafkaProxy
/** Goes to the broker directly: what really happened. */
let observer: KafkaClient

beforeAll(async () => {
  const [behindPort, proxyPort] = [await freePort(), await freePort()]
  proxy = await startProxy(proxyPort, behindPort)
  broker = await startBroker({
    listeners: [{ name: 'PROXIED', port: behindPort, advertisedPort: proxyPort, protocol: 'PLAINTEXT' }],
  })
  observer = await connect(broker.address)
})

afterAll(async () => {
  observer.close()
  await proxy.close()
  await broker.remove()
})

afterEach(() => {
  proxy.decide = () => 'forward'
  proxy.caught.length = 0
})

async function openProxied(
  options: Partial<KafkaOptions> = {},
): Promise<{ client: KafkaClient; producer: TransactionalProducer; topic: string }> {
  const client = await connect(`127.0.0.1:${proxy.port}`, options)
  const producer = client.openProducer({ transactionalId: uniqueName('txn'), transactionTimeoutMs: 20_000 })
  await producer.init()
  return { client, producer, topic: await createTopic(broker.address) }
}

/** Lets the first request of this kind meet the fate, and forwards everything else. */
function catchFirst(apiKey: number, fate: 'drop-reply' | 'hold'): void {
  proxy.decide = (request) => (request.apiKey === apiKey && proxy.caught.length === 0 ? fate : 'forward')
}

async function committed(topic: string): Promise<(string | null)[]> {
  await settled(observer, { topic, partition: 0 })
  return (await readValues(observer, { topic, partition: 0 })).values
}

describe('EndTxn whose reply is lost', () => {
  it('is sent again with transaction version 2: the transaction is committed once, the producer goes on', async () => {
    const { client, producer, topic } = await openProxied()
    const { producerEpoch } = producer.identity
    await producer.produce([{ topic, partition: 0, records: recordsOf(['a']) }])
    catchFirst(endTxn.key, 'drop-reply')
    await producer.end(true)
    expect(proxy.caught).toMatchObject([{ apiVersion: 5 }])
    expect(producer.identity.producerEpoch).toBe(producerEpoch + 1)
    await producer.produce([{ topic, partition: 0, records: recordsOf(['b']) }])
    await producer.end(true)
    expect(await committed(topic)).toEqual(['a', 'b'])
    client.close()
  })

  it('leaves the outcome unknown below version 5, and init finds it decided', async () => {
    const { client, producer, topic } = await openProxied({ apiVersionCaps: { EndTxn: 4 } })
    await producer.produce([{ topic, partition: 0, records: recordsOf(['a']) }])
    catchFirst(endTxn.key, 'drop-reply')
    await expect(producer.end(true)).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      cause: { code: 'CONNECTION_LOST' },
    })
    expect(proxy.caught).toMatchObject([{ apiVersion: 4 }])
    await producer.init()
    expect(await committed(topic)).toEqual(['a'])
    client.close()
  })

  it('leaves the outcome unknown when no repeat is answered either', async () => {
    const client = await connect(`127.0.0.1:${proxy.port}`)
    const topic = await createTopic(broker.address)
    const producer = client.openProducer({
      transactionalId: uniqueName('txn'),
      transactionTimeoutMs: 20_000,
      deadlineMs: 500,
    })
    await producer.init()
    await producer.produce([{ topic, partition: 0, records: recordsOf(['a']) }])
    proxy.decide = ({ apiKey }) => (apiKey === endTxn.key ? 'drop-reply' : 'forward')
    await expect(producer.end(true)).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', retry: 'now' })
    expect(proxy.caught.length).toBeGreaterThan(1)
    expect(await committed(topic)).toEqual(['a'])
    client.close()
  })
})

describe('EndTxn that arrives late', () => {
  it('does not end the next transaction', async () => {
    const { client, producer, topic } = await openProxied()
    await producer.produce([{ topic, partition: 0, records: recordsOf(['first']) }])
    catchFirst(endTxn.key, 'hold')
    await producer.end(true)
    await producer.produce([{ topic, partition: 0, records: recordsOf(['second, to be aborted']) }])
    const [reply] = await proxy.release()
    // The reply: length, correlation id, tagged fields, throttle time, then the error code.
    expect(errorCodeOf(reply!.readInt16BE(13))).toMatchObject({ trait: 'fenced' })
    await producer.end(false)
    expect(await committed(topic)).toEqual(['first'])
    client.close()
  })
})

describe('Produce whose reply is lost', () => {
  it('ends the use of the producer; init resolves the transaction', async () => {
    const { client, producer, topic } = await openProxied()
    catchFirst(produce.key, 'drop-reply')
    await expect(
      producer.produce([{ topic, partition: 0, records: recordsOf(['lost']) }]),
    ).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      retriable: true,
      context: { api: 'Produce' },
    })
    await expect(producer.end(true)).rejects.toMatchObject({ code: 'PRODUCER_UNUSABLE' })
    await producer.init()
    await producer.produce([{ topic, partition: 0, records: recordsOf(['again']) }])
    await producer.end(true)
    expect(await committed(topic)).toEqual(['again'])
    client.close()
  })
})

describe('a fetch without a reply', () => {
  it('fails after the request timeout; the next one uses a new connection', async () => {
    const { client, producer, topic } = await openProxied({ requestTimeoutMs: 1_000 })
    await producer.produce([{ topic, partition: 0, records: recordsOf(['a']) }])
    await producer.end(true)
    await settled(observer, { topic, partition: 0 })
    const fetcher = client.openFetcher()
    proxy.decide = ({ apiKey }) => (apiKey === fetch.key ? 'silence' : 'forward')
    await expect(fetchOnce(client, fetcher, { topic, partition: 0, offset: 0 })).rejects.toMatchObject({
      code: 'REQUEST_TIMEOUT',
      retriable: true,
    })
    proxy.decide = () => 'forward'
    expect(await fetchOnce(client, fetcher, { topic, partition: 0, offset: 0 })).toMatchObject({
      nextOffset: 2,
    })
    client.close()
  })
})

describe('a broken connection', () => {
  it('is replaced by one that all waiting requests share', async () => {
    const client = await connect(`127.0.0.1:${proxy.port}`)
    const topic = await createTopic(broker.address)
    const ask = (): Promise<unknown> => client.listOffsets([{ topic, partition: 0 }], 'latest')
    await ask()
    const before = proxy.connectionCount()
    proxy.cutAll()
    await Promise.all([ask(), ask(), ask(), ask()])
    expect(proxy.connectionCount() - before).toBeLessThanOrEqual(2)
    client.close()
  })
})

describe('a broker that is killed and comes back under another address', () => {
  it('loses no committed record, and client, fetcher and producer go on', async () => {
    const port = await freePort()
    const client = await connect(broker.address, { brokers: [broker.address, `127.0.0.1:${port}`] })
    const topic = await createTopic(broker.address)
    const place = { topic, partition: 0 }
    const settings = { transactionTimeoutMs: 60_000, deadlineMs: 90_000 }
    const producer = client.openProducer({ transactionalId: uniqueName('txn'), ...settings })
    const idle = client.openProducer({ transactionalId: uniqueName('txn'), ...settings })
    const fetcher = client.openFetcher()
    await idle.init()
    await producer.init()
    await producer.produce([{ ...place, records: recordsOf(['a']) }])
    await producer.commitOffsets(topic, [{ ...place, offset: 1, metadata: '' }])
    await fetchOnce(client, fetcher, { ...place, offset: 0 })
    await broker.server.kill()
    const meanwhile = async (): Promise<void> => {
      await expect(fetchOnce(client, fetcher, { ...place, offset: 0 })).rejects.toMatchObject({
        retriable: true,
      })
      const lost = idle.produce([{ ...place, records: recordsOf(['lost']) }])
      await expect(lost).rejects.toMatchObject({ retriable: true })
      await broker.moveTo(port)
    }
    await Promise.all([producer.end(true), meanwhile()])
    await idle.init()
    await idle.produce([{ ...place, records: recordsOf(['b']) }])
    await idle.end(true)
    await settled(client, place)
    expect((await readValues(client, place)).values).toEqual(['a', 'b'])
    const fetched = await eventually(() => fetchOnce(client, fetcher, { ...place, offset: 0 }))
    expect(fetched.records().next()).toBe(true)
    expect(await client.committedOffsets(topic, [place])).toMatchObject([{ offset: 1 }])
    client.close()
  }, 150_000)
})
