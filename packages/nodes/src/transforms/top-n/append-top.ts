import type { DueTimer, OperatorContext, Output, StreamRecord, SubRow } from '@millrace/engine'
import type { Row } from '@millrace/expr'
import { fieldIndex } from '@millrace/graph'
import { onlyInput } from '../../config/only-input.ts'
import { WINDOW_END } from './definition.ts'
import {
  causedAt,
  EVENT,
  HEAD,
  lastOf,
  NUMBER,
  orderOf,
  placeFor,
  rowsOf,
  sendChanges,
  TIME,
} from './list.ts'
import type { TopNConfig } from './settings.ts'
import { TopOperator } from './top-operator.ts'

/** A row that has come into a list, and the one that had to go for it. */
interface Entry {
  readonly key: string
  readonly record: StreamRecord
  readonly gone: SubRow | undefined
  /** Number of rows before. */
  readonly count: number
  /** The slot that it takes. */
  readonly slot: number
  /** Of its order. */
  readonly order: string
}

/** Lists of rows that are final: what is once out of the first N never comes back, so that no more are kept. */
abstract class AppendTop extends TopOperator {
  process(record: StreamRecord, _input: number, out: Output): void {
    if (this.isLate(record)) {
      out.late(record)
      return
    }
    const key = this.key.text(record.row)
    const order = this.orderOfRow(record.row)
    const count = (this.state.get(key, HEAD)?.[NUMBER] ?? 0) as number
    const last = count < this.n ? undefined : lastOf(this.state, key)
    // Of equal rows the one that came first stays.
    if (last !== undefined && order >= orderOf(last.subKey)) this.leaveOut(record, out)
    else {
      const slot = last === undefined ? count + 1 : (last.row[NUMBER] as number)
      this.enter({ key, record, gone: last, count, slot, order }, out)
    }
  }

  /** Puts a row into its list, in place of another one where that is full. */
  protected put({ key, record, gone, slot, order }: Entry, time: number): void {
    if (gone !== undefined) this.state.delete(key, gone.subKey)
    this.state.put(key, placeFor(this.state, key, order), [slot, time, record.row, null])
  }

  protected leaveOut(record: StreamRecord, out: Output): void {
    out.drop(record, `not among the first ${this.n}`)
  }

  protected abstract isLate(record: StreamRecord): boolean
  protected abstract enter(entry: Entry, out: Output): void
}

/** The first rows of each window, sent when the watermark has reached its last millisecond. */
export class WindowTop extends AppendTop {
  readonly #end: number

  constructor(config: TopNConfig, context: OperatorContext) {
    super(config, context)
    this.#end = fieldIndex(onlyInput(context), WINDOW_END)
  }

  protected isLate({ row }: StreamRecord): boolean {
    return this.#overAt(row) <= this.watermark()
  }

  protected enter(entry: Entry, out: Output): void {
    const { key, record, gone, count } = entry
    const over = this.#overAt(record.row)
    this.put(entry, over)
    if (gone === undefined) this.state.put(key, HEAD, [count + 1, over, null, null], over)
    else this.leaveOut({ ...causedAt(over), row: gone.row[EVENT] as Row }, out)
  }

  onTimer({ key, time }: DueTimer, out: Output): void {
    rowsOf(this.state, key).forEach(({ subKey, row }, i) => {
      const first = row[EVENT] as Row
      out.emit({ ...causedAt(time), row: this.hasRanks ? [...first, i + 1] : first })
      this.state.delete(key, subKey)
    })
    this.state.delete(key, HEAD)
  }

  #overAt(row: Row): number {
    return (row[this.#end] as number) - 1
  }
}

/**
 * The first rows of the stream so far, with updates. A list is taken back when its newest row is older than the time to
 * live: its head has a timer for that, which is set anew when it fires too early.
 */
export class StreamTop extends AppendTop {
  readonly #ttl: number

  constructor(config: TopNConfig, context: OperatorContext) {
    super(config, context)
    this.#ttl = config.ttl
  }

  protected isLate(): boolean {
    return false
  }

  protected enter(entry: Entry, out: Output): void {
    const { key, record, gone, count } = entry
    const before = rowsOf(this.state, key)
    this.put(entry, Math.max(record.time, this.watermark()))
    const after = rowsOf(this.state, key)
    const end = this.#endOf(after)
    const isGrown = gone === undefined
    // An end that has moved on is found when the timer fires.
    if (isGrown || end < (this.state.get(key, HEAD)?.[TIME] as number))
      this.state.put(key, HEAD, [isGrown ? count + 1 : count, end, null, null], end)
    sendChanges(before, after, this.hasRanks, record, out)
  }

  onTimer({ key, time, row }: DueTimer, out: Output): void {
    const rows = rowsOf(this.state, key)
    const end = this.#endOf(rows)
    if (end > time) {
      this.state.put(key, HEAD, [row[NUMBER] as number, end, null, null], end)
      return
    }
    for (const { subKey } of rows) this.state.delete(key, subKey)
    this.state.delete(key, HEAD)
    sendChanges(rows, [], this.hasRanks, causedAt(time), out)
  }

  /** When the newest of the rows is too old. */
  #endOf(rows: readonly SubRow[]): number {
    let newest = Number.NEGATIVE_INFINITY
    for (const { row } of rows) newest = Math.max(newest, row[TIME] as number)
    return newest + this.#ttl
  }
}
