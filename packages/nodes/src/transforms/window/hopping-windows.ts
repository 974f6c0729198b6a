import {
  type DueRow,
  type DueTimer,
  type OperatorContext,
  type Output,
  type SubKeyRange,
  type SubRow,
  type Tick,
  type Touch,
  timeOfSubKey,
} from '@millrace/engine'
import type { Value } from '@millrace/expr'
import type { GapFiller } from './gap-filler.ts'
import type { HoppingGrid, Pane } from './hopping-grid.ts'
import type { Addition, OpenWindows } from './open-windows.ts'
import { Results, type WindowOf } from './results.ts'
import { TimeNames } from './time-names.ts'
import { CELLS, CHANGED, EMITTED, FLAGS, MARK, NEVER, type WindowPlan } from './window-plan.ts'

/** Name of the row of a group whose timer fires when a window goes out; it is marked with that window's end. */
const HEAD = ''

/** Name of the row of a group whose timer fires for early updates; it is marked with its time. */
const EARLY = '!'

/** Panes are named by their start; their names sort behind all others. */
const FIRST_PANE = '0'

/**
 * Hopping windows: one state row for each group and pane, and one for each group with a timer. An event changes one pane,
 * however many windows it belongs to; the panes of a window are merged when it goes out.
 */
export class HoppingWindows implements OpenWindows {
  readonly #plan: WindowPlan
  readonly #grid: HoppingGrid
  readonly #context: OperatorContext
  readonly #results: Results
  readonly #names = new TimeNames()
  readonly #gaps: GapFiller | null

  constructor(plan: WindowPlan, grid: HoppingGrid, context: OperatorContext, gaps: GapFiller | null) {
    this.#plan = plan
    this.#grid = grid
    this.#context = context
    this.#results = new Results(plan)
    this.#gaps = gaps
  }

