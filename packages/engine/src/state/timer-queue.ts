import type { StateEntry } from './state-entry.ts'
import { compareUtf8 } from './utf8-order.ts'

/** A timer of a state row; `name` tells apart timers of the same time. */
export interface Timer {
  readonly time: number
  readonly name: string
  /** The row, where it was in memory when the timer came. */
  readonly entry?: StateEntry | null
}

/** What a timer takes beside its name. */
const TIMER_BYTES = 140

/** Below this size stale timers are not looked for. */
const LEAST_SWEEP = 4096

/**
 * Timers in (time, name) order, names by their UTF-8 bytes: a binary heap. It may hold timers that are no longer set; whoever takes one compares
 * it with the row. It grows to about twice the number of timers that may be set.
 */
export class TimerQueue {
  readonly #mayBeSet: (timer: Timer) => boolean
  #heap: Timer[] = []
  #bytes = 0
  #sweepAt = LEAST_SWEEP
  /** What `timeOf` said last; with time −∞ it counts no more. */
  #told = { count: 0, time: Number.NEGATIVE_INFINITY }

  /** `mayBeSet` is false for timers that can be thrown away. */
  constructor(mayBeSet: (timer: Timer) => boolean) {
    this.#mayBeSet = mayBeSet
  }

  /** Timers in the queue, stale ones included. */
  get size(): number {
    return this.#heap.length
  }

  /** About what they take in memory. */
  get bytes(): number {
    return this.#bytes
  }

  /** Time of the earliest timer; infinity when there is none. */
  get nextTime(): number {
    return this.#heap[0]?.time ?? Number.POSITIVE_INFINITY
  }

  /** Adds a timer. */
  add(timer: Timer): void {
    if (timer.time < this.#told.time) this.#told.time = Number.NEGATIVE_INFINITY
    if (this.#heap.length >= this.#sweepAt) this.#sweep()
    this.#push(timer)
    this.#bytes += bytesOf(timer)
  }

  /** Keeps the earliest timers, about so many bytes of them, and gives the others, earliest first, without stale ones. */
  takeLatest(bytes: number): Timer[] {
    this.#sweep()
    let kept = 0
    let count = 0
    for (; count < this.#heap.length; count++) {
      kept += bytesOf(this.#heap[count] as Timer)
      if (kept > bytes) break
    }
    const latest = this.#heap.splice(count)
    for (const timer of latest) this.#bytes -= bytesOf(timer)
    this.#sweepAt = LEAST_SWEEP
    return latest
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
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < this.#heap.length) this.#insert(frontier, child)
    }
    return found
  }

  /** True where at least `count` timers are due at this watermark. */
  has(watermark: number, count: number): boolean {
    const heap = this.#heap
    let found = 0
    // A timer that is not due has none behind it that are.
    const left = [0]
    while (found < count && left.length > 0) {
      const at = left.pop() as number
      if (at >= heap.length || (heap[at] as Timer).time > watermark) continue
      found++
      left.push(2 * at + 1, 2 * at + 2)
    }
    return found >= count
  }

  /** A watermark below which fewer than `count` timers are due; infinity where there are fewer at all. */
  timeOf(count: number): number {
    if (this.size < count) return Number.POSITIVE_INFINITY
    // As timers are taken, and none comes before that time, fewer and fewer are due there.
    if (this.#told.count === count && this.nextTime < this.#told.time) return this.#told.time
    const { time } = this.due(Number.POSITIVE_INFINITY, count).at(-1) as Timer
    this.#told = { count, time }
    return time
  }

  /** Takes the earliest timer; undefined when there is none. */
  take(): Timer | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined) return undefined
    this.#bytes -= bytesOf(first)
    if (heap.length === 0) return first
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

  #push(timer: Timer): void {
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

  /** Throws away what is no longer set, and what stands twice. A sorted list is a heap. */
  #sweep(): void {
    const kept = this.#heap.filter(this.#mayBeSet).sort(compareTimers)
    this.#heap = kept.filter(({ time, name }, i) => kept[i - 1]?.name !== name || kept[i - 1]?.time !== time)
    this.#sweepAt = Math.max(LEAST_SWEEP, 2 * this.#heap.length)
    this.#bytes = this.#heap.reduce((sum, timer) => sum + bytesOf(timer), 0)
  }
}

/** About what a timer takes in memory; its name is often that of a row that is there too. */
export function bytesOf({ name }: Timer): number {
  return TIMER_BYTES + name.length
}

/** The order in which timers fire, that of their copy in Redis too; negative, 0 or positive. */
export function compareTimers(a: Timer, b: Timer): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1
  return compareUtf8(a.name, b.name)
}

/** True where a timer fires before another. */
export function before(a: Timer, b: Timer): boolean {
  return a.time < b.time || (a.time === b.time && compareUtf8(a.name, b.name) < 0)
}
