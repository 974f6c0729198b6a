import type { DeploymentSpec } from '@millrace/contracts'
import { seededNumber } from '@millrace/engine'
import type { NodeConfig, PipelineGraph } from '@millrace/graph'
import { node, pipeline } from '@millrace/graph/testing'
import { catalogue, runtimes } from '@millrace/nodes'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createDeployment } from '../../support/deployment.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { RunningTasks } from '../../support/running-tasks.ts'
import { waitFor } from '../../support/wait-for.ts'
import { uniqueName } from '../wire/support/kafka.ts'

const types = { catalogue, runtimes }
const START = Date.UTC(2026, 0, 1)
let kafka: KafkaForTests

beforeAll(async () => {
  kafka = await KafkaForTests.connect(inject('servers').kafka)
})

afterAll(() => kafka.close())

interface Order {
  readonly id: number
  readonly sku: string
  readonly at: number
}

interface Price {
  readonly sku: string
  /** Null: the sku is gone. */
  readonly price: number | null
  readonly at: number
}

/** Three topics with different numbers of partitions, orders keyed by their ids: both sides must be spread anew. */
async function deploy(enrich: NodeConfig): Promise<Deployed> {
  const [orders, prices, priced] = [uniqueName('orders'), uniqueName('prices'), uniqueName('priced')]
  await kafka.createTopic(orders, 3)
  await kafka.createTopic(prices, 2)
  await kafka.createTopic(priced, 2)
  const graph = pricing(orders, prices, priced, enrich)
  const spec = await createDeployment({
    ...{ graph, kafka, partitions: { orders: 3, price: 2 } },
    topics: { orders, price: prices, out: priced },
  })
  return { orders, prices, priced, spec }
}

interface Deployed {
  readonly orders: string
  readonly prices: string
  readonly priced: string
  readonly spec: DeploymentSpec
}

function pricing(orders: string, prices: string, priced: string, enrich: NodeConfig): PipelineGraph {
  const made = (id: string, type: string, config: NodeConfig) => {
    const definition = catalogue.get(type)
    if (definition === undefined) throw new Error(type)
    return node(id, definition, { ...definition.defaults, connection: 'kafka', ...config })
  }
  const fields = (types: Record<string, string>) =>
    Object.entries(types).map(([name, type]) => ({ name, type }))
  return pipeline(
    [
      made('orders', 'kafka', {
        topic: orders,
        fields: fields({ id: 'int64 not null', sku: 'string not null', at: 'timestamp not null' }),
        ...{ eventTime: 'at', outOfOrderness: 100, maxAhead: null, idleTimeout: null },
      }),
      made('price', 'enrich', {
        ...{ reference: 'versions', topic: prices, keyField: 'sku', key: 'sku' },
        fields: fields({ sku: 'string not null', price: 'int64 not null' }),
        add: [{ field: 'price', as: '' }],
        ...enrich,
      }),
      made('out', 'kafka-sink', { topic: priced, key: ['id'] }),
    ],
    ['orders → price', 'price → out'],
  )
}

const produceOrders = (topic: string, list: readonly Order[]) =>
  kafka.produce(
    topic,
    list.map((order) => ({ key: String(order.id), value: { ...order, at: START + order.at } })),
  )

const producePrices = (topic: string, list: readonly Price[]) =>
  kafka.produce(
    topic,
    list.map(({ sku, price, at }) => ({
      ...{ key: sku, value: price === null ? null : { sku, price }, timestamp: START + at },
    })),
  )

/** Price by order id; a second result of one order would be in the way of the count. */
async function results(topic: string): Promise<(readonly [number, number | null])[]> {
  const records = await kafka.readAll(topic)
  return records
    .map(({ value }) => JSON.parse(value ?? '') as { id: number; price: number | null })
    .map(({ id, price }) => [id, price] as const)
    .sort(([a], [b]) => a - b)
}

/** By going through all versions. */
function expected(orders: readonly Order[], prices: readonly Price[]): (readonly [number, number | null])[] {
  return orders.map(({ id, sku, at }) => {
    const versions = prices.filter((price) => price.sku === sku && price.at <= at)
    const newest = Math.max(...versions.map((price) => price.at))
    return [id, versions.findLast((price) => price.at === newest)?.price ?? null] as const
  })
}

const SKUS = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

function ordersOf(round: number, count: number): Order[] {
  return Array.from({ length: count }, (_, i) => {
    const id = round * count + i
    const sku = SKUS[Math.floor(seededNumber(1, id, 0) * SKUS.length)] as string
    return { id, sku, at: id - Math.floor(seededNumber(1, id, 1) * 90) }
  })
}

