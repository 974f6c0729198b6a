import type { KafkaForTests } from '../../tests/support/kafka.ts'

const TIME = 1_700_000_000_000
const SIZE = 260

/** The fields of a bench event, as a Kafka source declares them. */
export const BENCH_FIELDS = [
  { name: 'orderId', type: 'string not null' },
  { name: 'userId', type: 'string not null' },
  { name: 'region', type: 'string' },
  { name: 'total', type: 'double' },
  { name: 'ts', type: 'timestamp not null' },
]

/** Event i: 260 bytes of JSON; 10,000 users, one event per millisecond of event time. */
export function benchEvent(i: number): { key: string; value: string } {
  const userId = `u-${(i * 7919) % 10_000}`
  const order = {
    orderId: `o-${i}`,
    userId,
    region: `R-${i % 8}`,
    total: (i % 1000) + 0.25,
    ts: TIME + i,
    note: '',
  }
  const text = JSON.stringify(order)
  return { key: userId, value: text.replace('"note":""', `"note":"${'.'.repeat(SIZE - text.length)}"`) }
}

/** Fills a topic with events. */
export async function fillTopic(kafka: KafkaForTests, topic: string, events: number): Promise<void> {
  for (let from = 0; from < events; from += 10_000) {
    const batch = Array.from({ length: Math.min(10_000, events - from) }, (_, i) => benchEvent(from + i))
    await kafka.produce(topic, batch)
  }
}
