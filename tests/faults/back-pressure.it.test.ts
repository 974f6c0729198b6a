import { setTimeout as sleep } from 'node:timers/promises'
import { redisKeys, topicNames } from '@millrace/contracts'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { DocumentFlow } from '../support/document-flow.ts'
import { ElasticsearchGate } from '../support/elasticsearch-gate.ts'
import { ExecutorProcess } from '../support/executor-process.ts'
import { KafkaForTests } from '../support/kafka.ts'
import { waitFor } from '../support/wait-for.ts'

const TEST_MS = 900_000
const MAX_UNREAD = 4_000
const COMMIT_RECORDS = 500
const STEP = 500
/**
 * What may come on top of the limit: the length of a topic is looked at once a second, and a task works through what it
 * has fetched (1 MB, some 15,000 events) and through one more commit.
 */
const OVERSHOOT = 40_000
/** More than all topics before Elasticsearch hold. */
const MOST_EVENTS = 400_000

let kafka: KafkaForTests
let redis: Redis
let gate: ElasticsearchGate
let executor: ExecutorProcess
let flow: DocumentFlow

beforeAll(async () => {
  const { kafka: brokers, redis: redisUrl, elasticsearch } = inject('servers')
  kafka = await KafkaForTests.connect(brokers)
  redis = new Redis(redisUrl)
  await redis.flushall()
  await redis.set(redisKeys.incarnation, JSON.stringify({ id: 'test', at: 0 }))
  gate = await ElasticsearchGate.open(elasticsearch)
  flow = await DocumentFlow.deploy({
    ...{ kafka, redis, elasticsearch, address: gate.address, hasRepartition: true, ids: MOST_EVENTS },
    settings: { maxUnreadRecords: MAX_UNREAD, commitRecords: COMMIT_RECORDS },
  })
  executor = ExecutorProcess.start('pressed', redisUrl)
  await flow.feed(STEP)
  await flow.isExact()
}, TEST_MS)

afterAll(async () => {
  await executor?.kill()
  await gate?.close()
  redis?.disconnect()
  await kafka?.close()
})

const isPaused = async (kind: 'source' | 'repartition') => {
  const inputs = (await flow.inputs()).filter((input) => input.kind === kind)
  return inputs.length > 0 && inputs.every(({ paused }) => paused === 'back_pressure')
}

describe('a sink that takes nothing', { timeout: TEST_MS }, () => {
  test('holds up the stages before it one after the other: what waits is bounded, shown, and drains by itself', async () => {
    const stage = flow.spec.plan.stages.find(({ inputs }) =>
      inputs.some(({ kind }) => kind === 'repartition'),
    )
    const repartition = topicNames.repartition(flow.spec, stage?.id ?? '')
    gate.decide = () => ({ kind: 'answer', status: 503 })
    // Once nothing leaves the last topic, the one before it fills up for good, and not before.
    while (!((await isPaused('repartition')) && (await isPaused('source')))) {
      expect(flow.fed).toBeLessThan(MOST_EVENTS)
      await flow.feed(STEP)
      await sleep(20)
    }
    await flow.feed(STEP)
    const { problem } = await flow.untilProblem('internal_topic_full')
    expect(problem?.message).toMatch(/Reading is paused until it is worked off\.$/)
    for (const topic of [flow.outbox, repartition]) {
      const unread = await flow.unread(topic)
      expect(unread).toBeGreaterThan(MAX_UNREAD)
      expect(unread).toBeLessThan(MAX_UNREAD + OVERSHOOT)
    }
    const lagOf = async () =>
      (await flow.inputs()).filter(({ kind }) => kind === 'source').reduce((sum, { lag }) => sum + lag, 0)
    await waitFor('what waits before the source is shown', async () => (await lagOf()) > 0, TEST_MS)
    gate.decide = () => ({ kind: 'pass' })
    await flow.isSettled()
    expect((await flow.isExact()).size).toBe(flow.fed)
    await flow.untilFine()
    expect(await flow.deadLetters()).toEqual([])
  })
})
