import { ceilTo, floorTo } from './spans.ts'

/** How time is cut into the panes of hopping windows. */
export interface Pane {
  readonly start: number
  readonly end: number
}

/**
 * Hopping windows of any size and slide, in ms: each begins at a multiple of the slide plus the offset. Time is cut into
 * panes at every beginning and every end of a window, at most two for each slide, so that each window is made of whole
 * panes and an event changes one of them.
 * Source: S. Krishnamurthy, C. Wu, M. Franklin, "On-the-Fly Sharing for Streamed Aggregation" (paired windows), 2006.
 */
export class HoppingGrid {
  readonly size: number
  readonly slide: number
  readonly #offset: number
  /** How far behind a beginning the ends lie. */
  readonly #rest: number

  constructor(size: number, slide: number, offset: number) {
    this.size = size
    this.slide = slide
    this.#offset = offset
    this.#rest = size % slide
  }

  /** The pane that a time belongs to. */
  paneOf(time: number): Pane {
    const start = floorTo(time - this.#offset, this.slide) + this.#offset
    const middle = start + this.#rest
    if (this.#rest > 0 && time < middle) return { start, end: middle }
    return { start: middle, end: start + this.slide }
  }

  /** The end of the first window that a pane is part of. */
  firstEnd({ end }: Pane): number {
    return ceilTo(end - this.size - this.#offset, this.slide) + this.#offset + this.size
  }

  /** The end of the last window that a pane is part of; where that is before the end of the pane, it is part of none. */
  lastEnd({ start }: Pane): number {
    return floorTo(start - this.#offset, this.slide) + this.#offset + this.size
  }

  /** The end of the first window that ends behind a time. */
  endAfter(time: number): number {
    return floorTo(time - this.size - this.#offset, this.slide) + this.#offset + this.size + this.slide
  }
}