function pricesOf(round: number, count: number, span: number): Price[] {
  return Array.from({ length: count }, (_, i) => {
    const n = round * count + i
    const sku = SKUS[Math.floor(seededNumber(1, n, 2) * SKUS.length)] as string
    const price = seededNumber(1, n, 3) < 0.15 ? null : n
    // Two versions of one time, now and then: the later one wins.
    return { sku, price, at: round * span + Math.floor(((i >> 1) * 2 * span) / count) }
  })
}

test('in event time orders meet the versions of their time, whatever comes first, over two repartitions and crashes', async () => {
  const { orders, prices, priced, spec } = await deploy({
    ...{ timing: 'event-time', idleTimeout: null, beforeFirst: false },
  })
  expect(spec.plan.stages.length).toBe(3)
  const tasks = await RunningTasks.start(spec, types, inject('servers'))
  const [allOrders, allPrices]: [Order[], Price[]] = [[], []]
  try {
    for (let round = 0; round < 4; round++) {
      const [more, versions] = [ordersOf(round, 1500), pricesOf(round, 200, 1500)]
      allOrders.push(...more)
      allPrices.push(...versions)
      // Orders are there long before the versions that they need.
      await produceOrders(orders, more)
      const before = (await results(priced)).length
      await producePrices(prices, versions)
      if (round === 3) break
      await waitFor('some orders have their price', async () => (await results(priced)).length > before)
      await tasks.crash()
    }
    // The end of time in every partition of both topics.
    const ends = Array.from({ length: 30 }, (_, i) => ({ id: -1 - i, sku: `end-${i}`, at: 20_000 }))
    await produceOrders(orders, ends)
    await producePrices(
      prices,
      ends.map(({ sku }) => ({ sku, price: 1, at: 20_000 })),
    )
    const isOrder = ([id]: readonly [number, unknown]) => id >= 0
    await waitFor(
      'all orders have come out',
      async () => (await results(priced)).filter(isOrder).length >= allOrders.length,
    )
    expect(await tasks.failure()).toBeNull()
    expect((await results(priced)).filter(isOrder)).toEqual(expected(allOrders, allPrices))
  } finally {
    await tasks.stop()
  }
})

test('at once no order comes before the reference has been read, and a version counts from when it is known', async () => {
  const { orders, prices, priced, spec } = await deploy({ timing: 'at-once' })
  const skus = Array.from({ length: 30_000 }, (_, i) => `sku-${i}`)
  await producePrices(
    prices,
    skus.map((sku, i) => ({ sku, price: i, at: 0 })),
  )
  const first = skus.slice(-500).map((sku, i) => ({ id: i, sku, at: 10 }))
  await produceOrders(orders, first)
  const tasks = await RunningTasks.start(spec, types, inject('servers'))
  const come = (count: number) =>
    waitFor('all orders have come out', async () => (await results(priced)).length >= count)
  try {
    await come(500)
    expect(await results(priced)).toEqual(first.map(({ id }) => [id, skus.length - 500 + id]))
    await tasks.crash()
    const later = [
      { id: 500, sku: 'sku-7', at: 20 },
      { id: 501, sku: 'new', at: 20 },
    ]
    await producePrices(prices, [{ sku: 'new', price: 1, at: 15 }])
    await waitFor('the new version is known', async () => (await lagOf(tasks)) === 0)
    await produceOrders(orders, later)
    await come(502)
    expect((await results(priced)).slice(500)).toEqual([
      [500, 7],
      [501, 1],
    ])
    expect(tasks.inputs.find(({ kind }) => kind === 'reference')).toMatchObject({
      nodeId: 'price',
      idle: true,
    })
  } finally {
    await tasks.stop()
  }
  await readsAnew(spec, { orders, priced })
})

/** State that begins anew after a publish has the whole topic in it again before the next order. */
async function readsAnew(spec: DeploymentSpec, { orders, priced }: Pick<Deployed, 'orders' | 'priced'>) {
  const tasks = await RunningTasks.start(
    { ...spec, generation: 2, births: { price: 2 } },
    types,
    inject('servers'),
  )
  try {
    await produceOrders(orders, [{ id: 600, sku: 'sku-3', at: 30 }])
    await waitFor('the order has come out', async () => (await results(priced)).length === 503)
    expect((await results(priced)).at(-1)).toEqual([600, 3])
    expect(await tasks.failure()).toBeNull()
  } finally {
    await tasks.stop()
  }
}

async function lagOf({ inputs }: RunningTasks): Promise<number> {
  const reading = inputs.filter(({ kind }) => kind === 'reference' || kind === 'repartition')
  return reading.length === 0 ? Number.NaN : reading.reduce((sum, { lag }) => sum + lag, 0)
}
