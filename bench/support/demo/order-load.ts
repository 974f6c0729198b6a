import { setTimeout as sleep } from 'node:timers/promises'
import { partitionOfKey } from '@millrace/engine'
import { type DemoOrder, type DemoTiming, demoOrder } from '@millrace/testkit'
import type { KafkaForTests } from '../../../tests/support/kafka.ts'

const TICK_MS = 10

/** An order and when it was to be sent, epoch ms: also when it was sent late. */
export interface DueOrder {
  readonly order: DemoOrder
  readonly due: number
  readonly partition: number
}

/** Where the orders of a load go. */
export interface LoadOptions {
  readonly kafka: KafkaForTests
  readonly topic: string
  readonly partitions: number
  readonly timing: DemoTiming
  /** Told of an order just before it is sent. */
  sent(order: DueOrder): void
}

/**
 * Sends orders by a fixed schedule, whatever becomes of those before: a load that slows down with the answers would hide
 * the very delays that are to be measured. What becomes due while an answer is awaited goes out with the next request: the
 * producer has one under way at a time, and would let hundreds queue where answers take long.
 */
export class OrderLoad {
  readonly #options: LoadOptions
  #sending: Promise<void> | null = null
  #next = 0
  #failure: unknown = null

  constructor(options: LoadOptions) {
    this.#options = options
  }

  /** Sends what becomes due until a time, epoch ms, or a signal. Returns when all of it was acknowledged. */
  async runUntil(end: number, signal?: AbortSignal): Promise<void> {
    while (Date.now() < end && !signal?.aborted) {
      this.#sendDue(Math.min(Date.now(), end))
      if (this.#failure !== null) throw this.#failure
      await sleep(TICK_MS)
    }
    await this.#sending
    this.#sendDue(Math.min(Date.now(), end))
    await this.#sending
    if (this.#failure !== null) throw this.#failure
  }

  #sendDue(now: number): void {
    if (this.#sending !== null) return
    const { kafka, topic, timing } = this.#options
    const due: DueOrder[] = []
    for (; this.#dueAt(this.#next) <= now; this.#next++) due.push(this.#orderAt(this.#next))
    if (due.length === 0) return
    for (const one of due) this.#options.sent(one)
    const records = due.map(({ order }) => ({ key: order.userId, value: order }))
    this.#sending = kafka
      .produce(topic, records)
      .catch((error: unknown) => {
        this.#failure = error ?? new Error(`order ${this.#next} of seed ${timing.seed} was not taken`)
      })
      .finally(() => {
        this.#sending = null
      })
  }

  #orderAt(i: number): DueOrder {
    const { timing, partitions } = this.#options
    const order = demoOrder(timing, i)
    return { order, due: this.#dueAt(i), partition: partitionOfKey(Buffer.from(order.userId), partitions) }
  }

  #dueAt(i: number): number {
    const { start, perSecond } = this.#options.timing
    return start + (i * 1000) / perSecond
  }
}
