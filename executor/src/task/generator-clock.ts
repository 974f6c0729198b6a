import type { RawRecord } from '@millrace/engine'
import type { InputCursor } from './input-cursor.ts'

/** Events that are made in one go. */
const MAX_AT_ONCE = 1_000

/** Tells which events of a generator's virtual partition are due: so many per second since its first one. */
export class GeneratorClock {
  readonly #perMs: number

  /** `rate`: events per second over all `partitions`. */
  constructor(rate: number, partitions: number) {
    this.#perMs = rate / partitions / 1000
  }

  /** The events that are due at `now` (epoch ms) and were not made yet. */
  due(cursor: InputCursor, now: number): RawRecord[] {
    const until = Math.floor((now - (cursor.start ?? now)) * this.#perMs)
    const count = Math.max(0, Math.min(MAX_AT_ONCE, until - cursor.next))
    const first = cursor.next
    cursor.next += count
    return Array.from({ length: count }, (_, i) => ({
      topic: cursor.topic,
      partition: cursor.partition,
      offset: first + i,
      timestamp: now,
      key: null,
      value: null,
    }))
  }
}
