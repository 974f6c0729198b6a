import { seededNumber } from '@millrace/engine'
import type { NodeConfig, PipelineGraph } from '@millrace/graph'
import { chain, step } from '../../api/src/templates/build.ts'
import type { KafkaForTests } from './kafka.ts'

const START = Date.UTC(2026, 0, 1)
const SKUS = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
/** When the last orders and prices come, ms after the first: they let time pass for all before. */
const END = 20_000

/** An order of something that has a price; times are ms after the start. */
export interface Order {
  readonly id: number
  readonly sku: string
  readonly at: number
}

/** A version of a price. */
export interface Price {
  readonly sku: string
  /** Null: the sku is gone. */
  readonly price: number | null
  readonly at: number
}

/** Price by order id, in the order of ids. */
export type Priced = readonly (readonly [id: number, price: number | null])[]

/** Orders that are given the price of their time: what flows in, and what must come out. */
export class Pricing {
  readonly topics: { readonly orders: string; readonly prices: string; readonly priced: string }
  readonly #kafka: KafkaForTests

  private constructor(kafka: KafkaForTests, suffix: string) {
    this.#kafka = kafka
    this.topics = { orders: `orders-${suffix}`, prices: `prices-${suffix}`, priced: `priced-${suffix}` }
  }

  /** Three topics with different numbers of partitions, orders keyed by their ids: both sides must be spread anew. */
  static async over(kafka: KafkaForTests, suffix: string): Promise<Pricing> {
    const pricing = new Pricing(kafka, suffix)
    await kafka.createTopic(pricing.topics.orders, 3)
    // Its records are written at times of their own, which are long past.
    await kafka.createTopic(pricing.topics.prices, 2, { 'retention.ms': '-1' })
    await kafka.createTopic(pricing.topics.priced, 2)
    return pricing
  }

  /** Orders (`orders`) with their prices (`price`) to a topic (`out`). */
  graph(enrich: NodeConfig): PipelineGraph {
    const connection = 'kafka'
    const { orders, prices, priced } = this.topics
    const nodes = [
      step('orders', 'kafka', 'Orders', {
        ...{ connection, topic: orders },
        fields: fieldsOf({ id: 'int64 not null', sku: 'string not null', at: 'timestamp not null' }),
        ...{ eventTime: 'at', outOfOrderness: 100, maxAhead: null, idleTimeout: null },
      }),
      step('price', 'enrich', 'Price', {
        ...{ connection, reference: 'versions', topic: prices, keyField: 'sku', key: 'sku' },
        fields: fieldsOf({ sku: 'string not null', price: 'int64 not null' }),
        add: [{ field: 'price', as: '' }],
        ...enrich,
      }),
      step('out', 'kafka-sink', 'Priced', { connection, topic: priced, key: ['id'] }),
    ]
    const layout = Object.fromEntries(nodes.map(({ id }, i) => [id, { x: i * 200, y: 0 }]))
    return { format: 1, name: 'Pricing', nodes, edges: chain(nodes), layout }
  }

  async feedOrders(orders: readonly Order[]): Promise<void> {
    const records = orders.map((order) => ({
      key: String(order.id),
      value: { ...order, at: START + order.at },
    }))
    await this.#kafka.produce(this.topics.orders, records)
  }

  async feedPrices(prices: readonly Price[]): Promise<void> {
    const records = prices.map(({ sku, price, at }) => ({
      ...{ key: sku, value: price === null ? null : { sku, price }, timestamp: START + at },
    }))
    await this.#kafka.produce(this.topics.prices, records)
  }

  /** The end of time, in every partition of both topics. */
  async feedEnd(at = END): Promise<void> {
    const ends = Array.from({ length: 30 }, (_, i) => ({ id: -1 - i, sku: `end-${i}`, at }))
    await this.feedOrders(ends)
    await this.feedPrices(ends.map(({ sku }) => ({ sku, price: 1, at })))
  }

  /** What has come out, those of the end left out. A second result of one order shows. */
  async results(): Promise<Priced> {
    const records = await this.#kafka.readAll(this.topics.priced)
    return records
      .map(({ value }) => JSON.parse(value ?? '') as { id: number; price: number | null })
      .filter(({ id }) => id >= 0)
      .map(({ id, price }) => [id, price] as const)
      .sort(([a], [b]) => a - b)
  }
}

/** What must come out in event time, where nothing holds before the first version: by going through all versions. */
export function expectedPrices(orders: readonly Order[], prices: readonly Price[]): Priced {
  return orders.map(({ id, sku, at }) => {
    const versions = prices.filter((price) => price.sku === sku && price.at <= at)
    const newest = Math.max(...versions.map((price) => price.at))
    return [id, versions.findLast((price) => price.at === newest)?.price ?? null] as const
  })
}

/** One of several rounds of orders, a millisecond apart, in some disorder. */
export function ordersOf(round: number, count: number): Order[] {
  return Array.from({ length: count }, (_, i) => {
    const id = round * count + i
    const sku = SKUS[Math.floor(seededNumber(1, id, 0) * SKUS.length)] as string
    return { id, sku, at: id - Math.floor(seededNumber(1, id, 1) * 90) }
  })
}

/** The versions of one round, which lasts `span` ms. */
export function pricesOf(round: number, count: number, span: number): Price[] {
  return Array.from({ length: count }, (_, i) => {
    const n = round * count + i
    const sku = SKUS[Math.floor(seededNumber(1, n, 2) * SKUS.length)] as string
    const price = seededNumber(1, n, 3) < 0.15 ? null : n
    // Two versions of one time, now and then: the later one wins.
    return { sku, price, at: round * span + Math.floor(((i >> 1) * 2 * span) / count) }
  })
}

function fieldsOf(types: Readonly<Record<string, string>>) {
  return Object.entries(types).map(([name, type]) => ({ name, type }))
}
