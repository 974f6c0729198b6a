import {
  type DueRow,
  type DueTimer,
  type OperatorContext,
  type Output,
  type SubKeyRange,
  type Touch,
  timeOfSubKey,
  timeSubKey,
} from '@millrace/engine'
import type { Row, Value } from '@millrace/expr'
import type { GapFiller } from './gap-filler.ts'
import type { Addition, OpenWindows } from './open-windows.ts'
import { Results } from './results.ts'
import type { Steps } from './steps.ts'
import { CELLS, FLAGS, MARK, NEVER, type WindowPlan } from './window-plan.ts'

/** Flag of the row of a period: it holds events. */
const FILLED = 1

/** A period of a group as it stands in the state. */
interface Period {
  readonly group: string
  readonly start: number
  readonly end: number
  /** Name of its row; the names of its panes begin with it. */
  readonly name: string
}

interface PaneRow {
  readonly name: string
  readonly start: number
  readonly row: Row
}

/**
 * Cumulative windows: one state row for each group and period, marked with the end of the window that goes out next, when
 * its timer fires; and one for each step of which windows are not over. What is over is kept in the row of the period, so
 * that a window costs one merge, however many steps it is made of.
 */
export class CumulativeWindows implements OpenWindows {
  readonly #plan: WindowPlan
  readonly #steps: Steps
  readonly #context: OperatorContext
  readonly #results: Results
  readonly #gaps: GapFiller | null

  constructor(plan: WindowPlan, steps: Steps, context: OperatorContext, gaps: GapFiller | null) {
    this.#plan = plan
    this.#steps = steps
    this.#context = context
    this.#results = new Results(plan)
    this.#gaps = gaps
  }

  touch(group: string, time: number, touch: Touch): void {
    const { name, start } = this.#periodOf(group, time)
    touch(group, name)
    if (this.#plan.pace.isUpdating) touch.range(group, panesOf(name, NEVER))
    else touch(group, paneName(name, this.#steps.stepOf(start, time).start))
  }

  touchDue({ key, subKey }: DueRow, touch: Touch): void {
    this.#gaps?.touch(key, touch)
    touch.range(key, panesOf(subKey, NEVER))
  }

  add(group: string, time: number, addition: Addition, out: Output): boolean {
    const { pace } = this.#plan
    const period = this.#periodOf(group, time)
    const watermark = this.#context.watermark()
    if (pace.isOver(period.end, watermark)) return false
    const step = this.#steps.stepOf(period.start, time)
    const isOver = pace.isOver(step.end, watermark)
    const isNew = isOver ? this.#addToPeriod(period, addition) : this.#addToPane(period, step.start, addition)
    this.#arm(period, this.#endBehind(period, step.end, pace.lastOut(watermark)))
    if (pace.isUpdating) this.#correct(period, step, isNew, out)
    return true
  }

  /** A window of a period goes out, or all are over. */
  onTimer(timer: DueTimer, out: Output): void {
    if (this.#gaps?.forget(timer)) return
    const { key, subKey, row } = timer
    const { pace } = this.#plan
    const watermark = this.#context.watermark()
    const period = this.#periodOf(key, timeOfSubKey(subKey))
    const end = row[MARK] as number
    if (!pace.isOut(end, watermark)) {
      if (pace.isOver(period.end, watermark)) this.#remove(period)
      else this.#put(period, row as Value[], end)
      return
    }
    this.#absorb(period, row as Value[], end)
    this.#gaps?.fillBefore({ group: key, start: period.start, end }, out)
    this.#send(period, this.#added(period, row, end), end, false, out)
    const next = this.#endBehind(period, end, end)
    if (next === NEVER && pace.isOver(period.end, watermark)) this.#remove(period)
    else this.#put(period, row as Value[], next)
  }

  /** Steps are early results in themselves. */
  onTick(): void {}

  /** Adds to what is over of a period; true where that was nothing before. */
  #addToPeriod(period: Period, addition: Addition): boolean {
    const row = this.#rowOf(period) ?? this.#plan.newRow(NEVER)
    const wasEmpty = row[FLAGS] === 0
    addition.addTo(row)
    row[FLAGS] = FILLED
    this.#put(period, row, row[MARK] as number)
    return wasEmpty
  }

  /** Adds to a pane; true where it was not there before. */
  #addToPane({ group, name }: Period, start: number, addition: Addition): boolean {
    const { state } = this.#context
    const before = state.get(group, paneName(name, start)) as Value[] | undefined
    const row = before ?? this.#plan.newRow()
    addition.addTo(row)
    state.put(group, paneName(name, start), row)
    return before === undefined
  }

  /** The end of the first window that holds the step with this end and does not end by `time`. */
  #endBehind(period: Period, stepEnd: number, time: number): number {
    if (stepEnd > time) return stepEnd
    return time < period.end ? this.#steps.stepOf(period.start, time).end : NEVER
  }

  /** Sees to it that the window with this end goes out. */
  #arm(period: Period, mark: number): void {
    const row = this.#rowOf(period)
    if (row === undefined) this.#put(period, this.#plan.newRow(), mark)
    else if (mark < (row[MARK] as number)) this.#put(period, row, mark)
  }

