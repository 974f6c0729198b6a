import { freePort } from '@millrace/stack'
import { expect, inject, it } from 'vitest'
import { endTxn } from '../../../executor/src/kafka/wire/api/end-txn.ts'
import { startBroker } from '../../it/wire/support/broker.ts'
import {
  connect,
  createTopic,
  readValues,
  recordsOf,
  settled,
  uniqueName,
} from '../../it/wire/support/kafka.ts'
import { startProxy } from '../../it/wire/support/proxy.ts'

/** The last epoch that a producer id may have; 32,767 is never given out. */
const LAST_EPOCH = 32_766
/** So many transactions before and after the change write records, too. */
const AROUND = 60

it('goes on with a new producer id when the epochs of the old one are used up', async () => {
  const address = inject('servers').kafka
  const client = await connect(address)
  const topic = await createTopic(address)
  const group = uniqueName('group')
  const place = { topic, partition: 0 }
  const producer = client.openProducer({ transactionalId: uniqueName('txn'), transactionTimeoutMs: 20_000 })
  const first = await producer.init()
  const written: string[] = []
  const epochs: number[] = []
  let transactions = 0
  let after = 0
  while (after < AROUND) {
    const { producerId, producerEpoch } = producer.identity
    if (producerId !== first.producerId) after++
    epochs.push(producerEpoch)
    if (after > 0 || producerEpoch > LAST_EPOCH - AROUND) {
      const value = `${transactions}`
      written.push(value)
      await producer.produce([{ ...place, records: recordsOf([value]) }])
    }
    transactions++
    await producer.commitOffsets(group, [{ ...place, offset: transactions, metadata: '' }])
    await producer.end(true)
  }
  expect(epochs.slice(0, LAST_EPOCH - first.producerEpoch)).toEqual(
    Array.from({ length: LAST_EPOCH - first.producerEpoch }, (_, index) => first.producerEpoch + index),
  )
  expect(epochs.slice(-AROUND)).toEqual(Array.from({ length: AROUND }, (_, index) => index))
  expect(producer.identity.producerId).not.toBe(first.producerId)
  await settled(client, place)
  expect((await readValues(client, place)).values).toEqual(written)
  expect(await client.committedOffsets(group, [place])).toMatchObject([{ offset: transactions }])
  client.close()
})

it('goes on with the new producer id though the reply that tells of it is lost', async () => {
  const [behindPort, proxyPort] = [await freePort(), await freePort()]
  const proxy = await startProxy(proxyPort, behindPort)
  const broker = await startBroker({
    listeners: [{ name: 'PROXIED', port: behindPort, advertisedPort: proxyPort, protocol: 'PLAINTEXT' }],
  })
  const client = await connect(`127.0.0.1:${proxy.port}`)
  const topic = await createTopic(broker.address)
  const group = uniqueName('group')
  const place = { topic, partition: 0 }
  const producer = client.openProducer({ transactionalId: uniqueName('txn'), transactionTimeoutMs: 60_000 })
  const first = await producer.init()
  // Taking over uses epochs up as transactions do.
  while (producer.identity.producerEpoch < LAST_EPOCH - AROUND) await producer.init()
  expect(producer.identity.producerId).toBe(first.producerId)
  proxy.decide = ({ apiKey }) => {
    const isLast = producer.identity.producerEpoch === LAST_EPOCH && proxy.caught.length === 0
    return apiKey === endTxn.key && isLast ? 'drop-reply' : 'forward'
  }
  const written = Array.from({ length: 2 * AROUND }, (_, i) => `${i}`)
  for (const [i, value] of written.entries()) {
    await producer.produce([{ ...place, records: recordsOf([value]) }])
    await producer.commitOffsets(group, [{ ...place, offset: i + 1, metadata: '' }])
    await producer.end(true)
  }
  expect(proxy.caught).toHaveLength(1)
  expect(producer.identity.producerId).not.toBe(first.producerId)
  await settled(client, place)
  expect((await readValues(client, place)).values).toEqual(written)
  expect(await client.committedOffsets(group, [place])).toMatchObject([{ offset: written.length }])
  client.close()
  await proxy.close()
  await broker.remove()
})
