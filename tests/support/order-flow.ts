import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GraphNode, PipelineGraph } from '@millrace/graph'
import type {
  DedupeConfig,
  ElasticsearchConfig,
  KafkaSinkConfig,
  KafkaSourceConfig,
  WindowConfig,
} from '@millrace/nodes'
import { chain, step } from '../../api/src/templates/build.ts'
import type { KafkaForTests } from './kafka.ts'
import { waitFor } from './wait-for.ts'

const PARTITIONS = 4
const MINUTE = 60_000
/** Ten events a second, in event time. */
const STEP_MS = 100
const REGIONS = ['EU', 'US', 'ASIA']
const TIERS = ['gold', 'silver']
const DEADLINE_MS = 90_000

/** Events that one window of a minute holds. */
export const PER_WINDOW = MINUTE / STEP_MS

/** What differs between versions of the pipeline. */
export interface FlowSettings {
  /** Of the dedupe, ms: changes no stage. */
  readonly ttl?: number
  /** Of the window: another one replaces its stage. */
  readonly groupBy?: 'region' | 'tier'
  /** Writes every order to Elasticsearch, too. */
  readonly hasDocuments?: boolean
}

interface Counted {
  readonly region?: string
  readonly tier?: string
  readonly window_start: number
  readonly orders: number
}

/**
 * Orders that come all the time, over a pipeline that lets each through once and counts them by minute: says exactly
 * which came through how often, and which windows are whole.
 */
export class OrderFlow {
  readonly topics: { readonly orders: string; readonly passed: string; readonly counts: string }
  readonly alias: string
  /** Number of the order that is fed next. */
  next = 0
  readonly #kafka: KafkaForTests
  /** Time of the first order: an hour ago, at the beginning of a window. */
  readonly #start = Math.floor((Date.now() - 3_600_000) / MINUTE) * MINUTE

  private constructor(kafka: KafkaForTests) {
    const suffix = randomBytes(4).toString('hex')
    this.#kafka = kafka
    this.topics = { orders: `orders-${suffix}`, passed: `passed-${suffix}`, counts: `counts-${suffix}` }
    this.alias = `orders-${suffix}`
  }

  /** Makes the topic that is read. */
  static async over(kafka: KafkaForTests): Promise<OrderFlow> {
    const flow = new OrderFlow(kafka)
    await kafka.createTopic(flow.topics.orders, PARTITIONS)
    return flow
  }

