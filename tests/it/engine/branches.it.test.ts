import { topicNames } from '@millrace/contracts'
import { emptyGraph, type NodeConfig, newNode, type PipelineGraph, validate } from '@millrace/graph'
import { catalogue, type NodeType, runtimes } from '@millrace/nodes'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createDeployment } from '../../support/deployment.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { RunningTasks } from '../../support/running-tasks.ts'
import { waitFor } from '../../support/wait-for.ts'
import { uniqueName } from '../wire/support/kafka.ts'

const types = { catalogue, runtimes }
const SINKS = ['items', 'small', 'others', 'sampled'] as const
const SOURCES = ['web', 'shop'] as const
let kafka: KafkaForTests

beforeAll(async () => {
  kafka = await KafkaForTests.connect(inject('servers').kafka)
})

afterAll(() => kafka.close())

interface Order {
  readonly id: string
  readonly items: readonly { readonly sku: string; readonly qty: number }[] | null
  readonly total?: number | null
}

function source(topic: string, fields: Readonly<Record<string, string>>): readonly [NodeType, NodeConfig] {
  const table = Object.entries(fields).map(([name, type]) => ({ name, type }))
  return ['kafka', { connection: 'kafka', topic, fields: table }]
}

function sink(topic: string): readonly [NodeType, NodeConfig] {
  return ['kafka-sink', { connection: 'kafka', topic, key: [] }]
}

const ITEMS = 'array<struct<sku string, qty int64>>'

/** Two topics with other fields in another order, one of them spread anew by id, and four ways out of them. */
function pipeline(topics: Readonly<Record<string, string>>): PipelineGraph {
  const topic = (id: string) => topics[id] ?? ''
  const nodes: Readonly<Record<string, readonly [NodeType, NodeConfig]>> = {
    web: source(topic('web'), { id: 'string not null', items: ITEMS, total: 'int64' }),
    shop: source(topic('shop'), { items: ITEMS, id: 'string not null' }),
    first: ['dedupe', { key: ['id'] }],
    all: ['union', { missing: 'fill' }],
    kinds: [
      'branch',
      {
        branches: [
          { port: 'b7', name: 'Large', condition: 'total + 1 > 100' },
          { port: 'b2', name: 'Small', condition: 'total <= 100' },
        ],
      },
    ],
    lines: ['explode', { list: 'items', parts: 'spread', index: 'line', limit: 3 }],
    some: ['sample', { by: 'keys', key: ['id'], percent: 50 }],
    items: sink(topic('items')),
    small: sink(topic('small')),
    others: sink(topic('others')),
    sampled: sink(topic('sampled')),
  }
  const flows =
    'web first, first all, shop all, all kinds, kinds.b7 lines, lines items, kinds.b2 small, kinds.else others, kinds.else some, some sampled'
  return {
    ...emptyGraph('Branches'),
    nodes: Object.entries(nodes).map(([id, [type, settings]]) => {
      const definition = catalogue.get(type)
      if (definition === undefined) throw new Error(`no node type ${type}`)
      return { ...newNode(definition, id), config: { ...definition.defaults, ...settings } }
    }),
    edges: flows.split(', ').map((flow, i) => {
      const [from = '', to = ''] = flow.split(' ')
      const [node = '', port = 'out'] = from.split('.')
      return { id: `e${i}`, from: { node, port }, to: { node: to, port: 'in' } }
    }),
  }
}

/** The next orders of a topic, of all kinds. */
function ordersFrom(start: number, count: number): Order[] {
  return Array.from({ length: count }, (_, i) => {
    const n = start + i
    const items = Array.from({ length: n % 5 }, (_, line) => ({ sku: `s-${n}-${line}`, qty: line }))
    return { id: `o-${n}`, items: n % 7 === 0 ? null : items, total: n % 11 === 0 ? null : (n * 37) % 200 }
  })
}

/** What goes where: a row for each item of large orders, small orders, and those without a total. */
function expected(orders: readonly Order[]) {
  const isLarge = ({ total }: Order) => (total ?? 0) >= 100
  return {
    items: orders
      .filter((order) => isLarge(order) && (order.items?.length ?? 0) <= 3)
      .flatMap(({ id, items, total }) =>
        (items ?? []).map(({ sku, qty }, i) => ({ id, line: i + 1, sku, qty, total })),
      ),
    small: orders.filter((order) => typeof order.total === 'number' && !isLarge(order)),
    others: orders.filter(({ total }) => total === null).map(({ id, items }) => ({ id, items, total: null })),
    tooMany: orders.filter((order) => isLarge(order) && (order.items?.length ?? 0) > 3).length,
  }
}

const texts = (rows: readonly object[]) =>
  rows.map((row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))).sort()

test('union, branch, explode and sample lose and repeat nothing while tasks crash', {
  timeout: 120_000,
}, async () => {
  const topics = Object.fromEntries([...SOURCES, ...SINKS].map((id) => [id, uniqueName(id)]))
  for (const id of SOURCES) await kafka.createTopic(topics[id] as string, 2)
  for (const id of SINKS) await kafka.createTopic(topics[id] as string, 1)
  const graph = pipeline(topics)
  expect(validate(graph, catalogue)).toEqual([])
  const spec = await createDeployment({
    ...{ graph, kafka, types, topics, partitions: { web: 2, shop: 2 }, repartition: 2 },
  })
  // The union reads what was spread anew, and what must cross with it.
  expect(spec.plan.stages.length).toBeGreaterThan(2)
  const read = async (id: string) =>
    (await kafka.readAll(topics[id] as string)).map(({ value }) => JSON.parse(value ?? '') as Order)
  const tasks = await RunningTasks.start(spec, types, inject('servers'))
  const fed: Order[] = []
  try {
    for (const round of [0, 1, 2]) {
      const web = ordersFrom(round * 1_000, 400)
      const shop = ordersFrom(round * 1_000 + 500, 400).map(({ id, items }) => ({ items, id: `shop-${id}` }))
      // What comes twice from the web counts once.
      await kafka.produce(
        topics.web as string,
        [...web, ...web.slice(0, 50)].map((value) => ({ key: value.items ? 'k' : value.id, value })),
      )
      await kafka.produce(
        topics.shop as string,
        shop.map((value) => ({ key: value.id, value })),
      )
      fed.push(...web, ...shop.map((order) => ({ ...order, total: null })))
      const all = expected(fed)
      if (round > 0) {
        expect((await read('small')).length, 'what is out before the crash').toBeLessThan(all.small.length)
        await tasks.crash()
      }
      await waitFor('all orders have come out', async () => {
        for (const id of ['small', 'items', 'others'] as const)
          if ((await read(id)).length < all[id].length) return false
        return true
      })
      expect(await tasks.failure()).toBeNull()
    }
    const all = expected(fed)
    for (const id of ['small', 'items', 'others'] as const)
      expect(texts(await read(id))).toEqual(texts(all[id]))
    // What is sampled is committed with what it is sampled from.
    const sampled = texts(await read('sampled'))
    const others = new Set(texts(all.others))
    expect(sampled.every((text) => others.has(text))).toBe(true)
    expect(new Set(sampled).size).toBe(sampled.length)
    expect(Math.abs(sampled.length / others.size - 0.5)).toBeLessThan(0.07)
    const letters = await kafka.readAll(topicNames.dead(spec.deployment))
    expect(letters.length).toBe(all.tooMany)
  } finally {
    await tasks.stop()
  }
})
