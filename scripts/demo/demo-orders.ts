import type { KafkaPort, ProducedRecord } from '@millrace/nodes'
import { type DemoTiming, demoOrder } from '@millrace/testkit'

/**
 * The demo's orders are a function of their number, and the number is a function of the clock: order i is due i × 5 ms
 * after this moment. So nothing has to be remembered between two starts.
 */
export const DEMO_TIMING: DemoTiming = { seed: 1, start: Date.UTC(2026, 0, 1), perSecond: 200 }

const BATCH = 5_000

/** The number of the order that is due at a time, epoch ms. */
export function orderDueAt(time: number): number {
  return Math.floor(((time - DEMO_TIMING.start) * DEMO_TIMING.perSecond) / 1000)
}

/** Writes orders number `from` up to, not including, `to`. */
export async function produceOrders(
  kafka: KafkaPort,
  topic: string,
  from: number,
  to: number,
  report: (done: number) => void = () => {},
): Promise<void> {
  for (let i = from; i < to; i += BATCH) {
    const count = Math.min(BATCH, to - i)
    await kafka.produce(
      topic,
      Array.from({ length: count }, (_, j) => orderRecord(i + j)),
    )
    report(i + count - from)
  }
}

function orderRecord(i: number): ProducedRecord {
  const order = demoOrder(DEMO_TIMING, i)
  return { key: order.userId, value: JSON.stringify(order), timestamp: dueAt(i) }
}

function dueAt(i: number): number {
  return DEMO_TIMING.start + Math.floor((i * 1000) / DEMO_TIMING.perSecond)
}
