import { PlanDriver, partitionOfKey, type RawRecord } from '@millrace/engine'
import { emptyGraph, type NodeConfig, newNode, type PipelineGraph, validate } from '@millrace/graph'
import {
  DEMO_OUT_OF_ORDERNESS_MS,
  DEMO_PRODUCTS,
  DEMO_USERS,
  type DemoTiming,
  demoOracle,
  demoOrder,
  demoProduct,
  demoUser,
} from '@millrace/testkit'
import { describe, expect, it } from 'vitest'
import { catalogue, type NodeType, runtimes } from './index.ts'

const PARTITIONS = 4
const SEED = 3
const timing: DemoTiming = { seed: SEED, start: Date.UTC(2026, 0, 31, 23, 50), perSecond: 5 }
const orders = Array.from({ length: 6_000 }, (_, i) => demoOrder(timing, i))
const users = Array.from({ length: DEMO_USERS }, (_, i) => demoUser(SEED, i))
const products = Array.from({ length: DEMO_PRODUCTS }, (_, i) => demoProduct(SEED, i))

/** By node id, in the order of the flow: type and settings that differ from the defaults. */
const NODES: Readonly<Record<string, readonly [NodeType, NodeConfig]>> = {
  orders: [
    'kafka',
    {
      connection: 'main',
      topic: 'orders',
      fields: [
        { name: 'orderId', type: 'string not null' },
        { name: 'userId', type: 'string not null' },
        { name: 'items', type: 'array<struct<sku string, qty int64, price double>>' },
        { name: 'total', type: 'double' },
        { name: 'ts', type: 'timestamp' },
      ],
      eventTime: 'ts',
      outOfOrderness: DEMO_OUT_OF_ORDERNESS_MS,
      keyedBy: ['userId'],
    },
  ],
  probes: ['filter', { mode: 'drop', condition: "userId like 'healthcheck%'" }],
  first: ['dedupe', { key: ['userId', 'orderId'] }],
  users: ['enrich', lookUp('users', 'userId', 'userId', ['region', 'tier'])],
  products: ['enrich', lookUp('products', 'sku', 'items.sku', ['category'])],
  index: [
    'elasticsearch',
    {
      connection: 'search',
      alias: 'orders',
      index: 'daily',
      id: '{orderId}',
      fields: ['orderId', 'userId', 'region', 'tier', 'category', 'total', 'ts'].map((field) => ({
        field,
        type: { total: 'double', ts: 'date' }[field] ?? 'keyword',
      })),
    },
  ],
  perRegion: [
    'window',
    {
      groupBy: ['region'],
      aggregates: [
        { function: 'count', as: 'orders' },
        { function: 'sum', argument: 'total', as: 'revenue' },
        { function: 'avg', argument: 'total', as: 'average' },
      ],
      output: 'updating',
      earlyUpdates: 5_000,
    },
  ],
  topic: ['kafka-sink', { connection: 'main', topic: 'orders-per-region', key: ['region', 'window_start'] }],
}

function lookUp(topic: string, keyField: string, key: string, add: readonly string[]): NodeConfig {
  const fields = [keyField, ...add].map((name) => ({
    name,
    type: name === keyField ? 'string not null' : 'string',
  }))
  return {
    connection: 'main',
    topic,
    fields,
    keyField,
    key,
    add: add.map((field) => ({ field, as: '' })),
    miss: 'keep',
  }
}

function pipeline(): PipelineGraph {
  const nodes = Object.entries(NODES).map(([id, [type, settings]]) => {
    const definition = catalogue.get(type)
    if (definition === undefined) throw new Error(`no node type ${type}`)
    const node = newNode(definition, id)
    return { ...node, config: { ...node.config, ...settings } }
  })
  const flows =
    'orders probes, probes first, first users, users products, products index, products perRegion, perRegion topic'
  const edges = flows.split(', ').map((flow) => {
    const [from = '', to = ''] = flow.split(' ')
    return { id: flow.replace(' ', '-'), from: { node: from, port: 'out' }, to: { node: to, port: 'in' } }
  })
  return { ...emptyGraph('Orders by region'), nodes, edges }
}

