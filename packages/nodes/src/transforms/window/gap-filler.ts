import type { DueTimer, OperatorContext, Output, Touch } from '@millrace/engine'
import type { Results, WindowOf } from './results.ts'
import { MARK, type WindowPlan } from './window-plan.ts'

/** Name of the row of a group that is marked with the end of the last window that went out. */
const LAST = '#'

/** So many windows are filled in at most. */
const MOST_FILLED = 1000

/** The windows of a group in the order in which they end. */
export interface Series {
  /** The window behind the one with this end. */
  after(end: number): { readonly start: number; readonly end: number }
  /** From the end of a window to that of the next, at most, ms. */
  readonly stride: number
}

/** Sends results of windows without events between two that have some, once the later one goes out. */
export class GapFiller {
  readonly #plan: WindowPlan
  readonly #series: Series
  readonly #context: OperatorContext
  readonly #results: Results
  /** How far a window may lie behind the last one for the gap to be filled. */
  readonly #reach: number

  constructor(plan: WindowPlan, series: Series, context: OperatorContext, results: Results) {
    this.#plan = plan
    this.#series = series
    this.#context = context
    this.#results = results
    this.#reach = (MOST_FILLED + 1) * series.stride
  }

  /** Names the row that is kept here for a group. */
  touch(group: string, touch: Touch): void {
    touch(group, LAST)
  }

  /** True for the timer of a row that is kept here, whose gap has grown too long. */
  forget({ key, subKey }: DueTimer): boolean {
    if (subKey === LAST) this.#context.state.delete(key, LAST)
    return subKey === LAST
  }

  /** Fills the gap before a window that goes out, unless it is too long; remembers that window for as long. */
  fillBefore({ group, end }: WindowOf, out: Output): void {
    const { state } = this.#context
    const last = state.get(group, LAST)
    if (last !== undefined) this.#fill(group, last[MARK] as number, end, out)
    state.put(group, LAST, this.#plan.newRow(end), this.#plan.pace.overAt(end + this.#reach) + 1)
  }

  #fill(group: string, from: number, to: number, out: Output): void {
    if (to - from > this.#reach) return
    for (let next = this.#series.after(from); next.end < to; next = this.#series.after(next.end))
      this.#results.sendEmpty({ group, ...next }, out)
  }
}
