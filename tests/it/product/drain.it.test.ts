import { type DesiredState, type ExecutorHeartbeat, redisKeys, type Switchover } from '@millrace/contracts'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../setup/postgres.ts'
import { migratedSchema } from '../../setup/prisma.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { OrderFlow, PER_WINDOW } from '../../support/order-flow.ts'
import { Product, type TestPipeline } from '../../support/product.ts'
import { waitFor } from '../../support/wait-for.ts'

const TEST_MS = 300_000
const DEADLINE_MS = 90_000

let database: TestDatabase
let kafka: KafkaForTests
let product: Product
let pipeline: TestPipeline
let flow: OrderFlow
let deployment: string
/** What Redis held of the deployment while it drained, by key. */
const whileDraining = new Map<string, string>()

beforeAll(async () => {
  const servers = inject('servers')
  database = await createTestDatabase(servers.postgres, await migratedSchema())
  kafka = await KafkaForTests.connect(servers.kafka)
  flow = await OrderFlow.over(kafka)
  product = await Product.start({ ...servers, postgres: database.url, redis: `${servers.redis}/9` })
  pipeline = await product.create('Drained')
}, TEST_MS)

afterAll(async () => {
  await product?.stop()
  await kafka?.close()
  await database?.drop()
})

async function switchover(): Promise<Switchover | null> {
  return JSON.parse(
    (await product.redis.get(redisKeys.switchover(deployment))) ?? 'null',
  ) as Switchover | null
}

/** The worker process of the pipeline, on each executor. */
async function workers(): Promise<number[]> {
  const beats = Object.values(await product.redis.hgetall(redisKeys.executors))
  return beats.flatMap((text) => (JSON.parse(text) as ExecutorHeartbeat).workers.map(({ pid }) => pid))
}

async function remember(...keys: string[]): Promise<void> {
  for (const key of keys) whileDraining.set(key, (await product.redis.get(key)) ?? '')
}

describe('a publish that replaces a stage', { timeout: TEST_MS }, () => {
  test('loses and repeats nothing, though a worker is killed in the drain', async () => {
    await flow.feed(5 * PER_WINDOW)
    await product.publish(pipeline, flow.graph(), { start: { kind: 'earliest' } })
    await flow.passedAtLeast()
    deployment = await product.onlyDeployment()
    const [victim] = await waitFor('both executors have a worker', async () => {
      const pids = await workers()
      return pids.length === 2 && pids
    })
    // Its tasks cannot say that they are drained.
    process.kill(victim as number, 'SIGSTOP')
    await flow.feed(PER_WINDOW)
    const publishing = product.publish(pipeline, flow.graph({ groupBy: 'tier' }), {
      acknowledgeEmpty: ['count'],
    })
    publishing.catch(() => {})
    await waitFor('it drains', async () => (await switchover())?.phase === 'drain', DEADLINE_MS)
    process.kill(victim as number, 'SIGKILL')
    expect(await switchover()).toMatchObject({ phase: 'drain' })
    await remember(
      redisKeys.desired(deployment),
      redisKeys.spec(deployment, 1),
      redisKeys.spec(deployment, 2),
    )
    const now = await flow.feedDuring(publishing)
    expect(now).toMatchObject({ state: 'running', version: 2, run: 1 })
    const from = flow.windowOf(flow.next + PER_WINDOW)
    await flow.feed(3 * PER_WINDOW)
    expect(await flow.passedAtLeast()).toBe(`0–${flow.next - 1}: 1`)
    const { found, expected } = await flow.counts(from, flow.windowOf(flow.next - 1), 'tier')
    expect(expected.length).toBeGreaterThan(0)
    expect(found).toEqual(expected)
  })

  test('stays done: a stage that only the old version had never runs again, though Redis is emptied', async () => {
    const desired = JSON.parse(whileDraining.get(redisKeys.desired(deployment)) ?? '') as DesiredState
    expect(desired).toMatchObject({ generation: 2, drain: { generation: 1 } })
    await product.redis.flushdb()
    // As it stood before the drain was over: what is in Kafka must know better.
    for (const [key, value] of whileDraining) await product.redis.set(key, value)
    await product.redis.sadd(redisKeys.deployments, deployment)
    const from = flow.windowOf(flow.next + PER_WINDOW)
    await flow.feed(4 * PER_WINDOW)
    expect(await flow.passedAtLeast()).toBe(`0–${flow.next - 1}: 1`)
    const tiers = await flow.counts(from, flow.windowOf(flow.next - 1), 'tier')
    expect(tiers.found).toEqual(tiers.expected)
    const regions = (await kafka.readAll(flow.topics.counts)).map(
      ({ value }) => JSON.parse(value ?? '') as { region?: string; window_start: number },
    )
    expect(regions.filter((row) => row.region !== undefined && row.window_start >= from)).toEqual([])
  })
})
