import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GraphEdge, PipelineGraph } from '@millrace/graph'
import type { DedupeConfig, KafkaSinkConfig, KafkaSourceConfig, WindowConfig } from '@millrace/nodes'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { chain, step } from '../../../api/src/templates/build.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/postgres.ts'
import { migratedSchema } from '../../setup/prisma.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { Product, type TestPipeline } from '../../support/product.ts'
import { waitFor } from '../../support/wait-for.ts'

const PARTITIONS = 4
const MINUTE = 60_000
/** Ten events a second, in event time; one window holds 600. */
const STEP_MS = 100
const PER_WINDOW = MINUTE / STEP_MS
/** The first event: an hour ago, at the beginning of a window. */
const START = Math.floor((Date.now() - 3_600_000) / MINUTE) * MINUTE
const REGIONS = ['EU', 'US', 'ASIA']
const TIERS = ['gold', 'silver']
const DEADLINE_MS = 60_000
const TEST_MS = 120_000

const suffix = randomBytes(4).toString('hex')
const topics = { orders: `orders-${suffix}`, passed: `passed-${suffix}`, counts: `counts-${suffix}` }

let database: TestDatabase
let kafka: KafkaForTests
let product: Product
let pipeline: TestPipeline
/** Number of the event that is fed next. */
let next = 0

beforeAll(async () => {
  const servers = inject('servers')
  database = await createTestDatabase(servers.postgres, await migratedSchema())
  kafka = await KafkaForTests.connect(servers.kafka)
  await kafka.createTopic(topics.orders, PARTITIONS)
  product = await Product.start({ ...servers, postgres: database.url, redis: `${servers.redis}/6` })
  pipeline = await product.create('Lifecycle')
})

afterAll(async () => {
  await product?.stop()
  await kafka?.close()
  await database?.drop()
})

interface Settings {
  readonly ttl?: number
  readonly groupBy?: string
}

/** Every order once to `passed`, and counted by minute to `counts`. */
function graphOf({ ttl = 3_600_000, groupBy = 'region' }: Settings = {}): PipelineGraph {
  const source = step('orders', 'kafka', 'Orders', {
    ...{ connection: 'kafka', topic: topics.orders, format: 'json' },
    fields: [
      { name: 'orderId', type: 'string not null' },
      { name: 'region', type: 'string' },
      { name: 'tier', type: 'string' },
      { name: 'ts', type: 'timestamp' },
    ],
    ...{ eventTime: 'ts', outOfOrderness: 0, idleTimeout: null, maxAhead: null, keyedBy: ['orderId'] },
  } satisfies KafkaSourceConfig)
  const first = step('first', 'dedupe', 'First', { key: ['orderId'], ttl } satisfies DedupeConfig)
  const count = step('count', 'window', 'Count', {
    ...{ kind: 'tumbling', size: MINUTE, offset: 0, groupBy: [groupBy] },
    aggregates: [{ function: 'count', as: 'orders' }],
    allowedLateness: 0,
  } satisfies WindowConfig)
  const sink = (id: string, topic: string, key: string) =>
    step(id, 'kafka-sink', id, { connection: 'kafka', topic, key: [key] } satisfies KafkaSinkConfig)
  const passed = sink('passed', topics.passed, 'orderId')
  const counts = sink('counts', topics.counts, groupBy)
  const branch: GraphEdge = {
    id: 'branch',
    from: { node: 'first', port: 'out' },
    to: { node: 'count', port: 'in' },
  }
  const nodes = [source, first, count, passed, counts]
  const edges = [...chain([source, first, passed]), branch, ...chain([count, counts])]
  return { format: 1, name: 'Lifecycle', nodes, edges, layout: {} }
}

const timeOf = (i: number) => START + i * STEP_MS

/** Writes the next events, in order of their time, to all partitions alike. */
async function feed(count: number): Promise<void> {
  const records = Array.from({ length: count }, (_, j) => {
    const i = next + j
    const order = { orderId: `o-${i}`, region: REGIONS[i % 3], tier: TIERS[i % 2], ts: timeOf(i) }
    return { key: order.orderId, value: order, partition: i % PARTITIONS, timestamp: order.ts }
  })
  next += count
  await kafka.produce(topics.orders, records)
}

/** Feeds while something else goes on, and one window's events more once it is over. */
async function feedDuring<T>(action: Promise<T>): Promise<T> {
  let isOver = false
  const done = action.finally(() => {
    isOver = true
  })
  done.catch(() => {})
  while (!isOver) {
    await feed(40)
    await sleep(50)
  }
  await feed(PER_WINDOW)
  return done
}

/** How often each event came through so far, by its number. */
async function timesPassed(): Promise<Map<number, number>> {
  const times = new Map<number, number>()
  for (const { value } of await kafka.readAll(topics.passed)) {
    const { orderId } = JSON.parse(value ?? 'null') as { orderId: string }
    const i = Number(orderId.slice(2))
    times.set(i, (times.get(i) ?? 0) + 1)
  }
  return times
}

/** Waits until the newest event came through, then says how often each did, as runs of equal counts. */
async function settled(): Promise<string> {
  const last = next - 1
  const before = (await timesPassed()).get(last) ?? 0
  const times = await waitFor(
    `event ${last} comes through`,
    async () => {
      const now = await timesPassed()
      const arrived = Array.from({ length: PARTITIONS }, (_, j) => now.get(last - j) ?? 0)
      return arrived.every((count) => count >= Math.max(1, before)) && now
    },
    DEADLINE_MS,
  )
  return runsOf(Array.from({ length: next }, (_, i) => times.get(i) ?? 0))
}

