import { type Output, recordFault, softErrorFault } from '@millrace/engine'
import type { Evaluate, EvaluationContext, Row, SoftErrorCode } from '@millrace/expr'

/**
 * Tests pairs of rows by a condition. A pair for which it fails is none, and goes to dead letters as the result that it
 * would be; so does, as what it is, a pair of whose condition an error made a part null.
 */
export class PairFilter implements EvaluationContext {
  time = 0
  readonly #condition: Evaluate | null
  readonly #result: (first: Row, second: Row) => Row
  readonly #pair: [Row, Row] = [[], []]
  #codes: SoftErrorCode[] = []
  readonly onSoftError = (code: SoftErrorCode): void => void this.#codes.push(code)

  /** Without a condition every pair will do. */
  constructor(condition: Evaluate | null, result: (first: Row, second: Row) => Row) {
    this.#condition = condition
    this.#result = result
  }

  /** True where the condition is true for two rows; `time` is that of their result. */
  accepts(first: Row, second: Row, time: number, out: Output): boolean {
    if (this.#condition === null) return true
    this.time = time
    this.#pair[0] = first
    this.#pair[1] = second
    try {
      return this.#condition(this.#pair, this) === true
    } catch (error) {
      out.fault(this.#result(first, second), recordFault(error))
      return false
    } finally {
      if (this.#codes.length > 0) this.#report(first, second, out)
    }
  }

  #report(first: Row, second: Row, out: Output): void {
    for (const code of this.#codes) out.fault(this.#result(first, second), softErrorFault(code))
    this.#codes = []
  }
}
