import type { DueTimer, KeyedState, OperatorContext, Output, Touch } from '@millrace/engine'
import { decodeKey, type Value } from '@millrace/expr'
import type { ResultFault } from '../../aggregates/aggregator.ts'
import type { WindowPlan } from './window-plan.ts'

/** The windows of one task that are not final yet: one state row per group and window, with a timer that closes it. */
export class OpenWindows {
  readonly #plan: WindowPlan
  readonly #state: KeyedState
  readonly #watermark: () => number

  constructor(plan: WindowPlan, context: OperatorContext) {
    this.#plan = plan
    this.#state = context.state
    this.#watermark = () => context.watermark()
  }

  /** Names the row that `update` will ask for. */
  touch(group: string, start: number, touch: Touch): void {
    touch(group, String(start))
  }

  /** True where nothing can be added to the window any more (semantics rule 6). */
  isFinal(start: number): boolean {
    return this.#plan.finalAt(start) <= this.#watermark()
  }

  /** Changes the cells of a window. */
  update(group: string, start: number, change: (cells: Value[]) => void): void {
    const subKey = String(start)
    const cells = (this.#state.get(group, subKey) as Value[] | undefined) ?? this.#plan.aggregates.newCells()
    change(cells)
    this.#state.put(group, subKey, cells, this.#plan.finalAt(start))
  }

  /** Sends the result of a window that is final. The lateness may have grown since the timer was set. */
  close({ key, subKey, row }: DueTimer, out: Output): void {
    const start = Number(subKey)
    if (!this.isFinal(start)) {
      this.#state.put(key, subKey, row, this.#plan.finalAt(start))
      return
    }
    this.#state.delete(key, subKey)
    const time = start + this.#plan.config.size - 1
    const faults: ResultFault[] = []
    const group = decodeKey(key, this.#plan.group.types)
    const result = this.#plan.resultOf(group, start, row, (fault) => faults.push(fault))
    for (const fault of faults) out.fault(result, fault)
    out.emit({ row: result, time, sourceTime: time, origin: null })
  }
}
