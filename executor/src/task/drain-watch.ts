import type { KafkaClient } from '../kafka/wire/index.ts'
import type { InputCursor } from './input-cursor.ts'

/**
 * Tells when a draining task has nothing left to do: its sources stand still, everything upstream is done, and its
 * position has reached what was in its internal topic after that (exactly-once.md P9).
 */
export class DrainWatch {
  readonly #client: KafkaClient
  readonly #cursors: readonly InputCursor[]
  #targets: ReadonlyMap<InputCursor, number> | null = null

  constructor(client: KafkaClient, cursors: readonly InputCursor[]) {
    this.#client = client
    this.#cursors = cursors.filter(({ kind }) => kind === 'repartition' || kind === 'outbox')
  }

  /** Looks whether the end of the internal topics is known yet, now that everything upstream is done. */
  async noteUpstreamDrained(): Promise<void> {
    if (this.#targets !== null) return
    const ends = await this.#client.listOffsets(this.#cursors, 'last-stable')
    this.#targets = new Map(this.#cursors.map((cursor, i) => [cursor, ends[i]?.offset ?? 0]))
  }

  /** Forgets it: the drain was called off. */
  reset(): void {
    this.#targets = null
  }

  /** True once all of it is committed. */
  get reached(): boolean {
    if (this.#targets === null) return false
    return [...this.#targets].every(([cursor, target]) => cursor.committed >= target)
  }
}
