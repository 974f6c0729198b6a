import { describe, expect, inject, it } from 'vitest'
import { connect, createTopic, recordsOf, uniqueName } from './support/kafka.ts'
import { describeProducer } from './support/producer-suite.ts'

const address = (): string => inject('servers').kafka

describeProducer('a producer with transaction version 2', address)

describe('transaction version 2', () => {
  it('gives every transaction an epoch of its own', async () => {
    const client = await connect(address())
    const topic = await createTopic(address())
    const producer = client.openProducer({ transactionalId: uniqueName('txn'), transactionTimeoutMs: 20_000 })
    const { producerId, producerEpoch } = await producer.init()
    for (const commit of [true, false, true]) {
      await producer.produce([{ topic, partition: 0, records: recordsOf(['a']) }])
      await producer.end(commit)
    }
    expect(producer.identity).toEqual({ producerId, producerEpoch: producerEpoch + 3 })
    client.close()
  })
})

describeProducer('a producer that writes to topics by name', address, { apiVersionCaps: { Produce: 12 } })
