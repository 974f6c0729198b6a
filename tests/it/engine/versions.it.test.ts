import type { DeploymentSpec } from '@millrace/contracts'
import type { NodeConfig } from '@millrace/graph'
import { catalogue, runtimes } from '@millrace/nodes'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createDeployment } from '../../support/deployment.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import {
  expectedPrices,
  type Order,
  ordersOf,
  type Price,
  type Priced,
  Pricing,
  pricesOf,
} from '../../support/pricing.ts'
import { RunningTasks } from '../../support/running-tasks.ts'
import { waitFor } from '../../support/wait-for.ts'
import { uniqueName } from '../wire/support/kafka.ts'

const types = { catalogue, runtimes }
/** Ids from here on are of orders that only ask whether a version is known. */
const FIRST_PROBE = 1_000
let kafka: KafkaForTests

beforeAll(async () => {
  kafka = await KafkaForTests.connect(inject('servers').kafka)
})

afterAll(() => kafka.close())

async function deploy(enrich: NodeConfig): Promise<{ pricing: Pricing; spec: DeploymentSpec }> {
  const pricing = await Pricing.over(kafka, uniqueName('versions'))
  const { orders, prices, priced } = pricing.topics
  const spec = await createDeployment({
    ...{ graph: pricing.graph(enrich), kafka, partitions: { orders: 3, price: 2 } },
    topics: { orders, price: prices, out: priced },
  })
  return { pricing, spec }
}

test('in event time orders meet the versions of their time, whatever comes first, over two repartitions and crashes', async () => {
  const { pricing, spec } = await deploy({ timing: 'event-time', idleTimeout: null, beforeFirst: false })
  expect(spec.plan.stages.length).toBe(3)
  const tasks = await RunningTasks.start(spec, types, inject('servers'))
  const [orders, prices]: [Order[], Price[]] = [[], []]
  try {
    for (let round = 0; round < 4; round++) {
      const [more, versions] = [ordersOf(round, 1500), pricesOf(round, 200, 1500)]
      orders.push(...more)
      prices.push(...versions)
      // Orders are there long before the versions that they need.
      await pricing.feedOrders(more)
      const before = (await pricing.results()).length
      await pricing.feedPrices(versions)
      if (round === 3) break
      await waitFor('some orders have their price', async () => (await pricing.results()).length > before)
      await tasks.crash()
    }
    await pricing.feedEnd()
    await waitFor('all orders have come out', async () => (await pricing.results()).length >= orders.length)
    expect(await tasks.failure()).toBeNull()
    expect(await pricing.results()).toEqual(expectedPrices(orders, prices))
  } finally {
    await tasks.stop()
  }
})

test('at once no order comes before the reference has been read, and a version counts from when it is known', async () => {
  const { pricing, spec } = await deploy({ timing: 'at-once' })
  const skus = Array.from({ length: 30_000 }, (_, i) => `sku-${i}`)
  await pricing.feedPrices(skus.map((sku, i) => ({ sku, price: i, at: 0 })))
  const first = skus.slice(-500).map((sku, i) => ({ id: i, sku, at: 10 }))
  await pricing.feedOrders(first)
  const tasks = await RunningTasks.start(spec, types, inject('servers'))
  const come = (count: number) =>
    waitFor('all orders have come out', async () => (await pricing.results()).length >= count)
  try {
    await come(500)
    expect(await pricing.results()).toEqual(first.map(({ id }) => [id, skus.length - 500 + id]))
    await tasks.crash()
    await pricing.feedPrices([{ sku: 'new', price: 1, at: 15 }])
    await untilKnown(pricing, 'new')
    await pricing.feedOrders([
      { id: 500, sku: 'sku-7', at: 20 },
      { id: 501, sku: 'new', at: 20 },
    ])
    const isLater = ([id]: Priced[number]) => id >= 500 && id < FIRST_PROBE
    const later = async () => (await pricing.results()).filter(isLater)
    await waitFor('the later orders have come out', async () => (await later()).length === 2)
    expect(await later()).toEqual([
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
  await readsAnew(spec, pricing)
})

/** State that begins anew after a publish has the whole topic in it again before the next order. */
async function readsAnew(spec: DeploymentSpec, pricing: Pricing): Promise<void> {
  const reborn = { ...spec, generation: 2, births: { price: 2 } }
  const tasks = await RunningTasks.start(reborn, types, inject('servers'))
  try {
    await pricing.feedOrders([{ id: 600, sku: 'sku-3', at: 30 }])
    const found = async () => (await pricing.results()).filter(([id]) => id === 600)
    await waitFor('the order has come out', async () => (await found()).length > 0)
    expect(await found()).toEqual([[600, 3]])
    expect(await tasks.failure()).toBeNull()
  } finally {
    await tasks.stop()
  }
}

/** Asks with orders, at once as they are looked up, until one has a price. */
async function untilKnown(pricing: Pricing, sku: string): Promise<void> {
  let probe = FIRST_PROBE
  await waitFor(`the price of ${sku} is known`, async () => {
    await pricing.feedOrders([{ id: probe++, sku, at: 20 }])
    return (await pricing.results()).some(([id, price]) => id >= FIRST_PROBE && price !== null)
  })
}
