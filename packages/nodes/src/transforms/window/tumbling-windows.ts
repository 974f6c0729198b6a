import {
  type DueRow,
  type DueTimer,
  type OperatorContext,
  type Output,
  type Tick,
  type Touch,
  timeOfSubKey,
} from '@millrace/engine'
import type { Value } from '@millrace/expr'
import type { GapFiller } from './gap-filler.ts'
import type { Addition, OpenWindows } from './open-windows.ts'
import { Results } from './results.ts'
import type { Spans } from './spans.ts'
import { TimeNames } from './time-names.ts'
import { CHANGED, EMITTED, FLAGS, type WindowPlan } from './window-plan.ts'

/** Tumbling windows: one state row for each group and window, with a timer for when to look at it. */
export class TumblingWindows implements OpenWindows {
  readonly #plan: WindowPlan
  readonly #spans: Spans
  readonly #context: OperatorContext
  readonly #results: Results
  readonly #names = new TimeNames()
  readonly #gaps: GapFiller | null

  constructor(plan: WindowPlan, spans: Spans, context: OperatorContext, gaps: GapFiller | null) {
    this.#plan = plan
    this.#spans = spans
    this.#context = context
    this.#results = new Results(plan)
    this.#gaps = gaps
  }

  touch(group: string, time: number, touch: Touch): void {
    touch(group, this.#names.of(this.#spans.startOf(time)))
  }

  touchDue({ key }: DueRow, touch: Touch): void {
    this.#gaps?.touch(key, touch)
  }

  add(group: string, time: number, addition: Addition, out: Output): boolean {
    const { pace } = this.#plan
    const { state } = this.#context
    const start = this.#spans.startOf(time)
    const end = this.#spans.endOf(start)
    const watermark = this.#context.watermark()
    if (pace.isOver(end, watermark)) return false
    const subKey = this.#names.of(start)
    const row = (state.get(group, subKey) as Value[] | undefined) ?? this.#plan.newRow()
    addition.addTo(row)
    row[FLAGS] = (row[FLAGS] as number) | CHANGED
    if (pace.isOut(end, watermark)) this.#send(group, start, row, out)
    else if (pace.earlyByClock !== null) state.wake(group, subKey)
    state.put(group, subKey, row, pace.nextLook(start, end, watermark, true))
    return true
  }

  /** The lateness may have grown since the timer was set: then final results wait on. */
  onTimer(timer: DueTimer, out: Output): void {
    if (this.#gaps?.forget(timer)) return
    const { key, subKey, row } = timer
    const { pace } = this.#plan
    const { state } = this.#context
    const start = timeOfSubKey(subKey)
    const end = this.#spans.endOf(start)
    const watermark = this.#context.watermark()
    const isOver = pace.isOver(end, watermark)
    const isChanged = ((row[FLAGS] as number) & CHANGED) !== 0
    if (isChanged && pace.isDue(end, watermark)) {
      this.#gaps?.fillBefore({ group: key, start, end }, out)
      this.#send(key, start, row as Value[], out)
    }
    if (isOver) state.delete(key, subKey)
    else state.put(key, subKey, row, pace.nextLook(start, end, watermark, false))
  }

  onTick({ key, subKey, row }: Tick, out: Output): void {
    if (((row[FLAGS] as number) & CHANGED) === 0) return
    const start = timeOfSubKey(subKey)
    const look = this.#plan.pace.nextLook(start, this.#spans.endOf(start), this.#context.watermark(), false)
    this.#send(key, start, row as Value[], out)
    this.#context.state.put(key, subKey, row, look)
  }

  #send(group: string, start: number, row: Value[], out: Output): void {
    this.#results.sendOwn({ group, start, end: this.#spans.endOf(start) }, row, out)
    row[FLAGS] = EMITTED
  }
}
