import type {
  DueRow,
  DueTimer,
  Operator,
  OperatorContext,
  Output,
  StreamRecord,
  Tick,
  Touch,
} from '@millrace/engine'
import { type Field, type Row, scalar, type Value } from '@millrace/expr'
import { type KeyReader, keyReader } from '../../config/key-reader.ts'
import type { Addition, OpenWindows } from './open-windows.ts'
import { BETWEEN, type WindowKind, windowKind } from './window-kinds.ts'
import { CELLS, type WindowPlan } from './window-plan.ts'

/**
 * A partial row: the group, the start of the pane, how many events it stands for, and the cells. The group comes first,
 * so that the other names hide none of its fields.
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
 * Before the cut: adds up events of one group and pane until the next commit. What it holds is bounded by the number
 * of records between two commits.
 */
export class PartialWindow implements Operator {
  readonly #plan: WindowPlan
  readonly #kind: WindowKind
  readonly #layout: PartialLayout
  /** By pane, then by group. */
  readonly #partials = new Map<number, Map<string, Partial>>()

  constructor(plan: WindowPlan) {
    this.#plan = plan
    this.#kind = windowKind(plan.config)
    this.#layout = new PartialLayout(plan)
  }

  process(record: StreamRecord, _input: number, out: Output): void {
    const { aggregates } = this.#plan
    const values = aggregates.evaluate(record.row, record)
    const pane = this.#kind.paneOf(record.time)
    if (pane === null) {
      out.drop(record, BETWEEN)
      return
    }
    const partial = this.#partialOf(record, pane)
    const { row } = partial
    aggregates.add(row, this.#layout.cells, values, record.time)
    row[this.#layout.events] = (row[this.#layout.events] as number) + 1
    partial.sourceTime = Math.max(record.sourceTime, partial.sourceTime)
  }

  flush(out: Output): void {
    for (const [time, groups] of this.#partials) {
      for (const { row, sourceTime } of groups.values()) out.emit({ row, time, sourceTime, origin: null })
    }
    this.#partials.clear()
  }

  #partialOf({ row, sourceTime }: StreamRecord, pane: number): Partial {
    let groups = this.#partials.get(pane)
    if (groups === undefined) {
      groups = new Map()
      this.#partials.set(pane, groups)
    }
    const group = this.#plan.group.text(row)
    let partial = groups.get(group)
    if (partial === undefined) {
      const cells = this.#plan.aggregates.newCells()
      partial = { row: [...this.#plan.group.values(row), pane, 0, ...cells], sourceTime }
      groups.set(group, partial)
    }
    return partial
  }
}

/** Behind the cut: merges partial rows. */
export class MergeWindow implements Operator, Addition {
  readonly #plan: WindowPlan
  readonly #layout: PartialLayout
  readonly #group: KeyReader
  readonly #open: OpenWindows
  /** The partial row at hand. */
  #row: Row = []

  constructor(plan: WindowPlan, context: OperatorContext) {
    this.#plan = plan
    this.#layout = new PartialLayout(plan)
    this.#group = keyReader(
      partialFields(plan),
      plan.groupFields.map(({ name }) => name),
    )
    this.#open = windowKind(plan.config).open(plan, context)
  }

  touches({ row }: StreamRecord, _input: number, touch: Touch): void {
    this.#open.touch(this.#group.text(row), this.#paneOf(row), touch)
  }

  process(record: StreamRecord, _input: number, out: Output): void {
    const { row } = record
    this.#row = row
    if (!this.#open.add(this.#group.text(row), this.#paneOf(row), this, out))
      out.late(record, row[this.#layout.events] as number)
  }

  addTo(row: Value[]): void {
    this.#plan.aggregates.merge(row, CELLS, this.#row, this.#layout.cells)
  }

  touchesDue(due: DueRow, touch: Touch): void {
    this.#open.touchDue(due, touch)
  }

  onTimer(timer: DueTimer, out: Output): void {
    this.#open.onTimer(timer, out)
  }

  onTick(tick: Tick, out: Output): void {
    this.#open.onTick(tick, out)
  }

  #paneOf(row: Row): number {
    return row[this.#layout.start] as number
  }
}
