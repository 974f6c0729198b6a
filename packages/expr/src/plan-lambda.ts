import type { Evaluate } from './expression.ts'
import type { PlannedLambda } from './functions/function.ts'
import type { Plan } from './plan.ts'
import type { StepBudget } from './step-budget.ts'
import type { Cell, TypedLambda, TypedLambdaCall, TypedVariable } from './typed.ts'

/** Plans the value of a lambda's parameter: what its cell holds while the lambda runs. */
export function planVariable({ variable }: TypedVariable): Evaluate {
  const { cell } = variable
  return () => cell.value
}

/** Plans a function that calls a lambda. */
export function planLambdaCall(typed: TypedLambdaCall, plan: Plan): Evaluate {
  return typed.plan(typed.arguments.map(plan), planLambda(typed.lambda, typed.budget, plan))
}

/**
 * A lambda never calls itself, so one cell for each parameter will do: it is written before each call, and nothing
 * reads it afterwards.
 */
function planLambda({ variables, body }: TypedLambda, budget: StepBudget, plan: Plan): PlannedLambda {
  const evaluate = plan(body)
  const [first, second] = variables.map((variable) => variable.cell) as [Cell, Cell?]
  const keep: PlannedLambda['keep'] = (value) => budget.keep(value)
  if (second === undefined) {
    return {
      keep,
      call(row, context, value) {
        budget.step()
        first.value = value
        return evaluate(row, context)
      },
    }
  }
  return {
    keep,
    call(row, context, value, other = null) {
      budget.step()
      first.value = value
      second.value = other
      return evaluate(row, context)
    },
  }
}
