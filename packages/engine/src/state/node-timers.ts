import type { FetchTimers } from './outside-rows.ts'
import { before, bytesOf, type Timer, TimerQueue } from './timer-queue.ts'

/** Before all timers. */
const FIRST: Timer = { time: Number.NEGATIVE_INFINITY, name: '' }
/** Behind all timers. */
const NEVER: Timer = { time: Number.POSITIVE_INFINITY, name: '' }

/** What a node's timers are made with. */
export interface NodeTimersOptions {
  readonly nodeId: string
  /** What the state keys of the node begin with, see `stateKeyPrefix`. */
  readonly prefix: string
  /** Null: timers have no place outside memory. */
  readonly fetchTimers: FetchTimers | null
  /** Every timer that exists is in memory, to begin with. */
  readonly complete: boolean
  /** False for timers that are no longer set; may be true for others. */
  mayBeSet(timer: Timer): boolean
}

/**
 * The timers of one node in one task, in (time, name) order. Those before the *horizon* are in memory; of the others
 * only those of which nobody outside knows yet. When time comes near the horizon, it is moved on with timers from outside;
 * when timers take too much memory, it is drawn nearer.
 *
 * Timers may be in here that are no longer set: whoever takes one compares it with its row.
 */
export class NodeTimers {
  readonly #options: NodeTimersOptions
  readonly #queue: TimerQueue
  /** Timers from this one on may be outside. */
  #horizon: Timer
  /** Timers behind the horizon that are not known outside, by the commit that tells of them. */
  readonly #untold = new Map<number, Timer[]>()
  #untoldBytes = 0
  #acknowledged = 0
  /** While timers are fetched nothing may be forgotten: what is read may be older than what becomes known meanwhile. */
  #fetching = false

  constructor(options: NodeTimersOptions) {
    this.#options = options
    this.#queue = new TimerQueue((timer) => options.mayBeSet(timer))
    this.#horizon = options.complete ? NEVER : FIRST
  }

  /** Timers in memory, stale ones included. */
  get size(): number {
    return [...this.#untold.values()].reduce((sum, timers) => sum + timers.length, this.#queue.size)
  }

  /** About what they take in memory. */
  get bytes(): number {
    return this.#queue.bytes + this.#untoldBytes
  }

  /** No timer is earlier; infinity when there is none. */
  get nextTime(): number {
    return Math.min(this.#queue.nextTime, this.#horizon.time)
  }

  /** Adds a timer of which the given commit tells, counted from 1. */
  add(timer: Timer, commit: number): void {
    if (before(timer, this.#horizon)) this.#queue.add(timer)
    else this.#keep(timer, commit)
  }

  /** Adds a timer that is known outside. */
  restore(timer: Timer): void {
    if (before(timer, this.#horizon)) this.#queue.add(timer)
  }

  /** Brings timers into memory until all that are due at this watermark are there, or the first `count` of them. */
  async bring(watermark: number, count: number): Promise<void> {
    while (this.#mayBeOutside(watermark) && !this.#holds(watermark, count)) await this.#fetchPage()
  }

  /** The earliest timers in memory that are due at this watermark, in order; at most `limit`. They stay. */
  due(watermark: number, limit: number): Timer[] {
    return this.#queue.due(watermark, limit)
  }

  /** True where `count` timers are due at this watermark, or may be. */
  mayHaveDue(watermark: number, count: number): boolean {
    return this.#mayBeOutside(watermark) || this.#holds(watermark, count)
  }

  /** A watermark at which `count` timers may be due, and below which fewer are; infinity where there are fewer at all. */
  timeOf(count: number): number {
    if (this.#queue.size < count) return this.#horizon.time
    return this.#queue.timeOf(count)
  }

  /** Takes the earliest timer if it is due and in memory. */
  take(watermark: number): Timer | undefined {
    return this.#queue.nextTime <= watermark ? this.#queue.take() : undefined
  }

  /** Readers outside memory know of all commits up to this one. */
  acknowledge(commit: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, commit)
    if (!this.#fetching) this.#forgetTold()
  }

  /**
   * Lets the latest timers go, so that those that stay take about so many bytes.
   *
   * @param commitOf the commit that tells of a timer; 0: it is known outside, or no longer set
   */
  shrink(bytes: number, commitOf: (timer: Timer) => number): void {
    const latest = this.#queue.takeLatest(bytes)
    if (latest[0] !== undefined) this.#horizon = latest[0]
    for (const timer of latest) {
      const commit = commitOf(timer)
      if (commit > this.#acknowledged) this.#keep(timer, commit)
    }
  }

  /** True where timers that are due at this watermark may be outside. */
  #mayBeOutside(watermark: number): boolean {
    return this.#horizon !== NEVER && this.#horizon.time <= watermark
  }

  #holds(watermark: number, count: number): boolean {
    return this.#queue.has(watermark, count)
  }

  async #fetchPage(): Promise<void> {
    const { nodeId, prefix, fetchTimers } = this.#options
    if (fetchTimers === null)
      throw new Error(`timers of node ${nodeId} are missing and have no place outside`)
    const { time, name } = this.#horizon
    const from = this.#horizon === FIRST ? null : { time, stateKey: prefix + name }
    this.#fetching = true
    const { timers, next } = await fetchTimers({ nodeId, from })
    for (const found of timers)
      this.#queue.add({ time: found.time, name: found.stateKey.slice(prefix.length) })
    this.#horizon = next === null ? NEVER : { time: next.time, name: next.stateKey.slice(prefix.length) }
    this.#takeUntold()
    this.#fetching = false
    this.#forgetTold()
  }

  #keep(timer: Timer, commit: number): void {
    const timers = this.#untold.get(commit)
    if (timers === undefined) this.#untold.set(commit, [timer])
    else timers.push(timer)
    this.#untoldBytes += bytesOf(timer)
  }

  /** Timers that are now before the horizon come to the others. */
  #takeUntold(): void {
    const all = [...this.#untold]
    this.#untold.clear()
    this.#untoldBytes = 0
    for (const [commit, timers] of all) for (const timer of timers) this.add(timer, commit)
  }

  #forgetTold(): void {
    for (const [commit, timers] of this.#untold) {
      if (commit > this.#acknowledged) continue
      for (const timer of timers) this.#untoldBytes -= bytesOf(timer)
      this.#untold.delete(commit)
    }
  }
}
