import { NO_WATERMARK, type StreamRecord } from '../record.ts'
import { type WatermarkEntry, WatermarkTracker } from '../time/watermark-tracker.ts'
import type { PushContext, Target } from './receiver.ts'

/** Where records enter a stage: pushes them along its edges under the watermark that stands before them. */
export class InputPort {
  readonly #targets: Target[] = []
  readonly #context: PushContext
  #tracker: WatermarkTracker
  #watermark: number

  /** `contributors` are the names of all who vouch for this input's progress. */
  constructor(contributors: readonly string[], context: PushContext) {
    this.#context = context
    this.#tracker = new WatermarkTracker(contributors)
    this.#watermark = NO_WATERMARK
  }

  /** The watermark of the path: what was heard, and what was pushed since. */
  get watermark(): number {
    return this.#watermark
  }

  /** What each contributor said last. */
  get entries(): ReadonlyMap<string, WatermarkEntry> {
    return this.#tracker.entries
  }

  /** Adds an edge that begins at this input. */
  connect(target: Target): void {
    this.#targets.push(target)
  }

  /** Goes on from committed entries; those of others than the contributors are dropped. */
  restore(saved: ReadonlyMap<string, WatermarkEntry>): void {
    this.#tracker = new WatermarkTracker([...this.#tracker.entries.keys()], saved)
    this.#watermark = this.#tracker.watermark
  }

  /** Takes what a contributor says of its progress. */
  hear(name: string, watermark: number, idle: boolean): void {
    this.#tracker.update(name, watermark, idle)
    this.#watermark = this.#tracker.watermark
  }

  /** Pushes a record along every edge. */
  push(record: StreamRecord): void {
    this.#context.watermark = this.#watermark
    this.#context.sequence++
    for (let i = 0; i < this.#targets.length; i++) {
      const { receiver, input } = this.#targets[i] as Target
      receiver.receive(record, input)
    }
  }

  /** Tells everyone behind how far this input is. */
  forwardOn(): void {
    for (const { receiver, input } of this.#targets)
      receiver.forward(this.#watermark, this.#tracker.idle, input)
  }
}
