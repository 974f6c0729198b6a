import type { TopicPartition } from './api/api.ts'

const MAX_SEQUENCE = 0x7fffffff

/** The next sequence number per partition, which brokers check for gaps and repeats; they begin at 0 for every epoch. */
export class Sequences {
  readonly #next = new Map<string, number>()

  /**
   * Takes the sequence numbers of `count` records and returns the first.
   * After 2,147,483,647 comes 0 (`DefaultRecordBatch.incrementSequence` of the Java client).
   */
  take({ topic, partition }: TopicPartition, count: number): number {
    const name = `${topic}/${partition}`
    const first = this.#next.get(name) ?? 0
    this.#next.set(name, first > MAX_SEQUENCE - count ? count - (MAX_SEQUENCE - first) - 1 : first + count)
    return first
  }

  /** Begins again at 0. */
  reset(): void {
    this.#next.clear()
  }
}