const utf8 = new TextEncoder()

function record(partition: number, offset: number, key: string, value: object): RawRecord {
  const content = { key: utf8.encode(key), value: utf8.encode(JSON.stringify(value)) }
  return { topic: '', partition, offset, timestamp: offset, ...content }
}

/** Runs the pipeline over all orders; with crashes, tasks start anew over and over, some with work not yet committed. */
async function run(withCrashes: boolean, lazy: boolean): Promise<PlanDriver> {
  const driver = new PlanDriver({
    ...{ graph: pipeline(), catalogue, runtimes, lazy, repartition: PARTITIONS },
    partitions: { orders: PARTITIONS },
  })
  driver.feed(
    'users',
    0,
    users.map((user, i) => record(0, i, user.userId, user)),
  )
  driver.feed(
    'products',
    0,
    products.map((product, i) => record(0, i, product.sku, product)),
  )
  const offsets = new Array<number>(PARTITIONS).fill(0)
  for (const [i, order] of orders.entries()) {
    const partition = partitionOfKey(utf8.encode(order.userId), PARTITIONS)
    const offset = offsets[partition] ?? 0
    offsets[partition] = offset + 1
    driver.feed('orders', partition, [record(partition, offset, order.userId, order)])
    if (i % 97 !== 0) continue
    await driver.settle(10)
    if (withCrashes) await crashSome(driver, i)
  }
  await driver.finish()
  return driver
}

async function crashSome(driver: PlanDriver, round: number): Promise<void> {
  for (const [i, name] of driver.tasks.entries()) {
    if ((round + i) % 3 === 0) continue
    await driver.task(name).step(1)
    driver.task(name).crash()
  }
}

const reference = {
  users: new Map(users.map((user) => [user.userId, user])),
  products: new Map(products.map((product) => [product.sku, product])),
}

describe('the demo pipeline', () => {
  const expected = demoOracle(orders, reference)

  it('is one that may be published', () => {
    expect(validate(pipeline(), catalogue)).toEqual([])
  })

  it.each([
    ['straight', false, false],
    ['with crashes', true, false],
    ['with crashes and state that is fetched as needed', true, true],
  ])('gives exactly what the oracle says, %s', { timeout: 180_000 }, async (_, withCrashes, lazy) => {
    const { results } = await run(withCrashes, lazy)
    const documents = results.documents.map(({ document }) => ({
      index: document.target,
      id: document.id,
      ...(JSON.parse(document.body ?? '{}') as object),
    }))
    expect(sorted(documents)).toEqual(
      sorted(
        expected.documents.map(({ categories, ...rest }) => ({
          ...rest,
          id: rest.orderId,
          category: categories,
        })),
      ),
    )
    const byKey = Map.groupBy(results.messages, ({ message }) => message.key)
    const rows = [...byKey.values()].map((all) => all.map(({ message }) => JSON.parse(message.value ?? '{}')))
    const windows = rows.map((updates) => roundMoney(updates.at(-1)))
    expect(sorted(windows)).toEqual(sorted(expected.windows.map((row) => roundMoney({ ...row }))))
    for (const updates of rows) expectGrowth(updates)
    expect(Math.max(...rows.map((updates) => updates.length))).toBeGreaterThan(30)
    expect(results.deadLetters).toEqual([])
  })
})

/** Each early update says more than the one before: none is sent twice, none takes anything back. */
function expectGrowth(updates: readonly { readonly orders: number }[]): void {
  const counts = updates.map(({ orders }) => orders)
  expect(counts).toEqual([...new Set(counts)].sort((a, b) => a - b))
}

/** Sums of doubles depend on their order in the last digits. */
function roundMoney(row: { revenue: number; average: number }): object {
  return { ...row, revenue: Math.round(row.revenue * 100), average: Math.round(row.average * 1e6) }
}

function sorted(rows: readonly object[]): string[] {
  return rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort()
}
