import {
  type KeyedState,
  parseSequenceSubKey,
  type SubRow,
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

/** What is known of a stretch of the axis. */
export interface Stretch {
  /** The cells of the aggregates over its events. */
  readonly cells: Value[]
  /** Its last event; undefined where it has none. */
  readonly last: Place | undefined
  /** True where it has so few events that no pane lies within it. */
  readonly isShort: boolean
}

/**
 * The events of each group that still count, along an axis of whole numbers: times, or numbers of arrival. One state row
 * for each event. Stretches of the axis that have many and get no more are *panes*: one row more has what they amount to,
 * so that neither writing an event nor adding up all of them takes as long as there are events. There are panes of
 * several lengths, wide ones made of narrow ones. A pane's row always stands for exactly the events that are there: it
 * goes with the first of them.
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

  /** Names the rows that `read` and `add` ask for. */
  touch(key: string, from: number, to: number, touch: Touch): void {
    touch.range(key, { from: COUNTS + timeSubKey(from), to: END })
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

  /** Adds up a stretch of the axis, both ends included. */
  read(key: string, from: number, to: number): Stretch {
    const cells = this.#plan.newCells()
    if (from > to) return { cells, last: undefined, isShort: true }
    const span = spanOf(from, to)
    // Most groups have few events: then this is all there is to read.
    const events = this.#state.range(key, { ...span, limit: LEAST_EVENTS })
    const isShort = events.length < LEAST_EVENTS
    if (isShort) this.#addEvents(events, cells)
    else this.#addUp(key, 0, from, to, cells)
    const last = isShort ? events.at(-1) : this.#state.range(key, { ...span, reverse: true, limit: 1 })[0]
    return { cells, last: last && placeOf(last.subKey), isShort }
  }

  /**
   * Adds an event at the end of the stretch from `from` on that was read before, with a timer for its end. Others may
   * stand behind it.
   */
  add(key: string, { at, sequence }: Place, event: Row, timer: number, from: number, before: Stretch): void {
    this.#state.put(key, COUNTS + sequenceSubKey(at, sequence), event, timer)
    const behind = { from: COUNTS + timeSubKey(at + 1), to: END, limit: 1 }
    if (this.#widths.length > 0 && this.#state.range(key, behind).length > 0) this.#addToPanes(key, at, event)
    if (before.last !== undefined && !before.isShort) this.#closePanes(key, before.last.at, at, from)
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

  /** Adds up a stretch: panes from a level on, and what lies between them with those of the levels below. */
  #addUp(key: string, level: number, from: number, to: number, cells: Value[]): void {
    if (from > to || this.#addPanes(key, level, from, to, cells)) return
    this.#addEvents(this.#state.range(key, spanOf(from, to)), cells)
  }

  /** Adds up the widest panes that there are, and what lies between them; false where there are none. */
  #addPanes(key: string, level: number, from: number, to: number, cells: Value[]): boolean {
    const width = this.#widths[level]
    if (width === undefined) return false
    const panes = this.#panesWithin(key, level, from, to)
    if (panes.length === 0) return this.#addPanes(key, level + 1, from, to, cells)
    let at = from
    for (const { start, row } of panes) {
      this.#addUp(key, level + 1, at, start - 1, cells)
      this.#plan.merge(cells, 0, row[CELLS] as Row, 0)
      at = start + width
    }
    this.#addUp(key, level + 1, at, to, cells)
    return true
  }

  #addEvents(events: readonly SubRow[], cells: Value[]): void {
    for (const { row } of events) this.#plan.add(cells, 0, row[VALUES] as Row, row[TIME] as number)
  }

  /** The panes of a level that lie within a stretch. */
  #panesWithin(key: string, level: number, from: number, to: number): { start: number; row: Row }[] {
    const width = this.#widths[level] as number
    const [first, end] = [Math.ceil(from / width), Math.floor((to + 1) / width)]
    if (first >= end) return []
    return this.#state
      .range(key, { from: paneKey(level, first), to: paneKey(level, end) })
      .map(({ subKey, row }) => ({ start: timeOfSubKey(subKey.slice(1)) * width, row }))
  }

  /** An event that others are behind may be part of panes. */
  #addToPanes(key: string, at: number, event: Row): void {
    for (const pane of this.#panesOf(at)) {
      const row = this.#state.get(key, pane)
      if (row === undefined) continue
      this.#plan.add(row[CELLS] as Value[], 0, event[VALUES] as Row, event[TIME] as number)
      this.#state.put(key, pane, row)
    }
  }

  /** Makes rows of the panes that the last event but one was in, and the last one no longer is. */
  #closePanes(key: string, before: number, at: number, from: number): void {
    for (let level = this.#widths.length - 1; level >= 0; level--) {
      const width = this.#widths[level] as number
      const index = Math.floor(before / width)
      if (index === Math.floor(at / width)) return
      if (index * width >= from) this.#closePane(key, level, index)
    }
  }

  #closePane(key: string, level: number, index: number): void {
    const width = this.#widths[level] as number
    const [from, to] = [index * width, (index + 1) * width - 1]
    const events = { ...spanOf(from, to), limit: LEAST_EVENTS }
    if (this.#state.range(key, events).length < LEAST_EVENTS) return
    const pane = paneKey(level, index)
    if (this.#state.get(key, pane) !== undefined) return
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
