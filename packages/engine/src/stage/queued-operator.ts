import type { Touch } from '../operator.ts'
import { EARLIEST_WATERMARK, NO_WATERMARK, type StreamRecord } from '../record.ts'
import { recordFault } from '../record-fault.ts'
import type { NodeState } from '../state/node-state.ts'
import { splitRowName } from '../state/state-key.ts'
import { WantedRows } from '../state/wanted-rows.ts'
import { heldBack } from '../time/held-back.ts'
import { nextMultiple } from '../time/next-multiple.ts'
import { WatermarkTracker } from '../time/watermark-tracker.ts'
import type { OperatorSlot } from './operator-slot.ts'
import type { Receiver, StageOrder } from './receiver.ts'

/** Timers that fire between two chances to commit. */
export const TIMERS_PER_SLICE = 1000

/** Where so many rows wait for a tick it comes before its time: their names would take too much memory. */
export const MOST_WAITING = 100_000

interface Waiting {
  /** Null for a watermark. */
  readonly record: StreamRecord | null
  readonly edge: number
  readonly watermark: number
  readonly idle: boolean
  /** The record of the stage to which it belongs. */
  readonly place: number
}

/** What a queued operator is made with. */
export interface QueuedOperatorOptions {
  readonly slot: OperatorSlot
  /** Null where the node keeps none; it then has no timers either. */
  readonly state: NodeState | null
  readonly order: StageOrder
  /** How far what is told behind stays behind, ms. */
  readonly holdBack: number
  /** Time between ticks of processing time, ms; null: there are none. */
  readonly tickInterval: number | null
  /** The only input that must speak before there is a watermark, the earliest one if no other has; null: all must. */
  readonly awaited?: number | null
}

/**
 * An operator that works a batch at a time: what arrives waits until the rows it needs are in memory. Records and
 * watermarks are then handled one by one, those of several edges in the order of the stage's records, so that the
 * result does not depend on how the input was cut into batches.
 */
export class QueuedOperator implements Receiver {
  readonly slot: OperatorSlot
  readonly #state: NodeState | null
  readonly #order: StageOrder
  readonly #holdBack: number
  readonly #tickInterval: number | null
  readonly #awaited: number | null
  /** When the next tick is due; infinity until a clock is known. */
  #nextTick = Number.POSITIVE_INFINITY
  readonly #tracker = new WatermarkTracker<number>([])
  /** By edge: the input at which it ends. */
  readonly #inputs: number[] = []
  #waiting: Waiting[] = []
  #watermark = NO_WATERMARK
  /** What the operators behind were told last. It lags behind while timers fire: their rows come before it. */
  #told: { readonly watermark: number; readonly idle: boolean } | null = null

  constructor({ slot, state, order, holdBack, tickInterval, awaited = null }: QueuedOperatorOptions) {
    this.slot = slot
    this.#awaited = awaited
    this.#holdBack = holdBack
    this.#tickInterval = tickInterval
    this.#state = state
    this.#order = order
  }

  /** The operator's watermark: every timer up to it has fired or is about to. */
  get watermark(): number {
    return this.#watermark
  }

  /** Goes on from a committed watermark; never back. */
  restoreWatermark(watermark: number): void {
    this.#watermark = Math.max(this.#watermark, watermark)
  }

  addEdge(input: number): number {
    this.#tracker.add(this.#inputs.length)
    return this.#inputs.push(input) - 1
  }

