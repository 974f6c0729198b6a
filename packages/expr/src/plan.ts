import type { Evaluate } from './expression.ts'
import { planCall, planCast, planLazy } from './plan-call.ts'
import { planBetween, planComparison, planDistinct, planIn } from './plan-comparison.ts'
import { planLambdaCall, planVariable } from './plan-lambda.ts'
import { planCase, planLogic, planNot, planNullTest } from './plan-logic.ts'
import { planShift } from './plan-shift.ts'
import { planSubscript } from './plan-subscript.ts'
import type { Typed, TypedField, TypedMember } from './typed.ts'
import type { Row, Value } from './value.ts'

/** Makes the evaluation of a part; the planners of all kinds get it for their own parts. */
export type Plan = (typed: Typed) => Evaluate

type Planners = {
  readonly [K in Typed['kind']]: (typed: Extract<Typed, { kind: K }>, plan: Plan) => Evaluate
}

const PLANNERS: Planners = {
  literal:
    ({ value }) =>
    () =>
      value,
  field: planField,
  member: planMember,
  subscript: planSubscript,
  shift: planShift,
  variable: planVariable,
  lambdaCall: planLambdaCall,
  call: planCall,
  cast: planCast,
  lazy: planLazy,
  logic: planLogic,
  not: planNot,
  comparison: planComparison,
  distinct: planDistinct,
  nullTest: planNullTest,
  in: planIn,
  between: planBetween,
  case: planCase,
}

/**
 * Third stage: a checked expression to a closure that evaluates it. Nothing is generated as text. What is known now,
 * such as positions and literals, is bound now; frequent shapes have closures of their own.
 */
export function plan(typed: Typed): Evaluate {
  return (PLANNERS[typed.kind] as (typed: Typed, plan: Plan) => Evaluate)(typed, plan)
}

function planField({ positions }: TypedField): Evaluate {
  const [first = 0, second = 0] = positions
  if (positions.length === 1) return (row) => row[first] as Value
  if (positions.length === 2) return (row) => structField(row[first] as Value, second)
  return (row) => positions.reduce<Value>(structField, row)
}

function planMember({ object, position }: TypedMember, plan: Plan): Evaluate {
  const evaluate = plan(object)
  return (row, context) => structField(evaluate(row, context), position)
}

function structField(struct: Value, position: number): Value {
  return struct === null ? null : ((struct as Row)[position] as Value)
}
