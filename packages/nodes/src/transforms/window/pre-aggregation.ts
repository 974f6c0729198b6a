import type { DueTimer, Operator, OperatorContext, Output, StreamRecord, Touch } from '@millrace/engine'
import { type Field, type Row, scalar, type Value } from '@millrace/expr'
import { type KeyReader, keyReader } from '../../config/key-reader.ts'
import { OpenWindows } from './open-windows.ts'
import type { WindowPlan } from './window-plan.ts'

/**
 * A partial row: the group, the start of the window, how many events it stands for, and the cells. The group comes
 * first, so that the other names hide none of its fields.
 */
export function partialFields({ groupFields, aggregates }: WindowPlan): readonly Field[] {
  return [
    ...groupFields,
    { name: '#start', type: scalar('timestamp', false) },
    { name: '#events', type: scalar('int64', false) },
    ...aggregates.cellFields,
  ]
}

/** Where the parts of a partial row stand. */
class PartialLayout {
  readonly start: number
  readonly events: number
  readonly cells: number

  constructor({ groupFields }: WindowPlan) {
    this.start = groupFields.length
    this.events = this.start + 1
    this.cells = this.start + 2
  }
}

interface Partial {
  readonly row: Value[]
  sourceTime: number
}

/**
 * Before the cut: adds up events of one group and window until the next commit. What it holds is bounded by the number
 * of records between two commits.
 */
export class PartialWindow implements Operator {
  readonly #plan: WindowPlan
  readonly #layout: PartialLayout
  /** By window start, then by group. */
  readonly #partials = new Map<number, Map<string, Partial>>()

  constructor(plan: WindowPlan) {
    this.#plan = plan
    this.#layout = new PartialLayout(plan)
  }

  process(record: StreamRecord): void {
    const { aggregates } = this.#plan
    const values = aggregates.evaluate(record.row, record)
    const start = this.#plan.checkedStartOf(record.time)
    const groups = this.#groupsOf(start)
    const group = this.#plan.group.text(record.row)
    let partial = groups.get(group)
    if (partial === undefined) {
      partial = { row: this.#newRow(record, start), sourceTime: record.sourceTime }
      groups.set(group, partial)
    }
    const { row } = partial
    aggregates.add(row, this.#layout.cells, values, record.time)
    row[this.#layout.events] = (row[this.#layout.events] as number) + 1
    partial.sourceTime = Math.max(record.sourceTime, partial.sourceTime)
  }

  flush(out: Output): void {
    for (const [start, groups] of this.#partials) {
      const time = start + this.#plan.config.size - 1
      for (const { row, sourceTime } of groups.values()) out.emit({ row, time, sourceTime, origin: null })
    }
    this.#partials.clear()
  }

  #groupsOf(start: number): Map<string, Partial> {
    let groups = this.#partials.get(start)
    if (groups === undefined) {
      groups = new Map()
      this.#partials.set(start, groups)
    }
    return groups
  }

  #newRow({ row }: StreamRecord, start: number): Value[] {
    return [...this.#plan.group.values(row), start, 0, ...this.#plan.aggregates.newCells()]
  }
}

/** Behind the cut: merges partial rows. */
export class MergeWindow implements Operator {
  readonly #plan: WindowPlan
  readonly #layout: PartialLayout
  readonly #group: KeyReader
  readonly #open: OpenWindows

  constructor(plan: WindowPlan, context: OperatorContext) {
    this.#plan = plan
    this.#layout = new PartialLayout(plan)
    this.#group = keyReader(
      partialFields(plan),
      plan.groupFields.map(({ name }) => name),
    )
    this.#open = new OpenWindows(plan, context)
  }

  touches({ row }: StreamRecord, _input: number, touch: Touch): void {
    this.#open.touch(this.#group.text(row), this.#startOf(row), touch)
  }

  process(record: StreamRecord, _input: number, out: Output): void {
    const { row } = record
    const start = this.#startOf(row)
    if (this.#open.isFinal(start)) {
      out.late(record, row[this.#layout.events] as number)
      return
    }
    this.#open.update(this.#group.text(row), start, (cells) =>
      this.#plan.aggregates.merge(cells, 0, row, this.#layout.cells),
    )
  }

  onTimer(timer: DueTimer, out: Output): void {
    this.#open.close(timer, out)
  }

  #startOf(row: Row): number {
    return row[this.#layout.start] as number
  }
}
