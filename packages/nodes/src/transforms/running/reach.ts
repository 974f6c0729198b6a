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
    this.history = new History(plan, state, paneWidths(span))
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
    const before = history.read(key, from, time)
    const { cells, last } = before
    if (this.#current) this.#plan.add(cells, 0, values, time)
    // What has expired already is not stored, nor what no aggregate takes.
    if (from > time || values.every((value) => value === null)) return cells
    const sequence = last?.at === time ? last.sequence + 1 : 0
    const row = [time, values, null, null, null]
    history.add(key, { at: time, sequence }, row, time + this.#span, from, before)
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
    this.history = new History(plan, state, paneWidths(events))
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
    const from = at - this.#before
    const before = history.read(key, from, at - 1)
    const { cells } = before
    if (this.#current) this.#plan.add(cells, 0, values, time)
    // No event is forgotten before those that came before it: what is left has no gaps.
    const until = Math.max(time + this.#ttl, (last?.row[UNTIL] ?? time) as number)
    if (until <= now || this.#before === 0) return cells
    // The first of them counts no more for the next event.
    history.add(key, { at, sequence: 0 }, [time, values, null, null, until], until, from + 1, before)
    history.forgetAt(key, from)
    return cells
  }
}

/** How many panes make a wider one. */
const FAN_OUT = 8

/** The lengths of panes, from the widest on: as long as several fit into the reach, and while they can hold events enough. */
function paneWidths(reach: number): readonly number[] {
  const widths: number[] = []
  for (let width = LEAST_EVENTS; 2 * width < reach; width *= FAN_OUT) widths.unshift(width)
  return widths
}