  /** Every order once to `passed`, and counted by minute to `counts`. */
  graph({ ttl = 3_600_000, groupBy = 'region', hasDocuments = false }: FlowSettings = {}): PipelineGraph {
    const source = this.#source()
    const first = step('first', 'dedupe', 'First', {
      ...{ key: ['orderId'], keep: 'first', order: 'arrival' },
      ttl,
    } satisfies DedupeConfig)
    const count = step('count', 'window', 'Count', {
      ...{ kind: 'tumbling', size: MINUTE, offset: 0, groupBy: [groupBy] },
      aggregates: [{ function: 'count', as: 'orders' }],
      allowedLateness: 0,
    } satisfies Partial<WindowConfig>)
    const passed = sink('passed', this.topics.passed, 'orderId')
    const counts = sink('counts', this.topics.counts, groupBy)
    const documents = hasDocuments ? [this.#documents()] : []
    const nodes = [source, first, passed, count, counts, ...documents]
    const edges = [
      ...chain([source, first, passed]),
      ...chain([first, count, counts]),
      ...documents.flatMap((node) => chain([first, node])),
    ]
    return { format: 1, name: 'Order flow', nodes, edges, layout: {} }
  }

  /** When an order happened, and was written; epoch ms. */
  timeOf(i: number): number {
    return this.#start + i * STEP_MS
  }

  /** Beginning of the window of an order, epoch ms. */
  windowOf(i: number): number {
    return Math.floor(this.timeOf(i) / MINUTE) * MINUTE
  }

  /** Writes the next orders, in order of their time, to all partitions alike. */
  async feed(count: number): Promise<void> {
    const records = Array.from({ length: count }, (_, j) => {
      const i = this.next + j
      const ts = this.timeOf(i)
      const order = { orderId: `o-${i}`, region: REGIONS[i % 3], tier: TIERS[i % 2], ts }
      return { key: order.orderId, value: order, partition: i % PARTITIONS, timestamp: ts }
    })
    await this.#kafka.produce(this.topics.orders, records)
    this.next += count
  }

  /** Feeds while something else goes on, and the orders of one more window once it is over. */
  async feedDuring<T>(action: Promise<T>): Promise<T> {
    let isOver = false
    const done = action.finally(() => {
      isOver = true
    })
    done.catch(() => {})
    while (!isOver) {
      await this.feed(40)
      await sleep(50)
    }
    await this.feed(PER_WINDOW)
    return done
  }

  /** How often each order has come through, by its number. */
  async timesPassed(): Promise<ReadonlyMap<number, number>> {
    const times = new Map<number, number>()
    for (const { value } of await this.#kafka.readAll(this.topics.passed)) {
      const { orderId } = JSON.parse(value ?? 'null') as { orderId: string }
      const i = Number(orderId.slice(2))
      times.set(i, (times.get(i) ?? 0) + 1)
    }
    return times
  }

  /** How often each order has come through, as runs of equal counts: `0–99: 1, 100–104: 0`. */
  async passed(): Promise<string> {
    const times = await this.timesPassed()
    return runsOf(Array.from({ length: this.next }, (_, i) => times.get(i) ?? 0))
  }

  /** The same, once the newest order of each partition has come through so often. */
  async passedAtLeast(count = 1): Promise<string> {
    const newest = Array.from({ length: PARTITIONS }, (_, j) => this.next - 1 - j)
    await waitFor(
      `the newest orders come through ${count} times`,
      async () => {
        const times = await this.timesPassed()
        return newest.every((i) => (times.get(i) ?? 0) >= count)
      },
      DEADLINE_MS,
    )
    return this.passed()
  }

  /** The counts of the windows that begin in [from, to): as they are, and as they must be. */
  async counts(from: number, to: number, by: 'region' | 'tier') {
    const groups = by === 'region' ? REGIONS.length : TIERS.length
    const size = ((to - from) / MINUTE) * groups
    const found = await waitFor(
      `results of ${size} groups`,
      async () => {
        const rows = (await this.#kafka.readAll(this.topics.counts)).map(({ value }) => parseCount(value))
        const inside = rows.filter(
          (row) => row[by] !== undefined && row.window_start >= from && row.window_start < to,
        )
        return inside.length >= size && inside.map(({ orders }) => orders)
      },
      DEADLINE_MS,
    )
    return { found, expected: Array.from({ length: size }, () => PER_WINDOW / groups) }
  }

  #source(): GraphNode {
    return step('orders', 'kafka', 'Orders', {
      ...{ connection: 'kafka', topic: this.topics.orders, format: 'json' },
      fields: [
        { name: 'orderId', type: 'string not null' },
        { name: 'region', type: 'string' },
        { name: 'tier', type: 'string' },
        { name: 'ts', type: 'timestamp' },
      ],
      ...{ eventTime: 'ts', outOfOrderness: 0, idleTimeout: null, maxAhead: null, keyedBy: ['orderId'] },
    } satisfies KafkaSourceConfig)
  }

  #documents(): GraphNode {
    return step('documents', 'elasticsearch', 'Documents', {
      ...{
        connection: 'elasticsearch',
        alias: this.alias,
        index: 'single',
        dateField: null,
        id: '{orderId}',
      },
      fields: [
        { field: 'orderId', type: 'keyword' },
        { field: 'ts', type: 'date' },
      ],
      ...{ timeField: 'ts', refreshSeconds: 1, bulkDocuments: 1_000 },
      ...{ shards: 1, replicas: 0, retentionDays: null },
    } satisfies ElasticsearchConfig)
  }
}

function sink(id: string, topic: string, key: string): GraphNode {
  return step(id, 'kafka-sink', id, { connection: 'kafka', topic, key: [key] } satisfies KafkaSinkConfig)
}

function parseCount(value: string | null): Counted {
  return JSON.parse(value ?? 'null') as Counted
}

/** `[1, 1, 0]` as `0–1: 1, 2–2: 0`. */
export function runsOf(counts: readonly number[]): string {
  const starts = counts.flatMap((count, i) => (count === counts[i - 1] ? [] : [i]))
  return starts
    .map((from, k) => `${from}–${(starts[k + 1] ?? counts.length) - 1}: ${counts[from]}`)
    .join(', ')
}