/** `[1, 1, 0]` as `0–1: 1, 2–2: 0`. */
function runsOf(counts: readonly number[]): string {
  const starts = counts.flatMap((count, i) => (count === counts[i - 1] ? [] : [i]))
  return starts
    .map((from, k) => `${from}–${(starts[k + 1] ?? counts.length) - 1}: ${counts[from]}`)
    .join(', ')
}

interface Counted {
  readonly region?: string
  readonly tier?: string
  readonly window_start: number
  readonly orders: number
}

/** The results for the windows that begin in [from, to), each group of each window once. */
async function countsBetween(from: number, to: number, by: 'region' | 'tier'): Promise<number[]> {
  const groups = by === 'region' ? REGIONS.length : TIERS.length
  const expected = ((to - from) / MINUTE) * groups
  return waitFor(
    `results of ${expected} groups`,
    async () => {
      const rows = (await kafka.readAll(topics.counts)).map(({ value }) => JSON.parse(value ?? '') as Counted)
      const found = rows.filter(
        (row) => row[by] !== undefined && row.window_start >= from && row.window_start < to,
      )
      return found.length >= expected && found.map(({ orders }) => orders)
    },
    DEADLINE_MS,
  )
}

const windowOf = (i: number) => Math.floor(timeOf(i) / MINUTE) * MINUTE
const copies = (count: number, value: number) => Array.from({ length: count }, () => value)

describe('a pipeline on two executors, with events coming all the time', { timeout: TEST_MS }, () => {
  test('starts at the earliest record', async () => {
    await feed(5 * PER_WINDOW)
    await product.publish(pipeline, graphOf(), { start: { kind: 'earliest' } })
    expect(await settled()).toBe(`0–${next - 1}: 1`)
    expect(await countsBetween(START, windowOf(next - 1), 'region')).toEqual(copies(4 * 3, PER_WINDOW / 3))
  })

  test('goes on under a version that changes no stage: nothing lost, nothing twice, windows whole', async () => {
    const from = windowOf(next)
    const now = await feedDuring(product.publish(pipeline, graphOf({ ttl: 7_200_000 })))
    expect(now).toMatchObject({ state: 'running', version: 2, run: 1 })
    expect(await settled()).toBe(`0–${next - 1}: 1`)
    const windows = (windowOf(next - 1) - from) / MINUTE
    const counts = await countsBetween(from, windowOf(next - 1), 'region')
    expect(counts).toEqual(copies(windows * 3, PER_WINDOW / 3))
  })

  test('goes on under a version that replaces a stage: drained first, nothing lost, nothing twice', async () => {
    const graph = graphOf({ groupBy: 'tier' })
    const now = await feedDuring(product.publish(pipeline, graph, { acknowledgeEmpty: ['count'] }))
    expect(now).toMatchObject({ state: 'running', version: 3, run: 1 })
    const from = windowOf(next + PER_WINDOW)
    await feed(3 * PER_WINDOW)
    expect(await settled()).toBe(`0–${next - 1}: 1`)
    const windows = (windowOf(next - 1) - from) / MINUTE
    expect(windows).toBeGreaterThan(0)
    expect(await countsBetween(from, windowOf(next - 1), 'tier')).toEqual(copies(windows * 2, PER_WINDOW / 2))
  })

  test('stops; what comes then is not processed', async () => {
    const stopped = await product.operate(pipeline, 'stop')
    expect(stopped).toMatchObject({ state: 'stopped', tasks: [] })
    const before = next
    await feed(400)
    const times = await timesPassed()
    expect(runsOf(Array.from({ length: next }, (_, i) => times.get(i) ?? 0))).toBe(
      `0–${before - 1}: 1, ${before}–${next - 1}: 0`,
    )
  })

  test('starts at the latest record: what came before is left out', async () => {
    const left = next - 400
    await product.operate(pipeline, 'start', { start: { kind: 'latest' } })
    await feed(200)
    expect(await settled()).toBe(`0–${left - 1}: 1, ${left}–${next - 201}: 0, ${next - 200}–${next - 1}: 1`)
  })

  test('starts at a time: what is older is left out', async () => {
    await product.operate(pipeline, 'stop')
    const [left, from] = [next - 600, next - 400]
    await product.operate(pipeline, 'start', { start: { kind: 'time', time: timeOf(from) } })
    await waitFor('it is read again', async () => ((await timesPassed()).get(next - 1) ?? 0) > 1, DEADLINE_MS)
    expect(await settled()).toBe(
      `0–${left - 1}: 1, ${left}–${from - 1}: 0, ${from}–${next - 201}: 1, ${next - 200}–${next - 1}: 2`,
    )
  })

  test('is replayed from a time while it runs', async () => {
    const before = await timesPassed()
    const from = next - 100
    const now = await product.operate(pipeline, 'replay', { time: timeOf(from) })
    expect(now).toMatchObject({ state: 'running', version: 3, run: 4 })
    await waitFor('it is read again', async () => ((await timesPassed()).get(next - 1) ?? 0) > 2, DEADLINE_MS)
    await settled()
    const after = await timesPassed()
    const more = Array.from({ length: next }, (_, i) => (after.get(i) ?? 0) - (before.get(i) ?? 0))
    expect(runsOf(more)).toBe(`0–${from - 1}: 0, ${from}–${next - 1}: 1`)
  })

  test('rolls back to an older version and reads on where it was', async () => {
    const before = next
    const request = { version: 1, acknowledgeEmpty: ['count'] }
    const now = await feedDuring(product.operate(pipeline, 'roll-back', request))
    expect(now).toMatchObject({ state: 'running', version: 1, run: 4 })
    expect((await settled()).split(', ').at(-1)).toBe(`${before}–${next - 1}: 1`)
  })
})
