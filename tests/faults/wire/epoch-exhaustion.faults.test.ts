import { expect, inject, it } from 'vitest'
import {
  connect,
  createTopic,
  readValues,
  recordsOf,
  settled,
  uniqueName,
} from '../../it/wire/support/kafka.ts'

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
