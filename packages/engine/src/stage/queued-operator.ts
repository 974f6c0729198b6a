import { NO_WATERMARK, type StreamRecord } from '../record.ts'
import type { NodeState } from '../state/node-state.ts'
import { rowName, splitRowName } from '../state/state-key.ts'
import { WatermarkTracker } from '../time/watermark-tracker.ts'
import type { OperatorSlot } from './operator-slot.ts'
import type { PushContext, Receiver } from './receiver.ts'

/** Timers that fire between two chances to commit. */
export const TIMERS_PER_SLICE = 1000

interface Waiting {
  /** Null for a mark: only the watermark counts. */
  readonly record: StreamRecord | null
  readonly input: number
  readonly watermark: number
  readonly idle: boolean
  readonly sequence: number
}

/** What a queued operator is made with. */
export interface QueuedOperatorOptions {
  readonly slot: OperatorSlot
  readonly inputs: number
  /** Null where the node keeps none; it then has no timers either. */
  readonly state: NodeState | null
  readonly context: PushContext
}

/**
 * An operator that works a batch at a time: what arrives waits until the rows it needs are in memory. Each record is
 * handled under the watermark that stood before it, inputs in the order of the stage's own records, so that the
 * result does not depend on how the input was cut into batches.
 */
export class QueuedOperator implements Receiver {
  readonly slot: OperatorSlot
  readonly #state: NodeState | null
  readonly #context: PushContext
  readonly #tracker: WatermarkTracker
  readonly #merges: boolean
  #waiting: Waiting[] = []
  #watermark = NO_WATERMARK
  /** What the operators behind know. It lags behind while timers fire: their rows come before the new watermark. */
  #forwarded = NO_WATERMARK

  constructor(options: QueuedOperatorOptions) {
    this.slot = options.slot
    this.#state = options.state
    this.#context = options.context
    this.#merges = options.inputs > 1
    this.#tracker = new WatermarkTracker(Array.from({ length: options.inputs }, (_, input) => String(input)))
  }

  /** The operator's watermark: every timer up to it has fired or is about to. */
  get watermark(): number {
    return this.#watermark
  }

  /** Goes on from a committed watermark; never back. */
  restoreWatermark(watermark: number): void {
    this.#watermark = Math.max(this.#watermark, watermark)
  }

  receive(record: StreamRecord, input: number): void {
    const { watermark, sequence } = this.#context
    this.#waiting.push({ record, input, watermark, idle: false, sequence })
  }

  forward(watermark: number, idle: boolean, input: number): void {
    this.#waiting.push({ record: null, input, watermark, idle, sequence: Number.POSITIVE_INFINITY })
  }

  /** Handles all that waits. Afterwards timers may be due: `fireSlice`. */
  async drain(): Promise<void> {
    if (this.#waiting.length === 0) return
    if (this.#state?.complete === false) await this.#state.fetch(this.#neededRows(this.#state))
    const waiting = this.#waiting
    this.#waiting = []
    if (this.#merges) waiting.sort((a, b) => a.sequence - b.sequence)
    for (const item of waiting) this.#handle(item)
  }

  /** Fires up to one slice of due timers, in (time, key) order; true while more are due. */
  async fireSlice(): Promise<boolean> {
    const state = this.#state
    if (state === null || state.nextTimer > this.#watermark) return false
    if (!state.complete) await state.fetch(state.dueNames(this.#watermark, TIMERS_PER_SLICE))
    this.#context.watermark = this.#forwarded
    for (let fired = 0; fired < TIMERS_PER_SLICE; fired++) if (!this.#fireNext()) return false
    return state.nextTimer <= this.#watermark
  }

  /** True where so many timers are due at this watermark that they should fire in slices, between batches. */
  firesInSlices(watermark: number): boolean {
    if (this.#state === null || this.#state.nextTimer > watermark) return false
    return this.#state.dueNames(watermark, TIMERS_PER_SLICE).length === TIMERS_PER_SLICE
  }

  /** Tells everyone behind how far this operator is. */
  forwardOn(): void {
    this.#forwarded = this.#watermark
    this.slot.forward(this.#watermark, this.#tracker.idle)
  }

  #handle({ record, input, watermark, idle }: Waiting): void {
    this.#tracker.update(String(input), watermark, idle)
    if (record === null) {
      this.#watermark = Math.max(this.#watermark, this.#tracker.watermark)
      return
    }
    if (this.#tracker.watermark > this.#watermark) this.#advance()
    this.#context.watermark = this.#forwarded
    this.slot.receive(record, input)
  }

  /** Within a batch only few timers can be due (the stage cuts batches before many are), so they fire in one go. */
  #advance(): void {
    this.#watermark = this.#tracker.watermark
    this.#context.watermark = this.#forwarded
    while (this.#fireNext()) {}
    this.#forwarded = this.#watermark
  }

  #fireNext(): boolean {
    const due = this.#state?.takeDue(this.#watermark)
    if (due === undefined) return false
    const { key, subKey } = splitRowName(due.name)
    this.slot.operator.onTimer?.({ time: due.time, key, subKey, row: due.row }, this.slot)
    return true
  }

  #neededRows(state: NodeState): Set<string> {
    const names = new Set<string>()
    const { operator } = this.slot
    let watermark = this.#watermark
    for (const item of this.#waiting) {
      watermark = Math.max(watermark, item.watermark)
      if (item.record !== null)
        operator.touches?.(item.record, item.input, (key, subKey) => names.add(rowName(key, subKey)))
    }
    for (const name of state.dueNames(watermark, 2 * TIMERS_PER_SLICE)) names.add(name)
    return names
  }
}
