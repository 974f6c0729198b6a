import { setTimeout as sleep } from 'node:timers/promises'
import { createKafkaPort } from '@millrace/nodes/connectors'
import { orderDueAt, produceOrders } from './demo-orders.ts'

/**
 * Writes the demo's orders as they become due, 200 a second, until it is told to stop:
 * `node scripts/demo/live-load.ts <host:port>`. While Kafka is away it waits; what was due then is left out.
 */
const [brokers = '127.0.0.1:19092'] = process.argv.slice(2)
const TICK_MS = 50
const RETRY_MS = 1_000

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

const kafka = createKafkaPort({ brokers }, {})
let next = orderDueAt(Date.now())
while (!stop.signal.aborted) {
  const due = orderDueAt(Date.now())
  try {
    await produceOrders(kafka, 'orders', next, due)
    next = due
    await sleep(TICK_MS, undefined, { signal: stop.signal }).catch(() => {})
  } catch (error) {
    console.error(`Kafka did not take the orders: ${error instanceof Error ? error.message : error}`)
    await sleep(RETRY_MS, undefined, { signal: stop.signal }).catch(() => {})
    next = orderDueAt(Date.now())
  }
}
await kafka.close()
