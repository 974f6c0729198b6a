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
  readonly #tracker = new WatermarkTracker<number>([])

  /** `fields` are those of the rows that cross. */
  constructor(cut: PlannedCut, fields: readonly Field[], output: StageOutput) {
    this.cut = cut
    this.#output = output
    this.#keyOf = cut.key === null ? () => null : keyReader(fields, cut.key)
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
    this.#output.repartition(this.cut, this.#keyOf(record), record)
  }

  forward(watermark: number, idle: boolean, edge: number): void {
    this.#tracker.update(edge, watermark, idle)
  }
}

/** Reads the canonical key text of the named fields, which must exist. */
export function keyReader(
  fields: readonly Field[],
  names: readonly string[],
): (record: StreamRecord) => string {
  const positions = names.map((name) => fields.findIndex((field) => field.name === name))
  const types = positions.map((position, i): DataType => {
    const field = fields[position]
    if (field === undefined) throw new Error(`rows that cross have no key field ${names[i]}`)
    return field.type
  })
  // One list for all rows: it is read before the next row comes.
  const values: Value[] = new Array(positions.length).fill(null)
  return ({ row }) => {
    for (let i = 0; i < positions.length; i++) values[i] = row[positions[i] as number] as Value
    return encodeKey(values, types)
  }
}
