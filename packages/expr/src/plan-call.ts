import { type Evaluate, type EvaluationContext, EvaluationError } from './expression.ts'
import type { StrictFunction } from './functions/function.ts'
import { limitArray, limitMap } from './limit-result.ts'
import type { Plan } from './plan.ts'
import { limitText } from './text.ts'
import type { DataType } from './type.ts'
import type { Typed, TypedCall, TypedCast, TypedLazy } from './typed.ts'
import type { Value } from './value.ts'

type Call = (...args: readonly Value[]) => Value

/** Plans a strict function. With constant arguments it is computed now, unless that fails. */
export function planCall(
  { call, type, arguments: args }: Omit<TypedCall, 'kind' | 'sql'>,
  plan: Plan,
): Evaluate {
  if (type.kind === 'decimal') return planCounting(call, args.map(plan))
  const made = limited(call as StrictFunction as Call, type.kind)
  const constant = constantResult(made, args)
  if (constant !== undefined) return () => constant
  const evaluated = args.map(plan)
  const [first, second] = evaluated
  if (first !== undefined && args.length === 1) return unary(made, first)
  if (first !== undefined && second !== undefined && args.length === 2) return binary(made, first, second)
  return variadic(made, evaluated)
}

/** Plans a conversion. */
export function planCast({ type, operand, convert }: TypedCast, plan: Plan): Evaluate {
  return planCall({ type, call: convert, arguments: [operand] }, plan)
}

const LIMIT_OF = new Map([
  ['array', limitArray],
  ['map', limitMap],
])

/** Strings, arrays and maps that a function makes are limited in size; those that are only handed on are not. */
function limited(call: Call, kind: DataType['kind']): Call {
  if (kind === 'string') return (...args) => limitedText(call(...args))
  const limit = LIMIT_OF.get(kind)
  if (limit === undefined) return call
  return (...args) => {
    const result = call(...args)
    return result === null ? null : limit(result as readonly Value[])
  }
}

function limitedText(text: Value): Value {
  return text === null ? null : limitText(text as string)
}

/** Plans a function that may give undefined: a decimal with too many digits is null, and counted. */
function planCounting(call: StrictFunction, args: readonly Evaluate[]): Evaluate {
  const compute = call as (...values: readonly Value[]) => Value | undefined
  const [first, second] = args
  if (first !== undefined && args.length === 1) {
    return (row, context) => {
      const value = first(row, context)
      return value === null ? null : counted(compute(value), context)
    }
  }
  if (first !== undefined && second !== undefined && args.length === 2) {
    return (row, context) => {
      const a = first(row, context)
      if (a === null) return null
      const b = second(row, context)
      return b === null ? null : counted(compute(a, b), context)
    }
  }
  const all = variadic(compute as Call, args)
  return (row, context) => counted(all(row, context), context)
}

function counted(result: Value | undefined, context: EvaluationContext): Value {
  if (result !== undefined) return result
  context.onSoftError?.('decimal_overflow')
  return null
}

function constantResult(call: Call, args: readonly Typed[]): Value | undefined {
  if (!args.every((argument) => argument.kind === 'literal')) return undefined
  const values = args.map((argument) => argument.value)
  if (values.includes(null)) return null
  try {
    return call(...values)
  } catch (error) {
    if (error instanceof EvaluationError) return undefined
    throw error
  }
}

function unary(call: Call, argument: Evaluate): Evaluate {
  return (row, context) => {
    const value = argument(row, context)
    return value === null ? null : call(value)
  }
}

function binary(call: Call, left: Evaluate, right: Evaluate): Evaluate {
  return (row, context) => {
    const a = left(row, context)
    if (a === null) return null
    const b = right(row, context)
    return b === null ? null : call(a, b)
  }
}

function variadic(call: Call, args: readonly Evaluate[]): Evaluate {
  return (row, context) => {
    const values: Value[] = []
    for (const argument of args) {
      const value = argument(row, context)
      if (value === null) return null
      values.push(value)
    }
    return call(...values)
  }
}

/** Plans a function that plans itself. */
export function planLazy(typed: TypedLazy, plan: Plan): Evaluate {
  return typed.plan(typed.arguments.map(plan))
}
