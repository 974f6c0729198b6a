import { topicNames } from '@millrace/contracts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { endTxn } from '../../../executor/src/kafka/wire/api/end-txn.ts'
import { fetch } from '../../../executor/src/kafka/wire/api/fetch.ts'
import { initProducerId } from '../../../executor/src/kafka/wire/api/init-producer-id.ts'
import { produce } from '../../../executor/src/kafka/wire/api/produce.ts'
import { txnOffsetCommit } from '../../../executor/src/kafka/wire/api/txn-offset-commit.ts'
import { errorCodeOf } from '../../../executor/src/kafka/wire/index.ts'
import { recordsOf, uniqueName } from '../../it/wire/support/kafka.ts'
import type { ExecutorProcess } from '../../support/executor-process.ts'
import { waitFor } from '../../support/wait-for.ts'
import { BehindProxy } from './behind-proxy.ts'
import type { Flow } from './flow.ts'

const DEADLINE_MS = 120_000

let world: BehindProxy
let flow: Flow
let executor: ExecutorProcess

beforeAll(async () => {
  world = await BehindProxy.start(inject('servers').redis)
})

beforeEach(async () => {
  executor = world.executor()
  flow = await world.deploy()
  flow.trickle()
  await flow.works()
})

afterEach(async () => {
  world.heal()
  await flow.stop()
  await executor.kill()
})

afterAll(() => world.end())

const caught = (count: number) =>
  waitFor('the proxy has caught it', () => world.proxy.caught.length >= count, DEADLINE_MS)

/** Loses the reply to one request of each kind, one after the other. */
function drop(keys: readonly number[]): void {
  world.proxy.caught.length = 0
  world.proxy.decide = ({ apiKey }) => (apiKey === keys[world.proxy.caught.length] ? 'drop-reply' : 'forward')
}

describe('between an executor and Kafka (F5)', { timeout: 600_000 }, () => {
  test('connections that break, again and again, lose and double nothing', async () => {
    const before = world.proxy.connectionCount()
    for (let i = 0; i < 5; i++) await world.strike(flow, () => world.proxy.cutAll())
    await flow.works()
    expect(world.proxy.connectionCount()).toBeGreaterThan(before + 5)
    await flow.isExact()
  })

  test('replies that are lost, of every kind of request, lose and double nothing', async () => {
    // A lost reply to Produce makes the task start over: the next InitProducerId is its.
    for (const kinds of [[txnOffsetCommit], [endTxn], [fetch], [produce, initProducerId]]) {
      await world.strike(flow, () => drop(kinds.map(({ key }) => key)))
      await caught(kinds.length)
    }
    await flow.isExact()
  })

  test('an EndTxn that arrives when the next transaction has begun does not end it', async () => {
    world.proxy.decide = ({ apiKey }) =>
      apiKey === endTxn.key && world.proxy.caught.length === 0 ? 'hold' : 'forward'
    await caught(1)
    await flow.works()
    expect(await flow.inFlight()).toBeGreaterThan(0)
    const [reply] = await world.proxy.release()
    // The reply: length, correlation id, tagged fields, throttle time, then the error code.
    expect(errorCodeOf(reply?.readInt16BE(13) ?? 0)).toMatchObject({ trait: 'fenced' })
    await flow.works()
    await flow.isExact()
  })
})

describe('other clients (F7)', { timeout: 600_000 }, () => {
  test('a transaction of theirs that hangs on our topic holds readers up until it times out, no longer', async () => {
    const foreign = world.kafka.client.openProducer({
      ...{ transactionalId: uniqueName('foreign'), transactionTimeoutMs: 4_000 },
    })
    await foreign.init()
    await foreign.produce([{ topic: flow.topics.passed, partition: 0, records: recordsOf(['foreign']) }])
    foreign.close()
    const place = { topic: flow.topics.passed, partition: 0 }
    const offset = async (at: 'latest' | 'last-stable') =>
      (await world.kafka.client.listOffsets([place], at))[0]?.offset ?? 0
    const hanging = await offset('latest')
    await flow.works()
    await waitFor('readers go on', async () => (await offset('last-stable')) > hanging, DEADLINE_MS)
    await flow.isExact()
  })

  test('one that takes our transactional id again and again stops the task, in words, and loses nothing', async () => {
    const transactionalId = topicNames.transactionalId(flow.spec.deployment, flow.sourceStage, 0)
    const thief = world.kafka.client.openProducer({ transactionalId, transactionTimeoutMs: 10_000 })
    await waitFor(
      'the task stops',
      async () => {
        await thief.init()
        return (await flow.problems()).some(({ code }) => code === 'transactional_id_taken')
      },
      DEADLINE_MS,
    )
    thief.close()
    expect((await flow.problem('transactional_id_taken')).message).toMatch(
      /^Another client uses our transactional id/,
    )
    expect(await flow.inFlight()).toBeGreaterThan(0)
    await executor.kill()
    executor = world.executor()
    await flow.isExact()
  })
})
