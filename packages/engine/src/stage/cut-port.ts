import { type DataType, encodeKey, type Field, type Value } from '@millrace/expr'
import type { PlannedCut } from '../plan/stage-plan.ts'
import type { StreamRecord } from '../record.ts'
import { WatermarkTracker } from '../time/watermark-tracker.ts'
import type { Receiver } from './receiver.ts'
import type { StageOutput } from './stage-output.ts'

/** Where rows leave a stage for another one: finds their key, and keeps the watermark to announce there. */
export class CutPort implements Receiver {
  readonly cut: PlannedCut
  readonly #output: StageOutput
  readonly #keyOf: (record: StreamRecord) => string | null
  #tracker = new WatermarkTracker([])

  /** `fields` are those of the rows that cross. */
  constructor(cut: PlannedCut, fields: readonly Field[], output: StageOutput) {
    this.cut = cut
    this.#output = output
    this.#keyOf = cut.key === null ? () => null : keyReader(fields, cut.key)
  }

  /** Counts one more edge that ends here; returns its input index. */
  addInput(): number {
    const names = [...this.#tracker.entries.keys()]
    this.#tracker = new WatermarkTracker([...names, String(names.length)])
    return names.length
  }

  /** What the reading stage may be told, once all rows before it are written. */
  get progress(): { readonly watermark: number; readonly idle: boolean } {
    return { watermark: this.#tracker.watermark, idle: this.#tracker.idle }
  }

  receive(record: StreamRecord): void {
    this.#output.repartition(this.cut, this.#keyOf(record), record)
  }

  forward(watermark: number, idle: boolean, input: number): void {
    this.#tracker.update(String(input), watermark, idle)
  }
}

/** Reads the canonical key text of the named fields. */
export function keyReader(
  fields: readonly Field[],
  names: readonly string[],
): (record: StreamRecord) => string {
  const positions = names.map((name) => fields.findIndex((field) => field.name === name))
  const types = positions.map((position) => (fields[position] as Field).type) as readonly DataType[]
  return ({ row }) =>
    encodeKey(
      positions.map((position) => row[position] as Value),
      types,
    )
}
