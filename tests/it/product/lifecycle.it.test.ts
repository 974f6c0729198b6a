import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../setup/postgres.ts'
import { migratedSchema } from '../../setup/prisma.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { OrderFlow, PER_WINDOW, runsOf } from '../../support/order-flow.ts'
import { Product, type TestPipeline } from '../../support/product.ts'

const TEST_MS = 300_000

let database: TestDatabase
let kafka: KafkaForTests
let product: Product
let pipeline: TestPipeline
let flow: OrderFlow

beforeAll(async () => {
  const servers = inject('servers')
  database = await createTestDatabase(servers.postgres, await migratedSchema())
  kafka = await KafkaForTests.connect(servers.kafka)
  flow = await OrderFlow.over(kafka)
  product = await Product.start({ ...servers, postgres: database.url, redis: `${servers.redis}/6` })
  pipeline = await product.create('Lifecycle')
}, TEST_MS)

afterAll(async () => {
  await product?.stop()
  await kafka?.close()
  await database?.drop()
})

describe('a pipeline on two executors, with events coming all the time', { timeout: TEST_MS }, () => {
  test('starts at the earliest record', async () => {
    await flow.feed(5 * PER_WINDOW)
    await product.publish(pipeline, flow.graph(), { start: { kind: 'earliest' } })
    expect(await flow.passedAtLeast()).toBe(`0–${flow.next - 1}: 1`)
    const { found, expected } = await flow.counts(flow.windowOf(0), flow.windowOf(flow.next - 1), 'region')
    expect(found).toEqual(expected)
  })

  test('goes on under a version that changes no stage: nothing lost, nothing twice, windows whole', async () => {
    const from = flow.windowOf(flow.next)
    const now = await flow.feedDuring(product.publish(pipeline, flow.graph({ ttl: 7_200_000 })))
    expect(now).toMatchObject({ state: 'running', version: 2, run: 1 })
    expect(await flow.passedAtLeast()).toBe(`0–${flow.next - 1}: 1`)
    const { found, expected } = await flow.counts(from, flow.windowOf(flow.next - 1), 'region')
    expect(found).toEqual(expected)
  })

  test('goes on under a version that replaces a stage: drained first, nothing lost, nothing twice', async () => {
    const graph = flow.graph({ groupBy: 'tier' })
    const now = await flow.feedDuring(product.publish(pipeline, graph, { acknowledgeEmpty: ['count'] }))
    expect(now).toMatchObject({ state: 'running', version: 3, run: 1 })
    const from = flow.windowOf(flow.next + PER_WINDOW)
    await flow.feed(3 * PER_WINDOW)
    expect(await flow.passedAtLeast()).toBe(`0–${flow.next - 1}: 1`)
    const { found, expected } = await flow.counts(from, flow.windowOf(flow.next - 1), 'tier')
    expect(expected.length).toBeGreaterThan(0)
    expect(found).toEqual(expected)
  })

  test('stops; what comes then is not processed', async () => {
    expect(await product.operate(pipeline, 'stop')).toMatchObject({ state: 'stopped', tasks: [] })
    const before = flow.next
    await flow.feed(400)
    expect(await flow.passed()).toBe(`0–${before - 1}: 1, ${before}–${flow.next - 1}: 0`)
  })

  test('starts at the latest record: what came before is left out', async () => {
    const left = flow.next - 400
    await product.operate(pipeline, 'start', { start: { kind: 'latest' } })
    const from = flow.next
    await flow.feed(200)
    expect(await flow.passedAtLeast()).toBe(
      `0–${left - 1}: 1, ${left}–${from - 1}: 0, ${from}–${flow.next - 1}: 1`,
    )
  })

  test('starts at a time: what is older is left out', async () => {
    await product.operate(pipeline, 'stop')
    const [left, from, twice] = [flow.next - 600, flow.next - 400, flow.next - 200]
    await product.operate(pipeline, 'start', { start: { kind: 'time', time: flow.timeOf(from) } })
    expect(await flow.passedAtLeast(2)).toBe(
      `0–${left - 1}: 1, ${left}–${from - 1}: 0, ${from}–${twice - 1}: 1, ${twice}–${flow.next - 1}: 2`,
    )
  })

  test('is replayed from a time while it runs', async () => {
    const before = await flow.timesPassed()
    const from = flow.next - 100
    const now = await product.operate(pipeline, 'replay', { time: flow.timeOf(from) })
    expect(now).toMatchObject({ state: 'running', version: 3, run: 4 })
    await flow.passedAtLeast(3)
    const after = await flow.timesPassed()
    const more = Array.from({ length: flow.next }, (_, i) => (after.get(i) ?? 0) - (before.get(i) ?? 0))
    expect(runsOf(more)).toBe(`0–${from - 1}: 0, ${from}–${flow.next - 1}: 1`)
  })

  test('rolls back to an older version and reads on where it was', async () => {
    const before = flow.next
    const request = { version: 1, acknowledgeEmpty: ['count'] }
    const now = await flow.feedDuring(product.operate(pipeline, 'roll-back', request))
    expect(now).toMatchObject({ state: 'running', version: 1, run: 4 })
    expect((await flow.passedAtLeast()).split(', ').at(-1)).toBe(`${before}–${flow.next - 1}: 1`)
  })
})
