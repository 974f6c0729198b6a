/**
 * When a watermark passes the ends of windows, found from what is sent: a partition's watermark reaches `end − 1` with
 * its first event of `end + outOfOrderness` or later, and the watermark of all with the last of these. It is the
 * earliest moment at which anybody could know.
 */
export class WatermarkTimes {
  readonly #size: number
  readonly #outOfOrderness: number
  /** By window end: the partitions that have not reached it. */
  readonly #open = new Map<number, Set<number>>()
  readonly #partitions: readonly number[]
  readonly #passed = new Map<number, number>()
  readonly #highest: number[]
  #nextEnd: number | null = null

  /** @param size of the windows, ms, aligned to the epoch */
  constructor(partitions: number, size: number, outOfOrderness: number) {
    this.#partitions = Array.from({ length: partitions }, (_, i) => i)
    this.#highest = this.#partitions.map(() => Number.NEGATIVE_INFINITY)
    this.#size = size
    this.#outOfOrderness = outOfOrderness
  }

  /** By window end, epoch ms: when the watermark passed it. */
  get passed(): ReadonlyMap<number, number> {
    return this.#passed
  }

  /** Notes an event and when it was sent; to be told in the order of sending. */
  sent(partition: number, eventTime: number, at: number): void {
    const reached = eventTime - this.#outOfOrderness
    if (reached <= (this.#highest[partition] ?? 0)) return
    this.#highest[partition] = reached
    this.#nextEnd ??= Math.ceil(reached / this.#size) * this.#size
    for (; this.#nextEnd <= reached; this.#nextEnd += this.#size) {
      this.#open.set(this.#nextEnd, new Set(this.#partitions))
    }
    for (const [end, waiting] of this.#open) {
      for (const each of waiting) if ((this.#highest[each] ?? 0) >= end) waiting.delete(each)
      if (waiting.size > 0) continue
      this.#open.delete(end)
      this.#passed.set(end, at)
    }
  }
}
