import { NO_WATERMARK, type StreamRecord } from '../record.ts'
import { type WatermarkEntry, WatermarkTracker } from '../time/watermark-tracker.ts'
import type { StageOrder, Target } from './receiver.ts'

/** Where records enter a stage: pushes them along its edges, and between them the watermarks that they cause. */
export class InputPort {
  readonly #targets: Target[] = []
  readonly #order: StageOrder
  readonly #interleave: boolean
  #tracker: WatermarkTracker
  #watermark = NO_WATERMARK
  #idle = false
  /** The last record before the watermark rose. */
  #since = 0
  /** True while nobody behind knows of the watermark. */
  #news = true

  /**
   * `contributors` are the names of all who vouch for this input's progress. With `interleave` a watermark goes out
   * before the next record, otherwise only when it is asked for.
   */
  constructor(contributors: readonly string[], order: StageOrder, interleave: boolean) {
    this.#order = order
    this.#interleave = interleave
    this.#tracker = new WatermarkTracker(contributors)
  }

  /** The watermark that stands before the next record. */
  get watermark(): number {
    return this.#watermark
  }

  /** True where the input as a whole holds nobody back. */
  get idle(): boolean {
    return this.#idle
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
    this.#news = true
    this.#adopt()
  }

  /** Takes what a contributor says with its last record: it holds from the next record on. */
  hear(name: string, watermark: number, idle: boolean): void {
    this.#tracker.update(name, watermark, idle)
    this.#adopt()
  }

  /** Takes what a contributor says apart from any record: it holds from the next `forwardOn` or `hear` on. */
  note(name: string, watermark: number, idle: boolean): void {
    this.#tracker.update(name, watermark, idle)
  }

  /** Pushes a record along every edge. */
  push(record: StreamRecord): void {
    if (this.#news && this.#interleave) this.#tell()
    this.#order.current = ++this.#order.taken
    for (let i = 0; i < this.#targets.length; i++) {
      const { receiver, edge } = this.#targets[i] as Target
      receiver.receive(record, edge)
    }
  }

  /** Tells everyone behind how far this input is, where they do not know. */
  forwardOn(): void {
    this.#adopt()
    if (this.#news) this.#tell()
  }

  #adopt(): void {
    const { watermark, idle } = this.#tracker
    if (watermark === this.#watermark && idle === this.#idle) return
    this.#watermark = watermark
    this.#idle = idle
    this.#since = this.#order.taken
    this.#news = true
  }

  #tell(): void {
    this.#news = false
    this.#order.current = this.#since
    for (const { receiver, edge } of this.#targets) receiver.forward(this.#watermark, this.#idle, edge)
  }
}
