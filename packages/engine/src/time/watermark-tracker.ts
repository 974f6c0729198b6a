import { NO_WATERMARK } from '../record.ts'

/** What one contributor to a watermark has said last. */
export interface WatermarkEntry {
  /** Epoch ms or `NO_WATERMARK`; never goes back. */
  readonly watermark: number
  /** Idle contributors are left out of the minimum. */
  readonly idle: boolean
}

/**
 * Combines the watermarks of several contributors (partitions, upstream tasks, inputs): the minimum over those that
 * are not idle, never going back. When all are idle it stands at their maximum. A contributor that has not spoken
 * counts as `NO_WATERMARK`. Semantics rules 1, 2 and 4.
 */
export class WatermarkTracker {
  readonly #entries: Map<string, WatermarkEntry>
  #watermark = NO_WATERMARK
  #idle = false

  /** `names` are all contributors; what `saved` says of others is dropped. */
  constructor(names: readonly string[], saved: ReadonlyMap<string, WatermarkEntry> = new Map()) {
    this.#entries = new Map(
      names.map((name) => [name, saved.get(name) ?? { watermark: NO_WATERMARK, idle: false }]),
    )
    this.#combine()
  }

  /** The combined watermark. */
  get watermark(): number {
    return this.#watermark
  }

  /** True while every contributor is idle. */
  get idle(): boolean {
    return this.#idle
  }

  /** All entries, for the commit. */
  get entries(): ReadonlyMap<string, WatermarkEntry> {
    return this.#entries
  }

  /** What a contributor said last; undefined for a name that is none of ours. */
  entry(name: string): WatermarkEntry | undefined {
    return this.#entries.get(name)
  }

  /** Takes what a contributor says; its watermark never goes back. Unknown names are ignored. */
  update(name: string, watermark: number, idle: boolean): void {
    const before = this.#entries.get(name)
    if (before === undefined || (before.idle === idle && watermark <= before.watermark)) return
    this.#entries.set(name, { watermark: Math.max(before.watermark, watermark), idle })
    this.#combine()
  }

  #combine(): void {
    let least = Number.POSITIVE_INFINITY
    let most = NO_WATERMARK
    for (const { watermark, idle } of this.#entries.values()) {
      if (watermark > most) most = watermark
      if (!idle && watermark < least) least = watermark
    }
    this.#idle = least === Number.POSITIVE_INFINITY
    this.#watermark = Math.max(this.#watermark, this.#idle ? most : least)
  }
}
