import { randomBytes } from 'node:crypto'
import process from 'node:process'
import type { NodeConfig } from '@millrace/graph'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../setup/postgres.ts'
import { migratedSchema } from '../../setup/prisma.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { expectedPrices, ordersOf, Pricing, pricesOf } from '../../support/pricing.ts'
import { Product, type TestPipeline } from '../../support/product.ts'
import { waitFor } from '../../support/wait-for.ts'

const TEST_MS = 300_000
const DEADLINE_MS = 90_000
const ROUND = 1500

let database: TestDatabase
let kafka: KafkaForTests
let product: Product
let pipeline: TestPipeline
let pricing: Pricing

beforeAll(async () => {
  const servers = inject('servers')
  database = await createTestDatabase(servers.postgres, await migratedSchema())
  kafka = await KafkaForTests.connect(servers.kafka)
  pricing = await Pricing.over(kafka, randomBytes(4).toString('hex'))
  product = await Product.start({ ...servers, postgres: database.url, redis: `${servers.redis}/7` })
  pipeline = await product.create('Pricing')
}, TEST_MS)

afterAll(async () => {
  await product?.stop()
  await kafka?.close()
  await database?.drop()
})

const inEventTime: NodeConfig = { timing: 'event-time', idleTimeout: null, beforeFirst: false }
const rounds = [0, 1, 2, 3]
const orders = rounds.flatMap((round) => ordersOf(round, ROUND))
const prices = rounds.flatMap((round) => pricesOf(round, 200, ROUND))

const untilResults = (count: number) =>
  waitFor(`${count} orders have come out`, async () => (await pricing.results()).length >= count, DEADLINE_MS)

test(
  'a pipeline whose executor is killed while orders wait gives each order the price of its time, once',
  async () => {
    await pricing.feedOrders(orders.slice(0, 2 * ROUND))
    await pricing.feedPrices(prices.slice(0, 250))
    await product.publish(pipeline, pricing.graph(inEventTime), { start: { kind: 'earliest' } })
    await untilResults(ROUND / 2)
    // The versions that the last orders wait for are not there yet.
    expect((await pricing.results()).length).toBeLessThan(2 * ROUND)
    const executor = product.app.children.find(({ name }) => name === 'executor-1')
    process.kill(executor?.pid as number, 'SIGKILL')
    await pricing.feedPrices(prices.slice(250))
    await pricing.feedOrders(orders.slice(2 * ROUND))
    await pricing.feedEnd()
    await untilResults(orders.length)
    expect(await pricing.results()).toEqual(expectedPrices(orders, prices))
  },
  TEST_MS,
)

test(
  'a publish with which its versions begin anew reads the topic again, from its beginning',
  async () => {
    const more = {
      ...inEventTime,
      add: [
        { field: 'price', as: '' },
        { field: 'sku', as: 'pricedSku' },
      ],
    }
    await product.publish(pipeline, pricing.graph(more), { acknowledgeEmpty: ['price'] })
    const late = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((sku, i) => ({ id: 100_000 + i, sku, at: 19_990 }))
    await pricing.feedOrders(late)
    await pricing.feedEnd(30_000)
    await untilResults(orders.length + late.length)
    expect((await pricing.results()).slice(orders.length)).toEqual(expectedPrices(late, prices))
  },
  TEST_MS,
)
