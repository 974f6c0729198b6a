import {
  type KeyedState,
  parseSequenceSubKey,
  sequenceSubKey,
  type Touch,
  timeOfSubKey,
  timeSubKey,
} from '@millrace/engine'
import type { Row, Value } from '@millrace/expr'
import type { AggregatePlan } from '../../aggregates/aggregate-plan.ts'

/** What begins the sub-key of an event that counts, and of one that waits. */
export const COUNTS = 'e'
export const WAITS = 'q'

/** What comes behind all sub-keys of events that count. */
const END = 'f'

/** So many events make it worth while to add a pane up. */
export const LEAST_EVENTS = 16

/**
 * Places in a state row: event time and values of an event; cells of a pane; the event itself while it waits; over a
 * number of events the time at which it is forgotten.
 */
export const TIME = 0
export const VALUES = 1
const CELLS = 2
export const EVENT = 3
export const UNTIL = 4

/** An event that counts: where it stands on the axis, and in the order of those that stand there too. */
export interface Place {
  readonly at: number
  readonly sequence: number
}

/**
 * The events of each group that still count, along an axis of whole numbers: times, or numbers of arrival. One state row
 * for each event. Spans of the axis that have many and get no more are *panes*: one row more has what they amount to, so
 * that neither writing an event nor adding up all of them takes as long as there are events. A pane's row always stands
 * for exactly the events that are there: it goes with the first of them.
 */
export class History {
  readonly #plan: AggregatePlan
  readonly #state: KeyedState
  /** Lengths of the panes, from the widest on; each divides the one before. */
  readonly #widths: readonly number[]

  constructor(plan: AggregatePlan, state: KeyedState, widths: readonly number[]) {
    this.#plan = plan
    this.#state = state
    this.#widths = widths
  }

  /** Names the rows that `cellsOf` and `add` ask for. */
  touch(key: string, from: number, to: number, touch: Touch): void {
    touch.range(key, spanOf(from, to))
    this.#widths.forEach((width, level) => {
      touch.range(key, {
        from: paneKey(level, Math.floor(from / width)),
        to: paneKey(level, Math.floor(to / width) + 1),
      })
    })
  }

  /** Names the rows that `forget` asks for. */
  touchPanes(key: string, subKey: string, touch: Touch): void {
    for (const pane of this.#panesOf(placeOf(subKey).at)) touch(key, pane)
  }

  /** The cells of the aggregates over the events of a stretch of the axis, both ends included. */
  cellsOf(key: string, from: number, to: number): Value[] {
    const cells = this.#plan.newCells()
    this.#addUp(key, 0, from, to, cells)
    return cells
  }

  /** The last event of a stretch of the axis, both ends included; undefined where there is none. */
  lastOf(key: string, from: number, to: number): Place | undefined {
    const [last] = this.#state.range(key, { ...spanOf(from, to), reverse: true, limit: 1 })
    return last && placeOf(last.subKey)
  }

  /**
   * Adds an event, in front of which no event from `from` on must be known to be looked at. Its timer is for its end.
   */
  add(key: string, { at, sequence }: Place, from: number, event: Row, timer: number): void {
    const before = this.#widths.length === 0 ? undefined : this.lastOf(key, from, at)
    this.#state.put(key, COUNTS + sequenceSubKey(at, sequence), event, timer)
    this.#widths.forEach((width, level) => {
      const pane = paneKey(level, Math.floor(at / width))
      const row = this.#state.get(key, pane)
      if (row !== undefined) {
        this.#plan.add(row[CELLS] as Value[], 0, event[VALUES] as Row, event[TIME] as number)
        this.#state.put(key, pane, row)
      }
    })
    if (before !== undefined) this.#closePanes(key, before.at, at, from)
  }

  /** Takes an event away, and the panes of which it is a part. */
  forget(key: string, subKey: string): void {
    this.#state.delete(key, subKey)
    for (const pane of this.#panesOf(placeOf(subKey).at))
      if (this.#state.get(key, pane) !== undefined) this.#state.delete(key, pane)
  }

  /** The same for an event by its place, where it is there. */
  forgetAt(key: string, at: number): void {
    const subKey = COUNTS + sequenceSubKey(at, 0)
    if (this.#state.get(key, subKey) !== undefined) this.forget(key, subKey)
  }

  #panesOf(at: number): string[] {
    return this.#widths.map((width, level) => paneKey(level, Math.floor(at / width)))
  }

  /** Adds up the panes of a level, and what lies between them level by level. */
  #addUp(key: string, level: number, from: number, to: number, cells: Value[]): void {
    if (from > to) return
    const width = this.#widths[level]
    if (width === undefined) {
      this.#addEvents(key, from, to, cells)
      return
    }
    let at = from
    const panes = {
      from: paneKey(level, Math.ceil(from / width)),
      to: paneKey(level, Math.floor((to + 1) / width)),
    }
    for (const { subKey, row } of panes.from < panes.to ? this.#state.range(key, panes) : []) {
      const start = timeOfSubKey(subKey.slice(1)) * width
      this.#addUp(key, level + 1, at, start - 1, cells)
      this.#plan.merge(cells, 0, row[CELLS] as Row, 0)
      at = start + width
    }
    this.#addUp(key, level + 1, at, to, cells)
  }

  #addEvents(key: string, from: number, to: number, cells: Value[]): void {
    for (const { row } of this.#state.range(key, spanOf(from, to)))
      this.#plan.add(cells, 0, row[VALUES] as Row, row[TIME] as number)
  }

  /** Makes rows of the panes that the last event but one was in, and the last one no longer is. */
  #closePanes(key: string, before: number, at: number, from: number): void {
    for (let level = this.#widths.length - 1; level >= 0; level--) {
      const width = this.#widths[level] as number
      const index = Math.floor(before / width)
      const start = index * width
      if (index === Math.floor(at / width)) return
      if (start >= from) this.#closePane(key, level, index)
    }
  }

  #closePane(key: string, level: number, index: number): void {
    const width = this.#widths[level] as number
    const [from, to] = [index * width, (index + 1) * width - 1]
    const pane = paneKey(level, index)
    if (this.#state.get(key, pane) !== undefined) return
    if (this.#state.range(key, { ...spanOf(from, to), limit: LEAST_EVENTS }).length < LEAST_EVENTS) return
    const cells = this.#plan.newCells()
    this.#addUp(key, level + 1, from, to, cells)
    this.#state.put(key, pane, [0, null, cells, null, null])
  }
}

function paneKey(level: number, index: number): string {
  return `${level}${timeSubKey(index)}`
}

function spanOf(from: number, to: number): { from: string; to: string } {
  return { from: COUNTS + timeSubKey(from), to: COUNTS + timeSubKey(to + 1) }
}

function placeOf(subKey: string): Place {
  const { time, sequence } = parseSequenceSubKey(subKey.slice(1))
  return { at: time, sequence }
}

/** The last event of a group, with its row; undefined where it has none. */
export function lastEvent(state: KeyedState, key: string): (Place & { readonly row: Row }) | undefined {
  const [last] = state.range(key, { from: COUNTS, to: END, reverse: true, limit: 1 })
  return last && { ...placeOf(last.subKey), row: last.row }
}