  receive(record: StreamRecord, edge: number): void {
    const parts = this.slot.split(record, this.#inputs[edge] as number)
    if (parts === null) this.#wait(record, edge)
    else for (const part of parts) this.#wait(part, edge)
  }

  forward(told: number, idle: boolean, edge: number): void {
    const mayBeSilent = this.#awaited !== null && this.#inputs[edge] !== this.#awaited
    const watermark = mayBeSilent ? Math.max(told, EARLIEST_WATERMARK) : told
    this.#waiting.push({ record: null, edge, watermark, idle, place: this.#order.current })
  }

  /** Handles all that waits, in order. Afterwards a large number of timers may still be due: `fireSlice`. */
  async drain(): Promise<void> {
    const waiting = this.#waiting
    if (waiting.length === 0) return
    this.#waiting = []
    if (this.#inputs.length > 1) waiting.sort((a, b) => a.place - b.place)
    await this.#fetchRows(waiting)
    const last = waiting.findLastIndex(({ record }) => record !== null)
    for (let i = 0; i < waiting.length; i++) {
      const { record, edge, watermark, idle, place } = waiting[i] as Waiting
      this.#order.current = place
      // What the last owner left over, and what was set to a time that has passed, comes before the next record.
      if (this.#mayFire(i > last)) await this.#fireAll()
      if (record !== null) this.slot.handle(record, this.#inputs[edge] as number)
      else {
        this.#tracker.update(edge, watermark, idle)
        this.#watermark = Math.max(this.#watermark, this.#tracker.watermark)
        if (this.#mayFire(i > last)) await this.#fireAll()
        if (!this.#hasDue()) this.forwardOn()
      }
    }
    this.#state?.settle()
  }

  /** Fires up to one slice of due timers, in (time, key) order; true while more are due. */
  async fireSlice(): Promise<boolean> {
    if (!this.#hasDue()) return false
    this.#order.current = this.#order.taken
    await this.#fireSome()
    this.#state?.settle()
    return this.#hasDue()
  }

  /** When the next tick is due; infinity where there is none, or no clock was ever told. */
  get nextTick(): number {
    return this.#nextTick
  }

  /**
   * Takes the time of the clock: where a tick is due, the names of the rows that wait for it, in slices. Ticks come at
   * multiples of their interval, and before their time where too many rows wait.
   */
  takeTick(now: number): string[][] {
    if (this.#tickInterval === null) return []
    const state = this.#state as NodeState
    const isDue = now >= this.#nextTick || state.woken >= MOST_WAITING
    if (isDue || this.#nextTick === Number.POSITIVE_INFINITY)
      this.#nextTick = nextMultiple(now, this.#tickInterval)
    if (!isDue) return []
    const names = state.takeWoken()
    const slices = Math.ceil(names.length / TIMERS_PER_SLICE)
    return Array.from({ length: slices }, (_, i) =>
      names.slice(i * TIMERS_PER_SLICE, (i + 1) * TIMERS_PER_SLICE),
    )
  }

  /** Handles a tick for the named rows, as far as they are still there. */
  async tick(now: number, names: readonly string[]): Promise<void> {
    const state = this.#state as NodeState
    this.#order.current = this.#order.taken
    await this.#fetchDue(state, names)
    for (const name of names) {
      const { key, subKey } = splitRowName(name)
      const row = state.get(key, subKey)
      if (row !== undefined) this.slot.tick({ now, key, subKey, row })
    }
    state.settle()
  }

  /** The earliest watermark at which timers should fire in slices, between batches. */
  sliceTime(): number {
    return this.#state?.timeOfTimer(TIMERS_PER_SLICE) ?? Number.POSITIVE_INFINITY
  }

  /** Tells everyone behind how far this operator is, where they do not know. */
  forwardOn(): void {
    const { idle } = this.#tracker
    if (this.#told?.watermark === this.#watermark && this.#told.idle === idle) return
    this.#told = { watermark: this.#watermark, idle }
    this.slot.forwardOn(heldBack(this.#watermark, this.#holdBack), idle)
  }

  #wait(record: StreamRecord, edge: number): void {
    this.#waiting.push({ record, edge, watermark: 0, idle: false, place: this.#order.current })
  }

  #hasDue(): boolean {
    return this.#state !== null && this.#state.nextTimer <= this.#watermark
  }

  /** True where timers are due; a large number is left to `fireSlice`, unless records wait behind. */
  #mayFire(isLast: boolean): boolean {
    return this.#hasDue() && !(isLast && this.#state?.mayHaveDue(this.#watermark, TIMERS_PER_SLICE))
  }

  async #fireAll(): Promise<void> {
    while (this.#hasDue()) await this.#fireSome()
  }

  async #fireSome(): Promise<void> {
    const state = this.#state as NodeState
    await state.fetchTimers(this.#watermark, TIMERS_PER_SLICE)
    if (!state.complete) await this.#fetchDue(state, state.dueNames(this.#watermark, TIMERS_PER_SLICE))
    for (let fired = 0; fired < TIMERS_PER_SLICE; fired++) if (!this.#fireNext(state)) return
  }

  /** Timers that are no longer set count as well: of no more are the rows in memory. */
  #fireNext(state: NodeState): boolean {
    const due = state.takeDue(this.#watermark)
    if (due === undefined) return false
    if (due === null) return true
    const { time, name, key, subKey } = due
    if (!this.slot.fire(due)) state.delete(key, subKey)
    const again = state.timerOf(name)
    if (again !== undefined && again <= time)
      throw new Error(`node ${this.slot.nodeId} left a row with a timer that has fired`)
    return true
  }

  /** Brings into memory what the records ask for, and the rows of timers that will fire among them. */
  async #fetchRows(waiting: readonly Waiting[]): Promise<void> {
    const state = this.#state
    if (state === null || state.complete) return
    const wanted = new WantedRows()
    let watermark = this.#watermark
    for (const { record, edge, watermark: next } of waiting) {
      if (record === null) watermark = Math.max(watermark, next)
      else this.#touch(record, this.#inputs[edge] as number, wanted.touch)
    }
    await state.fetchTimers(watermark, 2 * TIMERS_PER_SLICE)
    this.#touchDue(state.dueNames(watermark, 2 * TIMERS_PER_SLICE), wanted)
    await wanted.bringInto(state)
  }

  /** Brings into memory what rows with these names need when they are due. */
  async #fetchDue(state: NodeState, names: readonly string[]): Promise<void> {
    if (state.complete) return
    const wanted = new WantedRows()
    this.#touchDue(names, wanted)
    await wanted.bringInto(state)
  }

  #touchDue(names: readonly string[], wanted: WantedRows): void {
    const { operator } = this.slot
    for (const name of names) {
      wanted.add(name)
      operator.touchesDue?.(splitRowName(name), wanted.touch)
    }
  }

  /** A record that cannot even name its rows fails when it is handled. */
  #touch(record: StreamRecord, input: number, touch: Touch): void {
    try {
      this.slot.operator.touches?.(record, input, touch)
    } catch (error) {
      recordFault(error)
    }
  }
}
