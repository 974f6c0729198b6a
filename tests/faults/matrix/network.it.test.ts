import { topicNames } from '@millrace/contracts'
import { describe, expect, test } from 'vitest'
import { endTxn } from '../../../executor/src/kafka/wire/api/end-txn.ts'
import { fetch } from '../../../executor/src/kafka/wire/api/fetch.ts'
import { initProducerId } from '../../../executor/src/kafka/wire/api/init-producer-id.ts'
import { produce } from '../../../executor/src/kafka/wire/api/produce.ts'
import { txnOffsetCommit } from '../../../executor/src/kafka/wire/api/txn-offset-commit.ts'
import { errorCodeOf } from '../../../executor/src/kafka/wire/index.ts'
import { recordsOf, uniqueName } from '../../it/wire/support/kafka.ts'
import { waitFor } from '../../support/wait-for.ts'
import { sceneBehindProxy } from './behind-proxy.ts'

const DEADLINE_MS = 120_000

const scene = sceneBehindProxy()

const caught = (count: number) =>
  waitFor('the proxy has caught it', () => scene.world.proxy.caught.length >= count, DEADLINE_MS)

/** Loses the reply to one request of each kind, one after the other. */
function drop(keys: readonly number[]): void {
  scene.world.proxy.caught.length = 0
  scene.world.proxy.decide = ({ apiKey }) =>
    apiKey === keys[scene.world.proxy.caught.length] ? 'drop-reply' : 'forward'
}

describe('between an executor and Kafka (F5)', { timeout: 600_000 }, () => {
  test('connections that break, again and again, lose and double nothing', async () => {
    const before = scene.world.proxy.connectionCount()
    for (let i = 0; i < 5; i++) await scene.world.strike(scene.flow, () => scene.world.proxy.cutAll())
    await scene.flow.works()
    expect(scene.world.proxy.connectionCount()).toBeGreaterThan(before + 5)
    await scene.flow.isExact()
  })

  test('replies that are lost, of every kind of request, lose and double nothing', async () => {
    // A lost reply to Produce makes the task start over: the next InitProducerId is its.
    for (const kinds of [[txnOffsetCommit], [endTxn], [fetch], [produce, initProducerId]]) {
      await scene.world.strike(scene.flow, () => drop(kinds.map(({ key }) => key)))
      await caught(kinds.length)
    }
    await scene.flow.isExact()
  })

  test('an EndTxn that arrives when the next transaction has begun does not end it', async () => {
    scene.world.proxy.decide = ({ apiKey }) =>
      apiKey === endTxn.key && scene.world.proxy.caught.length === 0 ? 'hold' : 'forward'
    await caught(1)
    await scene.flow.works()
    expect(await scene.flow.inFlight()).toBeGreaterThan(0)
    const [reply] = await scene.world.proxy.release()
    // The reply: length, correlation id, tagged fields, throttle time, then the error code.
    expect(errorCodeOf(reply?.readInt16BE(13) ?? 0)).toMatchObject({ trait: 'fenced' })
    await scene.flow.works()
    await scene.flow.isExact()
  })
})

describe('other clients (F7)', { timeout: 600_000 }, () => {
  test('a transaction of theirs that hangs on our topic holds readers up until it times out, no longer', async () => {
    const foreign = scene.world.kafka.client.openProducer({
      ...{ transactionalId: uniqueName('foreign'), transactionTimeoutMs: 4_000 },
    })
    await foreign.init()
    await foreign.produce([
      { topic: scene.flow.topics.passed, partition: 0, records: recordsOf(['foreign']) },
    ])
    foreign.close()
    const place = { topic: scene.flow.topics.passed, partition: 0 }
    const offset = async (at: 'latest' | 'last-stable') =>
      (await scene.world.kafka.client.listOffsets([place], at))[0]?.offset ?? 0
    const hanging = await offset('latest')
    await scene.flow.works()
    await waitFor('readers go on', async () => (await offset('last-stable')) > hanging, DEADLINE_MS)
    await scene.flow.isExact()
  })

  test('one that takes our transactional id again and again stops the task, in words, and loses nothing', async () => {
    const transactionalId = topicNames.transactionalId(scene.flow.spec.deployment, scene.flow.sourceStage, 0)
    const thief = scene.world.kafka.client.openProducer({ transactionalId, transactionTimeoutMs: 10_000 })
    await waitFor(
      'the task stops',
      async () => {
        await thief.init()
        return (await scene.flow.problems()).some(({ code }) => code === 'transactional_id_taken')
      },
      DEADLINE_MS,
    )
    thief.close()
    expect((await scene.flow.problem('transactional_id_taken')).message).toMatch(
      /^Another client uses our transactional id/,
    )
    expect(await scene.flow.inFlight()).toBeGreaterThan(0)
    await scene.executor.kill()
    scene.executor = scene.world.executor()
    await scene.flow.isExact()
  })
})
