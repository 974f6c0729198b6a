import { EvaluationError } from './expression.ts'
import { LIMITS } from './limits.ts'
import type { Value } from './value.ts'

/** Bounds the work of all lambdas of one expression in one evaluation. */
export class StepBudget {
  #steps = 0
  #size = 0

  /** To be called before each evaluation. */
  reset(): void {
    this.#steps = 0
    this.#size = 0
  }

  /** Counts one call of a lambda. Throws `step_limit`. */
  step(): void {
    if (++this.#steps <= LIMITS.steps) return
    throw new EvaluationError(
      'step_limit',
      `The arrays have more than ${LIMITS.steps} elements to go through`,
    )
  }

  /** Counts a value that is kept in a new array. Throws `result_too_long`. */
  keep(value: Value): Value {
    if (typeof value === 'string' || Array.isArray(value)) this.#size += value.length
    if (this.#size <= LIMITS.keptSize) return value
    throw new EvaluationError('result_too_long', `The array holds more than ${LIMITS.keptSize} characters`)
  }
}
