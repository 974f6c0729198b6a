import type { DueTimer, KeyedState, OperatorContext } from '@millrace/engine'

/** The sub-key of what is known of the event that was kept. */
export const KEPT = ''

/**
 * What is remembered of kept events: their event time, for the TTL from then on (semantics rule 12). What has expired
 * already is not stored: whether its timer fires before the next record must not matter.
 */
export class Memory {
  readonly #ttl: number
  readonly #state: KeyedState
  readonly #watermark: () => number

  constructor(ttl: number, context: OperatorContext) {
    this.#ttl = ttl
    this.#state = context.state
    this.#watermark = () => context.watermark()
  }

  /** The event time of the kept event; undefined where none is remembered. */
  get(key: string): number | undefined {
    return this.#state.get(key, KEPT)?.[0] as number | undefined
  }

  /** True where an event of this time would be forgotten at once. */
  isPast(time: number): boolean {
    return time + this.#ttl <= this.#watermark()
  }

  /** True while a kept event keeps one of this time away. */
  covers(kept: number | undefined, time: number): boolean {
    return kept !== undefined && time < kept + this.#ttl
  }

  /** Remembers a kept event in place of the one before. */
  set(key: string, time: number): void {
    if (!this.isPast(time)) this.#state.put(key, KEPT, [time], time + this.#ttl)
    else if (this.get(key) !== undefined) this.#state.delete(key, KEPT)
  }

  /** The end of a kept event has come. The TTL may have grown since its timer was set. */
  expire({ key, row }: DueTimer): void {
    const time = row[0] as number
    if (this.isPast(time)) this.#state.delete(key, KEPT)
    else this.set(key, time)
  }
}