  touch(group: string, time: number, touch: Touch): void {
    touch(group, HEAD)
    if (this.#plan.pace.earlyByEvent !== null) touch(group, EARLY)
    if (this.#plan.pace.isUpdating) touch.range(group, this.#around(time))
    else touch(group, this.#names.of(this.#grid.paneOf(time).start))
  }

  touchDue({ key }: DueRow, touch: Touch): void {
    this.#gaps?.touch(key, touch)
    touch(key, HEAD)
    touch.range(key, { from: FIRST_PANE })
  }

  add(group: string, time: number, addition: Addition, out: Output): boolean {
    const { state } = this.#context
    const pane = this.#grid.paneOf(time)
    const watermark = this.#context.watermark()
    if (this.#plan.pace.isOver(this.#grid.lastEnd(pane), watermark)) return false
    const subKey = this.#names.of(pane.start)
    const before = state.get(group, subKey) as Value[] | undefined
    const row = before ?? this.#plan.newRow()
    const wasChanged = ((row[FLAGS] as number) & CHANGED) !== 0
    addition.addTo(row)
    row[FLAGS] = (row[FLAGS] as number) | CHANGED
    state.put(group, subKey, row)
    if (before === undefined) this.#arm(group, pane, watermark)
    if (!wasChanged) this.#armEarly(group, pane, watermark)
    if (this.#plan.pace.earlyByClock !== null) state.wake(group, HEAD)
    if (this.#plan.pace.isUpdating) this.#correct(group, pane, before === undefined, watermark, out)
    return true
  }

  onTimer(timer: DueTimer, out: Output): void {
    if (this.#gaps?.forget(timer)) return
    if (timer.subKey === EARLY) {
      this.#context.state.delete(timer.key, EARLY)
      this.#sendEarly(timer.key, out)
    } else this.#sendNext(timer, out)
  }

  onTick({ key }: Tick, out: Output): void {
    this.#sendEarly(key, out)
  }

  /** Sends what there is of the windows that have not been sent in full and have changed since they were last sent. */
  #sendEarly(group: string, out: Output): void {
    const panes = this.#context.state.range(group, { from: FIRST_PANE })
    for (const end of this.#openEnds(group, panes)) {
      const own = panes.filter(({ subKey }) => this.#isWithin(timeOfSubKey(subKey), end))
      if (own.some(({ row }) => ((row[FLAGS] as number) & CHANGED) !== 0)) this.#send(group, end, own, out)
    }
    for (const { subKey, row } of panes) {
      if (((row[FLAGS] as number) & CHANGED) === 0) continue
      this.#context.state.put(group, subKey, [EMITTED, ...row.slice(MARK)])
    }
  }

  /** Sees to it that the timer fires when the first window that a new pane is part of goes out. */
  #arm(group: string, pane: Pane, watermark: number): void {
    const { pace } = this.#plan
    const first = this.#grid.firstEnd(pane)
    const last = this.#grid.lastEnd(pane)
    const next = pace.isOut(first, watermark) ? this.#grid.endAfter(pace.lastOut(watermark)) : first
    const mark = next <= last ? next : NEVER
    const head = this.#context.state.get(group, HEAD)
    if (head !== undefined && (head[MARK] as number) <= mark) return
    this.#putHead(group, mark, last)
  }

  /** Sets the timer to when the marked window goes out, or to when the first pane is over. */
  #putHead(group: string, mark: number, lastEnd: number): void {
    const { pace } = this.#plan
    const look = Math.min(pace.outAt(mark), pace.overAt(lastEnd))
    this.#context.state.put(group, HEAD, this.#plan.newRow(mark), look)
  }

  #armEarly(group: string, { start }: Pane, watermark: number): void {
    const look = this.#plan.pace.nextEarly(this.#plan.config.offset, start, watermark)
    if (look === Number.POSITIVE_INFINITY) return
    const before = this.#context.state.get(group, EARLY)
    if (before === undefined || look < (before[MARK] as number))
      this.#context.state.put(group, EARLY, this.#plan.newRow(look), look)
  }

  /** Sends the window that the head is marked with if it is to go out, and lets go of panes that are over. */
  #sendNext({ key, row }: DueTimer, out: Output): void {
    const watermark = this.#context.watermark()
    let mark = row[MARK] as number
    if (this.#plan.pace.isOut(mark, watermark)) {
      this.#gaps?.fillBefore(this.#windowOf(key, mark), out)
      this.#send(key, mark, this.#panesOf(key, mark), out)
      mark = this.#endBehind(key, mark)
    }
    const first = this.#expire(key, mark, watermark)
    if (first === null) this.#context.state.delete(key, HEAD)
    else this.#putHead(key, mark, this.#grid.lastEnd(first))
  }

  /** The end of the next window behind one that holds a pane. */
  #endBehind(group: string, end: number): number {
    const { size, slide } = this.#grid
    const [next] = this.#context.state.range(group, { from: this.#names.of(end + slide - size), limit: 1 })
    return next === undefined ? NEVER : Math.max(end + slide, this.#grid.firstEnd(this.#paneOf(next)))
  }

  /** Lets go of panes of which all windows are out and over, where `next` goes out next; the first pane that is left. */
  #expire(group: string, next: number, watermark: number): Pane | null {
    const { state } = this.#context
    const to = next === NEVER ? undefined : this.#names.of(next - this.#grid.size)
    for (const row of state.range(group, { from: FIRST_PANE, ...(to && { to }) })) {
      const pane = this.#paneOf(row)
      if (!this.#plan.pace.isOver(this.#grid.lastEnd(pane), watermark)) return pane
      state.delete(group, row.subKey)
    }
    const [first] = state.range(group, { from: FIRST_PANE, limit: 1 })
    return first === undefined ? null : this.#paneOf(first)
  }

  /** Sends the windows of a pane again that are out already, but not over. */
  #correct(group: string, pane: Pane, isNewPane: boolean, watermark: number, out: Output): void {
    const { pace } = this.#plan
    const first = this.#grid.firstEnd(pane)
    const last = Math.min(pace.lastOut(watermark), this.#grid.lastEnd(pane))
    let end = pace.isOver(first, watermark) ? this.#grid.endAfter(pace.lastOver(watermark)) : first
    for (; end <= last; end += this.#grid.slide) {
      const panes = this.#panesOf(group, end)
      this.#send(group, end, panes, out, !isNewPane || panes.length > 1)
    }
  }

  /** Sends a window made of panes. */
  #send(
    group: string,
    end: number,
    panes: readonly SubRow[],
    out: Output,
    isUpdate = panes.some(({ row }) => ((row[FLAGS] as number) & EMITTED) !== 0),
  ): void {
    const [first, ...others] = panes
    if (first === undefined) return
    const { usesRow } = this.#context
    if (usesRow) for (const { subKey } of panes) usesRow(group, subKey, 'part')
    let { row } = first
    if (others.length > 0) {
      const merged = this.#plan.newRow()
      for (const pane of panes) this.#plan.aggregates.merge(merged, CELLS, pane.row, CELLS)
      row = merged
    }
    this.#results.send(this.#windowOf(group, end), row, isUpdate, out)
  }

  #windowOf(group: string, end: number): WindowOf {
    return { group, start: end - this.#grid.size, end }
  }

  #panesOf(group: string, end: number): readonly SubRow[] {
    return this.#context.state.range(group, {
      from: this.#names.of(end - this.#grid.size),
      to: this.#names.of(end),
    })
  }

  #paneOf({ subKey }: DueRow | SubRow): Pane {
    return this.#grid.paneOf(timeOfSubKey(subKey))
  }

  /** The panes that share a window with a time. */
  #around(time: number): SubKeyRange {
    const { size } = this.#grid
    return { from: this.#names.of(time - size), to: this.#names.of(time + size) }
  }

  #isWithin(time: number, end: number): boolean {
    return time < end && time >= end - this.#grid.size
  }

  /** Ends of the windows of some panes that have not been sent when they were to go out. */
  *#openEnds(group: string, panes: readonly SubRow[]): Iterable<number> {
    const last = panes.at(-1)
    if (last === undefined) return
    const lastEnd = this.#grid.lastEnd(this.#paneOf(last))
    let end = (this.#context.state.get(group, HEAD)?.[MARK] ?? NEVER) as number
    for (; end <= lastEnd; end += this.#grid.slide) yield end
  }
}
