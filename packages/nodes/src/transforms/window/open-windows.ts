import type { DueRow, DueTimer, Output, Tick, Touch } from '@millrace/engine'
import type { Value } from '@millrace/expr'

/** What an event, or a subtotal of several, does to the state row of its window or pane. */
export interface Addition {
  /** Adds to the cells of a state row. */
  addTo(row: Value[]): void
}

/** The windows of one task that are not over yet. */
export interface OpenWindows {
  /** Names the state rows that `add` will ask for. */
  touch(group: string, time: number, touch: Touch): void
  /** Names the state rows, beside its own, that a due row needs. */
  touchDue(due: DueRow, touch: Touch): void
  /** Adds to the windows that a time belongs to; false where it comes too late for all of them. */
  add(group: string, time: number, addition: Addition, out: Output): boolean
  onTimer(timer: DueTimer, out: Output): void
  /** Sends an early result by the wall clock. */
  onTick(tick: Tick, out: Output): void
}
