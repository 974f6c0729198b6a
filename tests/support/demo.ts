import { randomBytes } from 'node:crypto'
import { Client } from '@elastic/elasticsearch'
import type { GraphNode, PipelineGraph } from '@millrace/graph'
import {
  DEMO_PRODUCTS,
  DEMO_USERS,
  demoProduct,
  demoUser,
  type OracleDocument,
  type OracleReference,
  type OracleWindow,
} from '@millrace/testkit'
import { ordersByRegion } from '../../api/src/templates/orders-by-region.ts'
import type { KafkaForTests, ReadRecord } from './kafka.ts'

/** The seed of the demo's users and products in tests. */
export const DEMO_SEED = 7

/** The demo pipeline over topics and an alias of its own. */
export interface DemoPipeline {
  readonly graph: PipelineGraph
  /** Topic by the name it has in the demo. */
  readonly topics: Readonly<Record<'orders' | 'users' | 'products' | 'orders-per-region', string>>
  readonly alias: string
}

/** The template "Orders by region" with names that no other test uses. */
export function demoPipeline(): DemoPipeline {
  const suffix = randomBytes(4).toString('hex')
  const rename = (name: string) => `${name}-${suffix}`
  const nodes = ordersByRegion.nodes.map((node) => renamed(node, rename))
  return {
    graph: { ...ordersByRegion, nodes },
    topics: {
      orders: rename('orders'),
      users: rename('users'),
      products: rename('products'),
      'orders-per-region': rename('orders-per-region'),
    },
    alias: rename('orders'),
  }
}

function renamed(node: GraphNode, rename: (name: string) => string): GraphNode {
  const { topic, alias } = node.config
  return {
    ...node,
    config: {
      ...node.config,
      ...(typeof topic === 'string' && { topic: rename(topic) }),
      ...(typeof alias === 'string' && { alias: rename(alias) }),
    },
  }
}

/** The demo's topics by id of the node that reads or writes them. */
export function demoTopicsByNode({ topics }: DemoPipeline): Record<string, string> {
  return {
    orders: topics.orders,
    'add-region': topics.users,
    'add-categories': topics.products,
    'region-topic': topics['orders-per-region'],
  }
}

/** Creates the demo's topics (4 partitions) and writes users and products. */
export async function createDemoTopics(
  kafka: KafkaForTests,
  { topics }: DemoPipeline,
): Promise<OracleReference> {
  await kafka.createTopic(topics.orders, 4)
  await kafka.createTopic(topics['orders-per-region'], 4)
  for (const topic of [topics.users, topics.products])
    await kafka.createTopic(topic, 4, { 'cleanup.policy': 'compact' })
  const users = Array.from({ length: DEMO_USERS }, (_, i) => demoUser(DEMO_SEED, i))
  const products = Array.from({ length: DEMO_PRODUCTS }, (_, i) => demoProduct(DEMO_SEED, i))
  await kafka.produce(
    topics.users,
    users.map((value) => ({ key: value.userId, value })),
  )
  await kafka.produce(
    topics.products,
    products.map((value) => ({ key: value.sku, value })),
  )
  return {
    users: new Map(users.map((user) => [user.userId, user])),
    products: new Map(products.map((product) => [product.sku, product])),
  }
}

/** The rows of `orders-per-region` as the oracle writes them: of each key what its last record says. */
export function windowsOf(records: readonly ReadRecord[]): OracleWindow[] {
  const last = new Map(records.map(({ key, value }) => [key, value]))
  return [...last.values()].flatMap((value) => (value === null ? [] : (JSON.parse(value) as OracleWindow)))
}

/** How many orders are counted: as many as there are once every window has told its last. */
export function ordersIn(windows: readonly { readonly orders: number }[]): number {
  return windows.reduce((sum, { orders }) => sum + orders, 0)
}

/** Every document behind an alias, as the oracle writes them; none where there is no index yet. */
export async function documentsOf(elasticsearch: string, alias: string): Promise<OracleDocument[]> {
  const client = new Client({ node: elasticsearch })
  const exists = await client.indices.existsAlias({ name: alias })
  const documents = exists ? await scrollThrough(client, alias) : []
  await client.close()
  return documents
}

async function scrollThrough(client: Client, alias: string): Promise<OracleDocument[]> {
  await client.indices.refresh({ index: alias })
  const documents: OracleDocument[] = []
  for await (const page of client.helpers.scrollSearch<Omit<OracleDocument, 'index'>>({
    index: alias,
    size: 5_000,
  })) {
    for (const { _index, _source } of page.body.hits.hits) {
      if (_source) documents.push({ ..._source, index: _index.replace(alias, 'orders') })
    }
  }
  return documents
}
