import { asDeletion, asUpdate, type Output, type StreamRecord } from '@millrace/engine'
import type { Row } from '@millrace/expr'
import type { ResultFault } from '../../aggregates/aggregator.ts'
import { EMITTED, FLAGS, type WindowPlan } from './window-plan.ts'

/** One window of a group. */
export interface WindowOf {
  readonly group: string
  readonly start: number
  readonly end: number
}

/** Sends the results of windows. Their event time is the last millisecond of the window. */
export class Results {
  readonly #plan: WindowPlan
  readonly #faults: ResultFault[] = []
  readonly #report = (fault: ResultFault): void => {
    this.#faults.push(fault)
  }

  constructor(plan: WindowPlan) {
    this.#plan = plan
  }

  /** Sends what a window's row amounts to; an update where something of the window is out already. */
  send(window: WindowOf, row: Row, isUpdate: boolean, out: Output): void {
    const record = this.#recordOf(window, row)
    for (const fault of this.#faults) out.fault(record.row, fault)
    this.#faults.length = 0
    out.emit(isUpdate && this.#plan.pace.isUpdating ? asUpdate(record) : record)
  }

  /** Sends the result of a window's row, or its update. */
  sendOwn(window: WindowOf, row: Row, out: Output): void {
    this.send(window, row, ((row[FLAGS] as number) & EMITTED) !== 0, out)
  }

  /** Sends the result of a window without events. */
  sendEmpty({ group, start, end }: WindowOf, out: Output): void {
    const time = end - 1
    out.emit({ row: this.#plan.emptyResult(group, start, end), time, sourceTime: time, origin: null })
  }

  /** Takes back what is out of a window. */
  retract(window: WindowOf, row: Row, out: Output): void {
    if (!this.#plan.pace.isUpdating) return
    const record = this.#recordOf(window, row)
    this.#faults.length = 0
    out.emit(asDeletion(record, record.row))
  }

  #recordOf({ group, start, end }: WindowOf, row: Row): StreamRecord {
    const time = end - 1
    const result = this.#plan.resultOf(group, start, end, row, this.#report)
    return { row: result, time, sourceTime: time, origin: null }
  }
}