  #put({ group, name, end }: Period, row: Value[], mark: number): void {
    const { pace } = this.#plan
    row[MARK] = mark
    this.#context.state.put(group, name, row, mark === NEVER ? pace.overAt(end) : pace.outAt(mark))
  }

  /** Takes the panes before `end` that are over into the row of the period. */
  #absorb(period: Period, row: Value[], end: number): void {
    const watermark = this.#context.watermark()
    for (const pane of this.#panes(period, end)) {
      if (!this.#plan.pace.isOver(this.#steps.stepOf(period.start, pane.start).end, watermark)) return
      this.#plan.aggregates.merge(row, CELLS, pane.row, CELLS)
      row[FLAGS] = FILLED
      this.#context.state.delete(period.group, pane.name)
    }
  }

  /** Sends the windows again that hold a step, are out already and not over. */
  #correct(period: Period, step: { start: number; end: number }, isNew: boolean, out: Output): void {
    const { pace } = this.#plan
    const watermark = this.#context.watermark()
    const lastOut = Math.min(pace.lastOut(watermark), period.end)
    let end = this.#endBehind(period, step.end, pace.lastOver(watermark))
    for (; end <= lastOut; end = this.#endBehind(period, end, end)) {
      const row = this.#rowOf(period) ?? this.#plan.newRow()
      // Where the event came to what is over, that was empty before; else it made the pane.
      const others = this.#panes(period, end).filter(({ start }) => start !== step.start)
      const wasEmpty = isNew && others.length === 0 && (row[FLAGS] === 0 || pace.isOver(step.end, watermark))
      this.#send(period, this.#added(period, row, end), end, !wasEmpty, out)
    }
  }

  /** What the period holds before `end`. */
  #added(period: Period, row: Row, end: number): Row {
    const panes = this.#panes(period, end)
    if (panes.length === 0) return row
    const sum = this.#plan.newRow()
    for (const part of [row, ...panes.map((pane) => pane.row)])
      this.#plan.aggregates.merge(sum, CELLS, part, CELLS)
    return sum
  }

  #send({ group, start }: Period, row: Row, end: number, isUpdate: boolean, out: Output): void {
    this.#results.send({ group, start, end }, row, isUpdate, out)
  }

  #remove(period: Period): void {
    for (const { name } of this.#panes(period, NEVER)) this.#context.state.delete(period.group, name)
    this.#context.state.delete(period.group, period.name)
  }

  #rowOf({ group, name }: Period): Value[] | undefined {
    return this.#context.state.get(group, name) as Value[] | undefined
  }

  #periodOf(group: string, time: number): Period {
    const start = this.#steps.periods.startOf(time)
    return { group, start, end: this.#steps.periods.endOf(start), name: timeSubKey(start) }
  }

  /** The panes of a period that begin before `end`. */
  #panes({ group, name }: Period, end: number): readonly PaneRow[] {
    return this.#context.state.range(group, panesOf(name, end)).map(({ subKey, row }) => ({
      ...{ name: subKey, row },
      start: timeOfSubKey(subKey.slice(name.length)),
    }))
  }
}

function paneName(period: string, start: number): string {
  return period + timeSubKey(start)
}

/** The names of the panes of a period that begin before `end`. */
function panesOf(period: string, end: number): SubKeyRange {
  return { from: `${period}0`, to: paneName(period, end) }
}
