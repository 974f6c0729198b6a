/** A timer of a state row; `name` tells apart timers of the same time. */
export interface Timer {
  readonly time: number
  readonly name: string
}

/**
 * Timers in (time, name) order: a binary heap. It may hold timers that are no longer set; whoever takes one
 * compares it with the row.
 */
export class TimerQueue {
  readonly #heap: Timer[] = []

  get size(): number {
    return this.#heap.length
  }

  /** Time of the earliest timer; infinity when there is none. */
  get nextTime(): number {
    return this.#heap[0]?.time ?? Number.POSITIVE_INFINITY
  }

  /** Adds a timer. */
  add(timer: Timer): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(timer)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!before(timer, heap[parent] as Timer)) break
      heap[at] = heap[parent] as Timer
      at = parent
    }
    heap[at] = timer
  }

  /** The earliest timers that are due at this watermark, in order; at most `limit`. They stay in the queue. */
  due(watermark: number, limit: number): Timer[] {
    const found: Timer[] = []
    // Indices whose parents were found already: the earliest of the rest is among them. The last is the earliest.
    const frontier: number[] = this.#heap.length > 0 ? [0] : []
    while (frontier.length > 0 && found.length < limit) {
      const at = frontier.pop() as number
      const timer = this.#heap[at] as Timer
      if (timer.time > watermark) break
      found.push(timer)
      for (const child of [2 * at + 1, 2 * at + 2]) if (child < this.#heap.length) this.#insert(frontier, child)
    }
    return found
  }

  /** Takes the earliest timer; undefined when there is none. */
  take(): Timer | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    this.#sink(last)
    return first
  }

  /** Keeps the frontier sorted, earliest last. */
  #insert(frontier: number[], index: number): void {
    const timer = this.#heap[index] as Timer
    let low = 0
    let high = frontier.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (before(timer, this.#heap[frontier[middle] as number] as Timer)) low = middle + 1
      else high = middle
    }
    frontier.splice(low, 0, index)
  }

  #sink(timer: Timer): void {
    const heap = this.#heap
    let at = 0
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      const right = child + 1
      if (right < heap.length && before(heap[right] as Timer, heap[child] as Timer)) child = right
      if (!before(heap[child] as Timer, timer)) break
      heap[at] = heap[child] as Timer
      at = child
    }
    heap[at] = timer
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.time < b.time || (a.time === b.time && a.name < b.name)
}
