import type { Field } from '@millrace/expr'
import type { PlannedCut } from '../plan/stage-plan.ts'
import type { StreamRecord } from '../record.ts'
import { WatermarkTracker } from '../time/watermark-tracker.ts'
import { type KeyOf, keyReader, splitMove } from './key-of.ts'
import type { Receiver } from './receiver.ts'
import type { StageOutput } from './stage-output.ts'

/** Where rows leave a stage for another one: finds their key, and keeps the watermark to announce there. */
export class CutPort implements Receiver {
  readonly cut: PlannedCut
  readonly #output: StageOutput
  /** Null: rows keep their partition. */
  readonly #keyOf: KeyOf | null
  readonly #tracker = new WatermarkTracker<number>([])

  /** `fields` are those of the rows that cross. */
  constructor(cut: PlannedCut, fields: readonly Field[], output: StageOutput) {
    this.cut = cut
    this.#output = output
    this.#keyOf = cut.key === null ? null : keyReader(fields, cut.key)
  }

  /** What the reading stage may be told, once all rows before it are written. */
  get progress(): { readonly watermark: number; readonly idle: boolean } {
    return { watermark: this.#tracker.watermark, idle: this.#tracker.idle }
  }

  addEdge(): number {
    const edge = this.#tracker.entries.size
    this.#tracker.add(edge)
    return edge
  }

  receive(record: StreamRecord): void {
    const parts = this.#keyOf && splitMove(record, this.#keyOf)
    if (parts === null) this.#send(record)
    else for (const part of parts) this.#send(part)
  }

  forward(watermark: number, idle: boolean, edge: number): void {
    this.#tracker.update(edge, watermark, idle)
  }

  #send(record: StreamRecord): void {
    this.#output.repartition(this.cut, this.#keyOf?.(record.row) ?? null, record)
  }
}
