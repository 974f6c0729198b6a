import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { redisKeys } from '@millrace/contracts'
import { type NativeStack, type ServerName, stackPlace, startStack } from '@millrace/stack'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { KafkaForTests } from '../../support/kafka.ts'
import type { LiveFrames } from '../../support/live-frames.ts'
import { OrderFlow, PER_WINDOW } from '../../support/order-flow.ts'
import { Product, type TestPipeline } from '../../support/product.ts'
import { waitFor } from '../../support/wait-for.ts'

const TEST_MS = 300_000
const DEADLINE_MS = 90_000
/** Two stages and the delivery, by four partitions. */
const TASKS = 12

/** Servers of its own: nobody else may miss them. */
let stack: NativeStack
let dataDir: string
let kafka: KafkaForTests
let product: Product
let pipeline: TestPipeline
let flow: OrderFlow
let live: LiveFrames

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'millrace-outages-'))
  const { cacheDir } = stackPlace(path.join(import.meta.dirname, '../../..'))
  stack = await startStack({ dataDir, cacheDir, ports: 'free' })
  kafka = await KafkaForTests.connect(stack.addresses.kafka)
  flow = await OrderFlow.over(kafka)
  product = await Product.start(stack.addresses)
  pipeline = await product.create('Outages')
  await flow.feed(PER_WINDOW)
  await product.publish(pipeline, flow.graph({ hasDocuments: true }), { start: { kind: 'earliest' } })
  live = await product.live(pipeline)
}, TEST_MS)

afterAll(async () => {
  live?.close()
  await product?.stop()
  await kafka?.close()
  await stack?.stop()
  await rm(dataDir, { recursive: true, force: true })
})

/** Kills a server, does something while it is down, and starts it again. */
async function without(name: ServerName, action: () => Promise<void>): Promise<void> {
  await stack.servers[name].kill()
  try {
    await action()
  } finally {
    await stack.servers[name].start()
  }
}

const untilProblem = (code: string) =>
  live
    .until(`Monitoring tells ${code}`, ({ problems }) => problems.some((problem) => problem.code === code))
    .then(({ problems }) => problems.find((problem) => problem.code === code))
const untilFine = () => live.until('Monitoring tells of no problem', ({ problems }) => problems.length === 0)

const allOnce = () => `0–${flow.next - 1}: 1`

/** Who runs which task since when, once so many report: whoever went on as before shows the same. */
async function owners(count: number) {
  const all = ({ tasks }: { readonly tasks: readonly unknown[] }) => tasks.length === count
  const { tasks } = await product.until(pipeline, `${count} tasks report`, all)
  return tasks.map(({ stage, partition, executor, since }) => ({ stage, partition, executor, since }))
}

async function documentCount(): Promise<number> {
  const response = await fetch(`${stack.addresses.elasticsearch}/${flow.alias}/_count`)
  return response.ok ? ((await response.json()) as { count: number }).count : 0
}

const untilAllDocuments = () =>
  waitFor('every document is there', async () => (await documentCount()) === flow.next, DEADLINE_MS)

describe('a running pipeline', { timeout: TEST_MS }, () => {
  test('while Elasticsearch is down: documents wait, the rest goes on, and all are written afterwards', async () => {
    await untilAllDocuments()
    await without('elasticsearch', async () => {
      await flow.feed(400)
      expect(await untilProblem('sink_unreachable')).toMatchObject({ nodeId: 'documents', resumes: true })
      await flow.feed(400)
      expect(await flow.passedAtLeast()).toBe(allOnce())
    })
    await untilFine()
    await untilAllDocuments()
  })

  test('while Redis is down: the tasks go on where they are, documents wait, and the state copy is mended', async () => {
    const before = await owners(TASKS)
    await without('redis', async () => {
      const problem = await untilProblem('redis_unreachable')
      expect(problem?.message).toContain('documents wait')
      await flow.feed(400)
      expect(await flow.passedAtLeast()).toBe(allOnce())
    })
    await untilFine()
    await untilAllDocuments()
    expect(await owners(TASKS)).toEqual(before)
  })

  test('when Redis is emptied: the tasks go on where they are, and what should run is written again', async () => {
    const before = await owners(TASKS)
    await product.redis.flushall()
    await flow.feed(400)
    await waitFor(
      'Redis says again what should run',
      () => product.redis.exists(redisKeys.deployments),
      DEADLINE_MS,
    )
    expect(await flow.passedAtLeast()).toBe(allOnce())
    await untilFine()
    expect(await owners(TASKS)).toEqual(before)
  })

  test('while Postgres is down: it goes on', async () => {
    await without('postgres', async () => {
      const problem = await untilProblem('database_unreachable')
      expect(problem).toMatchObject({ nodeId: null, resumes: true })
      await flow.feed(400)
      expect(await flow.passedAtLeast()).toBe(allOnce())
      await untilAllDocuments()
    })
    await untilFine()
  })

  test('while Kafka is down: it waits, says so, and goes on', async () => {
    const fed = flow.next
    await without('kafka', async () => {
      const problem = await untilProblem('kafka_unreachable')
      expect(problem?.message).toContain('Kafka')
    })
    await flow.feed(2 * PER_WINDOW)
    expect(await flow.passedAtLeast()).toBe(allOnce())
    await untilFine()
    await untilAllDocuments()
    expect(flow.next).toBe(fed + 2 * PER_WINDOW)
  })

  test('has counted every window whole in the end', async () => {
    const { found, expected } = await flow.counts(flow.windowOf(0), flow.windowOf(flow.next - 1), 'region')
    expect(found).toEqual(expected)
  })
})
