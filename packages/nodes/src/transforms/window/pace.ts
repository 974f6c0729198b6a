import type { WindowConfig } from './settings.ts'

/** When the results of windows go out (semantics rules 6 and 8). A window ends at `end`, not included. */
export class Pace {
  readonly isUpdating: boolean
  /** Ms between early updates by event time; null: none. */
  readonly earlyByEvent: number | null
  /** Ms between early updates by the wall clock; null: none. */
  readonly earlyByClock: number | null
  readonly #lateness: number

  constructor({ kind, output, allowedLateness, earlyUpdates, earlyClock }: WindowConfig) {
    this.isUpdating = output === 'updating'
    this.#lateness = allowedLateness
    // The steps of cumulative windows are early updates in themselves.
    const early = this.isUpdating && kind !== 'cumulative' ? earlyUpdates : null
    this.earlyByEvent = earlyClock === 'event' ? early : null
    this.earlyByClock = earlyClock === 'processing' ? early : null
  }

  /** True where results are sent before their window ends. */
  get isEarly(): boolean {
    return this.earlyByEvent !== null || this.earlyByClock !== null
  }

  /** The watermark at which nothing can be added to a window any more. */
  overAt(end: number): number {
    return end - 1 + this.#lateness
  }

  /** The watermark at which the result of a window goes out. */
  outAt(end: number): number {
    return this.isUpdating ? end - 1 : this.overAt(end)
  }

  isOver(end: number, watermark: number): boolean {
    return this.overAt(end) <= watermark
  }

  isOut(end: number, watermark: number): boolean {
    return this.outAt(end) <= watermark
  }

  /** The last end of which windows are out. */
  lastOut(watermark: number): number {
    return watermark + 1 - (this.isUpdating ? 0 : this.#lateness)
  }

  /** The last end of which windows are over. */
  lastOver(watermark: number): number {
    return watermark + 1 - this.#lateness
  }

  /** True where a timer that fires for a window is one that tells its result, not one that only looks after it. */
  isDue(end: number, watermark: number): boolean {
    return this.isOut(end, watermark) || this.earlyByEvent !== null
  }

  /** The watermark at which to look at a window again that is not over yet; `isChanged`: it has something to tell. */
  nextLook(start: number, end: number, watermark: number, isChanged: boolean): number {
    const out = this.outAt(end)
    if (out <= watermark) return this.overAt(end)
    return isChanged ? Math.min(this.nextEarly(start, start, watermark), out) : out
  }

  /**
   * The watermark of the next early update by event time of what begins at `start`; infinity where there are none. They
   * come at whole intervals from `origin` on.
   */
  nextEarly(origin: number, start: number, watermark: number): number {
    const every = this.earlyByEvent
    if (every === null) return Number.POSITIVE_INFINITY
    const passed = Math.max(watermark + 1, start) - origin
    return origin + (Math.floor(passed / every) + 1) * every - 1
  }
}
