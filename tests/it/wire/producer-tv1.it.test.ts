import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBroker, type TestBroker } from './support/broker.ts'
import { connect, createTopic, recordsOf, uniqueName } from './support/kafka.ts'
import { describeProducer } from './support/producer-suite.ts'

let broker: TestBroker

beforeAll(async () => {
  broker = await startBroker({ features: { 'transaction.version': 1 } })
})

afterAll(() => broker.remove())

describeProducer('a producer with transaction version 1', () => broker.address)

describe('transaction version 1', () => {
  it('keeps the epoch and goes on counting sequences from one transaction to the next', async () => {
    const client = await connect(broker.address)
    const topic = await createTopic(broker.address)
    const producer = client.openProducer({ transactionalId: uniqueName('txn'), transactionTimeoutMs: 20_000 })
    const identity = await producer.init()
    for (const commit of [true, false, true]) {
      await producer.produce([{ topic, partition: 0, records: recordsOf(['a', 'b']) }])
      await producer.end(commit)
    }
    expect(producer.identity).toEqual(identity)
    client.close()
  })
})
