import { type Evaluate, EvaluationError } from './expression.ts'
import type { StrictFunction } from './functions/function.ts'
import type { Plan } from './plan.ts'
import { limitText } from './text.ts'
import type { Typed, TypedCall, TypedLazy } from './typed.ts'
import type { Value } from './value.ts'

type Call = (...args: readonly Value[]) => Value

/** Plans a strict function. With constant arguments it is computed now, unless that fails. */
export function planCall(typed: TypedCall, plan: Plan): Evaluate {
  const call = limited(typed)
  const constant = constantResult(call, typed.arguments)
  if (constant !== undefined) return () => constant
  const args = typed.arguments.map(plan)
  const [first, second] = args
  if (first !== undefined && args.length === 1) return unary(call, first)
  if (first !== undefined && second !== undefined && args.length === 2) return binary(call, first, second)
  return variadic(call, args)
}

/** Strings that a function makes are limited in length; those that it only hands on are not. */
function limited({ call, type }: TypedCall): Call {
  const convert = call as StrictFunction as Call
  if (type.kind !== 'string') return convert
  return (...args) => {
    const text = convert(...args)
    return text === null ? null : limitText(text as string)
  }
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
