import type { KafkaForTests } from '../../tests/support/kafka.ts'

const TIME = 1_700_000_000_000
const SIZE = 260
/** As long as numbers of orders get. */
const FIRST_ORDER = 5_600_000_000
const NOTE =
  'left at the door, please ring twice or call the neighbour on the third floor if nobody opens, thank you'

/** The fields of a bench event that a Kafka source declares; the others are parsed and left aside. */
export const BENCH_FIELDS = [
  { name: 'orderId', type: 'string not null' },
  { name: 'userId', type: 'string not null' },
  { name: 'region', type: 'string' },
  { name: 'total', type: 'double' },
  { name: 'ts', type: 'timestamp not null' },
]

/** Event i: 260 bytes of JSON, dense as orders are; 10,000 users, one event per millisecond of event time. */
export function benchEvent(i: number): { key: string; value: string } {
  const userId = `u-${(i * 7919) % 10_000}`
  return { key: userId, value: benchOrder(i, { orderId: `o-${FIRST_ORDER + i}`, userId, ts: TIME + i }) }
}

/** What tells orders apart. */
export interface OrderIdentity {
  readonly orderId: string
  readonly userId: string
  /** Epoch ms. */
  readonly ts: number
}

/** Order i as 260 bytes of JSON; `total` is a number of quarters, so that sums are exact in any order. */
export function benchOrder(i: number, { orderId, userId, ts }: OrderIdentity): string {
  const order = {
    ...{ orderId, userId, region: `R-${i % 8}`, total: (i % 1000) + 0.25, ts },
    status: i % 10 === 0 ? 'paid' : 'created',
    items: [{ sku: `sku-${i % 100}`, qty: 1 + (i % 5), price: 12.5 + (i % 10) }],
    note: '',
  }
  const text = JSON.stringify(order)
  return text.replace('"note":""', `"note":"${NOTE.slice(0, SIZE - text.length)}"`)
}

/** Fills a topic with events. */
export async function fillTopic(kafka: KafkaForTests, topic: string, events: number): Promise<void> {
  for (let from = 0; from < events; from += 10_000) {
    const batch = Array.from({ length: Math.min(10_000, events - from) }, (_, i) => benchEvent(from + i))
    await kafka.produce(topic, batch)
  }
}
