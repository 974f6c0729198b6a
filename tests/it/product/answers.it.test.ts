import { type ExecutorHeartbeat, redisKeys } from '@millrace/contracts'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../setup/postgres.ts'
import { migratedSchema } from '../../setup/prisma.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { OrderFlow, PER_WINDOW, runsOf } from '../../support/order-flow.ts'
import { Product, type TestPipeline } from '../../support/product.ts'
import { administer, deleteTopic } from '../wire/support/kafka.ts'

const TEST_MS = 300_000
const PARTITIONS = 4

let database: TestDatabase
let kafka: KafkaForTests
let product: Product
let pipeline: TestPipeline
let flow: OrderFlow
/** How often each order must have come through. */
const expected: number[] = []

beforeAll(async () => {
  const servers = inject('servers')
  database = await createTestDatabase(servers.postgres, await migratedSchema())
  kafka = await KafkaForTests.connect(servers.kafka)
  flow = await OrderFlow.over(kafka)
  product = await Product.start({ ...servers, postgres: database.url, redis: `${servers.redis}/11` })
  pipeline = await product.create('Questions')
  await feed(2 * PER_WINDOW, 1)
  await product.publish(pipeline, flow.graph(), { start: { kind: 'earliest' } })
  await flow.passedAtLeast()
}, TEST_MS)

afterAll(async () => {
  await product?.stop()
  await kafka?.close()
  await database?.drop()
})

async function feed(count: number, passes: number): Promise<void> {
  await flow.feed(count)
  for (let i = 0; i < count; i++) expected.push(passes)
}

async function isExact(): Promise<void> {
  expect(await flow.passedAtLeast()).toBe(runsOf(expected))
}

/** Waits until the pipeline asks; gives its words. */
async function question(...codes: string[]): Promise<string> {
  const isAsked = ({ code }: { readonly code: string }) => codes.includes(code)
  const now = await product.until(pipeline, `it asks ${codes}`, ({ problems }) => problems.some(isAsked))
  return now.problems.find(isAsked)?.message ?? ''
}

/** While something happens, nobody is at work. */
async function whileAsleep(action: () => Promise<void>): Promise<void> {
  const beats = Object.values(await product.redis.hgetall(redisKeys.executors))
  const pods = beats.map((text) => JSON.parse(text) as ExecutorHeartbeat)
  const pids = pods.flatMap(({ pid, workers }) => [pid, ...workers.map((worker) => worker.pid)])
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  try {
    await action()
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT')
  }
}

/** Deletes all of a partition's records but the newest. */
async function truncate(partition: number, left: number): Promise<void> {
  const place = { topic: flow.topics.orders, partition }
  const [end] = await kafka.client.listOffsets([place], 'latest')
  await kafka.client.deleteRecords([{ ...place, beforeOffset: (end?.offset ?? 0) - left }])
}

/** Loses records before they are read, and takes note of those that the question names. */
async function loseSome(): Promise<void> {
  await whileAsleep(async () => {
    // What a fetch was waiting for when its executor fell asleep is delivered: it gets these, and nobody asks for more.
    await feed(PARTITIONS, 1)
    await feed(PER_WINDOW - PARTITIONS, 1)
    await truncate(0, 10)
  })
  const words = await question('position_lost')
  const [, next, lost] = (/^Offset (\d+) of .*\/0 no longer exists: (\d+) records/.exec(words) ?? []).map(
    Number,
  ) as [number, number, number]
  expect(lost).toBeGreaterThan(0)
  for (let offset = next; offset < next + lost; offset++) expected[offset * PARTITIONS] = 0
}

describe('a pipeline that asks how to go on (F30)', { timeout: TEST_MS }, () => {
  test('goes on with its state where records were deleted, and misses just those that it named', async () => {
    await loseSome()
    const now = await product.operate(pipeline, 'continue', { from: 'earliest' })
    expect(now).toMatchObject({ state: 'running', version: 1, run: 1, problems: [] })
    const from = flow.windowOf(flow.next)
    await feed(2 * PER_WINDOW, 1)
    await isExact()
    const { found, expected: whole } = await flow.counts(from, from + 60_000, 'region')
    expect(found).toEqual(whole)
    await expect(product.operate(pipeline, 'continue', { from: 'earliest' })).rejects.toThrow(
      /nothing_to_answer/,
    )
    // The answer was to that question alone.
    await loseSome()
    await product.operate(pipeline, 'continue', { from: 'earliest' })
    await feed(40, 1)
    await isExact()
  })

  test('goes on in a topic that was created again: from its newest event, or from its oldest', async () => {
    await deleteTopic(kafka.address, flow.topics.orders)
    expect(await question('topic_missing', 'topic_recreated')).toContain('was deleted')
    await expect(product.operate(pipeline, 'continue', { from: 'latest' })).rejects.toThrow(
      /pipeline_invalid/,
    )
    await kafka.createTopic(flow.topics.orders, PARTITIONS)
    await feed(80, 0)
    await product.operate(pipeline, 'continue', { from: 'latest' })
    await feed(40, 1)
    await isExact()
    await deleteTopic(kafka.address, flow.topics.orders)
    await question('topic_missing', 'topic_recreated')
    await kafka.createTopic(flow.topics.orders, PARTITIONS)
    // Its state is still there: an order that has passed does not pass again.
    const again = { orderId: 'o-0', region: 'EU', tier: 'gold', ts: flow.timeOf(0) }
    await kafka.produce(flow.topics.orders, [{ key: again.orderId, value: again, partition: 0 }])
    await feed(80, 1)
    const now = await product.operate(pipeline, 'continue', { from: 'earliest' })
    expect(now).toMatchObject({ state: 'running', run: 1 })
    await isExact()
  })

  test('cannot go on where there are more partitions; as a fresh run it can', async () => {
    await administer(kafka.address, (admin) =>
      admin.createPartitions({ topicPartitions: [{ topic: flow.topics.orders, count: PARTITIONS + 1 }] }),
    )
    expect(await question('partitions_changed')).toContain(
      'had 4 partitions at publish and has 5 now, so keys have moved',
    )
    await expect(product.operate(pipeline, 'continue', { from: 'earliest' })).rejects.toThrow(
      /nothing_to_answer/,
    )
    const now = await product.operate(pipeline, 'start', { start: { kind: 'latest' } })
    expect(now).toMatchObject({ state: 'running', run: 2 })
    await feed(40, 1)
    await isExact()
  })
})
