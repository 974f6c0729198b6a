import type { KafkaPort } from '@millrace/nodes'
import { DEMO_PRODUCTS, DEMO_USERS, demoProduct, demoUser } from '@millrace/testkit'
import { DEMO_TIMING, orderDueAt, produceOrders } from './demo-orders.ts'

const PARTITIONS = 4
/** So much of the past is loaded at the first start, so that closed windows are seen at once. */
const PAST_MS = 20 * 60_000

const TOPICS = [
  { name: 'orders', config: {} },
  { name: 'users', config: { 'cleanup.policy': 'compact' } },
  { name: 'products', config: { 'cleanup.policy': 'compact' } },
  { name: 'clicks', config: {} },
  { name: 'orders-per-region', config: { 'cleanup.policy': 'compact' } },
] as const

/** Creates the demo's topics and, where they are new, writes reference data and the orders of the last 20 minutes. */
export async function prepareDemo(kafka: KafkaPort, report: (text: string) => void): Promise<void> {
  for (const { name, config } of TOPICS) {
    await kafka.createTopic({ name, partitions: PARTITIONS, replicationFactor: 1, config })
  }
  if (!(await isEmpty(kafka, 'orders'))) return
  report('users and products')
  await kafka.produce(
    'users',
    rows(DEMO_USERS, demoUser, ({ userId }) => userId),
  )
  await kafka.produce(
    'products',
    rows(DEMO_PRODUCTS, demoProduct, ({ sku }) => sku),
  )
  const to = orderDueAt(Date.now())
  const from = orderDueAt(Date.now() - PAST_MS)
  await produceOrders(kafka, 'orders', from, to, (done) => {
    report(`orders of the last 20 minutes, ${Math.round((100 * done) / (to - from))} %`)
  })
}

async function isEmpty(kafka: KafkaPort, topic: string): Promise<boolean> {
  return (await kafka.offsets(topic)).every(({ high }) => high === 0)
}

function rows<Row>(count: number, rowOf: (seed: number, i: number) => Row, keyOf: (row: Row) => string) {
  return Array.from({ length: count }, (_, i) => {
    const row = rowOf(DEMO_TIMING.seed, i)
    return { key: keyOf(row), value: JSON.stringify(row) }
  })
}
