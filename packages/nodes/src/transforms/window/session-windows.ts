import {
  type DueTimer,
  type OperatorContext,
  type Output,
  type Tick,
  type Touch,
  timeOfSubKey,
  timeSubKey,
} from '@millrace/engine'
import type { Value } from '@millrace/expr'
import type { Addition, OpenWindows } from './open-windows.ts'
import { Results } from './results.ts'
import { floorTo } from './spans.ts'
import { CELLS, CHANGED, EMITTED, FLAGS, MARK, type WindowPlan } from './window-plan.ts'

/** A session as it stands in the state: its row is named by the start, and marked with the time of the last event. */
interface Session {
  readonly subKey: string
  readonly start: number
  readonly row: Value[]
}

/**
 * Session windows: from the first event to the gap behind the last one. Sessions that touch are one; whether an event is
 * late is judged by what becomes of its session (semantics rule 7).
 */
export class SessionWindows implements OpenWindows {
  readonly #plan: WindowPlan
  readonly #gap: number
  readonly #context: OperatorContext
  readonly #results: Results

  constructor(plan: WindowPlan, context: OperatorContext) {
    this.#plan = plan
    this.#gap = plan.config.gap
    this.#context = context
    this.#results = new Results(plan)
  }

  touch(group: string, _time: number, touch: Touch): void {
    touch.range(group)
  }

  touchDue(): void {}

  add(group: string, time: number, addition: Addition, out: Output): boolean {
    const { pace } = this.#plan
    const touching = this.#touching(group, time)
    const last = Math.max(time, ...touching.map(({ row }) => row[MARK] as number))
    const watermark = this.#context.watermark()
    if (pace.isOver(last + this.#gap, watermark)) return false
    const isOut = pace.isOut(last + this.#gap, watermark)
    const [first, ...others] = touching
    const start = Math.min(time, first?.start ?? time)
    const row = first?.row ?? this.#plan.newRow(time)
    if (first !== undefined) {
      // A session that goes on has no result yet, unless early ones are wanted.
      if (first.start !== start || !(isOut || pace.isEarly)) this.#retract(group, first, out)
      if (first.start !== start) this.#context.state.delete(group, first.subKey)
    }
    for (const other of others) this.#absorb(group, other, row, out)
    addition.addTo(row)
    row[FLAGS] = (row[FLAGS] as number) | CHANGED
    row[MARK] = last
    const subKey = timeSubKey(start)
    if (isOut) this.#send(group, start, row, out)
    else if (pace.earlyByClock !== null) this.#context.state.wake(group, subKey)
    this.#context.state.put(group, subKey, row, this.#nextLook(start, last, watermark))
    return true
  }

  onTimer({ key, subKey, row }: DueTimer, out: Output): void {
    const { pace } = this.#plan
    const start = timeOfSubKey(subKey)
    const last = row[MARK] as number
    const end = last + this.#gap
    const watermark = this.#context.watermark()
    const isOver = pace.isOver(end, watermark)
    const isChanged = ((row[FLAGS] as number) & CHANGED) !== 0
    if (isChanged && pace.isDue(end, watermark)) this.#send(key, start, row as Value[], out)
    if (isOver) this.#context.state.delete(key, subKey)
    else this.#context.state.put(key, subKey, row, pace.nextLook(start, end, watermark, false))
  }

  onTick({ key, subKey, row }: Tick, out: Output): void {
    if (((row[FLAGS] as number) & CHANGED) === 0) return
    const start = timeOfSubKey(subKey)
    const end = (row[MARK] as number) + this.#gap
    const look = this.#plan.pace.nextLook(start, end, this.#context.watermark(), false)
    this.#send(key, start, row as Value[], out)
    this.#context.state.put(key, subKey, row, look)
  }

  /** The sessions that an event of this time belongs to, earliest first. */
  #touching(group: string, time: number): Session[] {
    const found: Session[] = []
    for (const { subKey, row } of this.#context.state.range(group, {
      to: timeSubKey(time + this.#gap + 1),
    })) {
      const start = timeOfSubKey(subKey)
      if ((row[MARK] as number) + this.#gap >= time) found.push({ subKey, start, row: row as Value[] })
    }
    return found
  }

  /** Takes a session into another one. */
  #absorb(group: string, session: Session, into: Value[], out: Output): void {
    this.#retract(group, session, out)
    this.#context.state.delete(group, session.subKey)
    this.#plan.aggregates.merge(into, CELLS, session.row, CELLS)
  }

  /** Takes back what is out of a session. */
  #retract(group: string, { start, row }: Session, out: Output): void {
    if (((row[FLAGS] as number) & EMITTED) === 0) return
    this.#results.retract({ group, start, end: (row[MARK] as number) + this.#gap }, row, out)
    row[FLAGS] = (row[FLAGS] as number) & ~EMITTED
  }

  #send(group: string, start: number, row: Value[], out: Output): void {
    this.#results.sendOwn({ group, start, end: (row[MARK] as number) + this.#gap }, row, out)
    row[FLAGS] = EMITTED
  }

  /**
   * The timer of a session that grows with every event is set down to a multiple of the gap, so that it moves once in a
   * gap: when it fires too early, it is set to the time itself.
   */
  #nextLook(start: number, last: number, watermark: number): number {
    const { pace } = this.#plan
    const exact = pace.nextLook(start, last + this.#gap, watermark, true)
    if (pace.earlyByEvent !== null) return exact
    const rough = floorTo(exact, this.#gap)
    return rough > watermark ? rough : exact
  }
}
