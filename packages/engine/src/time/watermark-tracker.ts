import { NO_WATERMARK } from '../record.ts'

/** What one contributor to a watermark has said last. */
export interface WatermarkEntry {
  /** Epoch ms or `NO_WATERMARK`; never goes back. */
  readonly watermark: number
  /** Idle contributors are left out of the minimum. */
  readonly idle: boolean
}

interface Entry {
  watermark: number
  idle: boolean
}

/**
 * Combines the watermarks of several contributors (partitions, upstream tasks, edges): the minimum over those that
 * are not idle, never going back. When all are idle it stands at their maximum. A contributor that has not spoken
 * counts as `NO_WATERMARK`. Semantics rules 1, 2 and 4.
 */
export class WatermarkTracker<Name = string> {
  readonly #entries = new Map<Name, Entry>()
  /** The minimum over the active entries; infinity where all are idle. */
  #least = Number.POSITIVE_INFINITY
  #watermark = NO_WATERMARK

  /** `names` are all contributors; what `saved` says of others is dropped. */
  constructor(names: readonly Name[], saved: ReadonlyMap<Name, WatermarkEntry> = new Map()) {
    for (const name of names) {
      const { watermark, idle } = saved.get(name) ?? { watermark: NO_WATERMARK, idle: false }
      this.#entries.set(name, { watermark, idle })
    }
    this.#combine()
  }

  /** The combined watermark. */
  get watermark(): number {
    return this.#watermark
  }

  /** True while every contributor is idle, and where there is none. */
  get idle(): boolean {
    return this.#least === Number.POSITIVE_INFINITY
  }

  /** All entries as they stand now, for the commit. */
  get entries(): ReadonlyMap<Name, WatermarkEntry> {
    return this.#entries
  }

  /** Adds a contributor that has not spoken yet. */
  add(name: Name): void {
    this.#entries.set(name, { watermark: NO_WATERMARK, idle: false })
    this.#combine()
  }

  /** Takes what a contributor says; its watermark never goes back. Unknown names are ignored. */
  update(name: Name, watermark: number, idle: boolean): void {
    const entry = this.#entries.get(name)
    if (entry === undefined || (entry.idle === idle && watermark <= entry.watermark)) return
    // Raising one that stands above the minimum moves nothing: true for most records of a source.
    const moves = idle || entry.idle || entry.watermark <= this.#least
    if (watermark > entry.watermark) entry.watermark = watermark
    entry.idle = idle
    if (moves) this.#combine()
  }

  #combine(): void {
    let least = Number.POSITIVE_INFINITY
    let most = NO_WATERMARK
    for (const { watermark, idle } of this.#entries.values()) {
      if (watermark > most) most = watermark
      if (!idle && watermark < least) least = watermark
    }
    this.#least = least
    const combined = least === Number.POSITIVE_INFINITY ? most : least
    if (combined > this.#watermark) this.#watermark = combined
  }
}
