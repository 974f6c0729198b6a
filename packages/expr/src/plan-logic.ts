import { equalScalars } from './compare.ts'
import type { Evaluate } from './expression.ts'
import type { Plan } from './plan.ts'
import type { TypedCase, TypedLogic, TypedNot, TypedNullTest } from './typed.ts'
import type { Value } from './value.ts'

/**
 * Plans `and` and `or`, from left to right. The deciding value (false for and, true for or) ends the evaluation;
 * without it null makes the result null.
 */
export function planLogic({ operator, operands }: TypedLogic, plan: Plan): Evaluate {
  const terms = operands.map(plan)
  const deciding = operator === 'or'
  const [first, second, third] = terms
  if (first === undefined || second === undefined)
    throw new Error('A chain of conditions has at least two terms')
  if (terms.length === 2) return both(first, second, deciding)
  if (third !== undefined && terms.length === 3) return allThree(first, second, third, deciding)
  return chain(terms, deciding)
}

function both(first: Evaluate, second: Evaluate, deciding: boolean): Evaluate {
  return (row, context) => {
    const a = first(row, context)
    if (a === deciding) return deciding
    const b = second(row, context)
    return a === null && b !== deciding ? null : b
  }
}

function allThree(first: Evaluate, second: Evaluate, third: Evaluate, deciding: boolean): Evaluate {
  return (row, context) => {
    const a = first(row, context)
    if (a === deciding) return deciding
    const b = second(row, context)
    if (b === deciding) return deciding
    const c = third(row, context)
    return (a === null || b === null) && c !== deciding ? null : c
  }
}

function chain(terms: readonly Evaluate[], deciding: boolean): Evaluate {
  return (row, context) => {
    let result: boolean | null = !deciding
    for (const term of terms) {
      const value = term(row, context)
      if (value === deciding) return deciding
      if (value === null) result = null
    }
    return result
  }
}

/** Plans `not`. */
export function planNot({ operand }: TypedNot, plan: Plan): Evaluate {
  const evaluate = plan(operand)
  return (row, context) => {
    const value = evaluate(row, context)
    return value === null ? null : !value
  }
}

/** Plans `is null`. */
export function planNullTest({ operand }: TypedNullTest, plan: Plan): Evaluate {
  const evaluate = plan(operand)
  return (row, context) => evaluate(row, context) === null
}

/** Plans `case`: the first branch whose condition is true, or whose value equals the operand. */
export function planCase({ operand, branches, otherwise }: TypedCase, plan: Plan): Evaluate {
  const conditions = branches.map((branch) => plan(branch.when))
  const results = branches.map((branch) => plan(branch.result))
  const last = plan(otherwise)
  const choose = operand === null ? firstTrue(conditions) : firstEqual(plan(operand), conditions)
  return (row, context) => (results[choose(row, context)] ?? last)(row, context)
}

type Choose = (...args: Parameters<Evaluate>) => number

function firstTrue(conditions: readonly Evaluate[]): Choose {
  return (row, context) => conditions.findIndex((condition) => condition(row, context) === true)
}

function firstEqual(operand: Evaluate, values: readonly Evaluate[]): Choose {
  return (row, context) => {
    const wanted: Value = operand(row, context)
    if (wanted === null) return -1
    return values.findIndex((evaluate) => {
      const value = evaluate(row, context)
      return value !== null && equalScalars(wanted, value)
    })
  }
}
