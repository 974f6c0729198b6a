import type { KeyedState, Touch } from '@millrace/engine'
import type { Row, Value } from '@millrace/expr'
import type { AggregatePlan } from '../../aggregates/aggregate-plan.ts'
import { History, LEAST_EVENTS, lastEvent, UNTIL } from './history.ts'
import type { RunningConfig } from './settings.ts'

/** An event of a group that is handled, with what the aggregates take of it. */
export interface Handled {
  readonly key: string
  readonly time: number
  readonly values: Row
  /** The event time until which everything is over. */
  readonly now: number
}

/** Which events of a group count for another one. */
export interface Reach {
  readonly history: History
  /** Names the rows that `handle` will ask for; `now` may be earlier then. */
  touch(key: string, time: number, now: number, touch: Touch): void
  /** The cells of the aggregates for an event, which counts for others from now on. */
  handle(event: Handled): Value[]
}

/** The reach that is set. */
export function reachOf(config: RunningConfig, plan: AggregatePlan, state: KeyedState): Reach {
  return config.over === 'time' ? new TimeReach(config, plan, state) : new CountReach(config, plan, state)
}

/** Events of the span up to an event's time: (time − span, time] (semantics rule 13). */
class TimeReach implements Reach {
  readonly history: History
  readonly #span: number
  readonly #current: boolean
  readonly #plan: AggregatePlan

  constructor({ span, current }: RunningConfig, plan: AggregatePlan, state: KeyedState) {
    const narrow = Math.ceil(span / 1024)
    this.history = new History(plan, state, usable([32 * narrow, narrow], span))
    this.#span = span
    this.#current = current
    this.#plan = plan
  }

  touch(key: string, time: number, now: number, touch: Touch): void {
    const from = this.#from(time, now)
    if (from <= time) this.history.touch(key, from, time, touch)
  }

  handle({ key, time, values, now }: Handled): Value[] {
    const { history } = this
    const from = this.#from(time, now)
    const cells = history.cellsOf(key, from, time)
    if (this.#current) this.#plan.add(cells, 0, values, time)
    // What has expired already is not stored, nor what no aggregate takes.
    if (from > time || values.every((value) => value === null)) return cells
    const sequence = (history.lastOf(key, time, time)?.sequence ?? -1) + 1
    history.add(key, { at: time, sequence }, from, [time, values, null, null, null], time + this.#span)
    return cells
  }

  /** What an event that is not late can no longer count, a late one does not either. */
  #from(time: number, now: number): number {
    return Math.max(time, now) - this.#span + 1
  }
}

/**
 * The last so many events, in the order in which they are handled. Each is forgotten when its time to live has passed
 * since the newest event of the group that had come by then.
 */
class CountReach implements Reach {
  readonly history: History
  readonly #state: KeyedState
  readonly #ttl: number
  readonly #current: boolean
  readonly #plan: AggregatePlan
  /** How many events before count. */
  readonly #before: number

  constructor({ events, ttl, current }: RunningConfig, plan: AggregatePlan, state: KeyedState) {
    this.history = new History(plan, state, usable([512, 32], events))
    this.#state = state
    this.#ttl = ttl
    this.#current = current
    this.#plan = plan
    this.#before = current ? events - 1 : events
  }

  /** The number of the next event is not known before. */
  touch(key: string, _time: number, _now: number, touch: Touch): void {
    touch.range(key)
  }

  handle({ key, time, values, now }: Handled): Value[] {
    const { history } = this
    const last = lastEvent(this.#state, key)
    const at = (last?.at ?? -1) + 1
    const cells = history.cellsOf(key, at - this.#before, at - 1)
    if (this.#current) this.#plan.add(cells, 0, values, time)
    // No event is forgotten before those that came before it: what is left has no gaps.
    const until = Math.max(time + this.#ttl, (last?.row[UNTIL] ?? time) as number)
    if (until <= now || this.#before === 0) return cells
    history.add(key, { at, sequence: 0 }, at - this.#before + 1, [time, values, null, null, until], until)
    history.forgetAt(key, at - this.#before)
    return cells
  }
}

/** The lengths of panes that can hold events enough, and of which several fit into the reach. */
function usable(widths: readonly number[], reach: number): readonly number[] {
  return widths.filter((width) => width >= LEAST_EVENTS && 2 * width < reach)
}
