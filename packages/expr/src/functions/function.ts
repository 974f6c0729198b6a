import type { Evaluate, EvaluationContext } from '../expression.ts'
import type { PatternResult } from '../pattern.ts'
import type { DataType, ScalarKind } from '../type.ts'
import type { Row, Value } from '../value.ts'

/**
 * A type that a row leaves open: `T`, `U`, `V`, any type; `E`, one that can be compared for equality; `O`, one with an
 * order; `K`, one that the keys of a map may have. Within one row all that names it has one common type.
 */
export type TypeVariable = 'T' | 'U' | 'V' | 'E' | 'O' | 'K'

/**
 * What an argument may be: a kind; a type variable, or an array or a map of them. `decimal` takes decimals of any size
 * and, where another argument is one, int64 and numbers written with a point. `T…` and the like repeat for all further
 * arguments; `pattern` and `unit` take a text literal only, read when the expression is compiled.
 */
export type Parameter =
  | ScalarKind
  | 'decimal'
  | TypeVariable
  | `array<${TypeVariable}>`
  | 'map<K, V>'
  | 'T…'
  | 'O…'
  | 'string…'
  | 'pattern'
  | 'unit'
  | LambdaParameter

/** A lambda over elements of the array at `array<T>`; what it gives is a condition, or of type U. */
export type LambdaParameter = 'T -> boolean' | 'T -> U' | '(U, T) -> U'

/**
 * The type of a result: a scalar kind, the type of a variable, or an array or map of them, that of the first argument,
 * or what a rule says.
 */
export type Result =
  | ScalarKind
  | TypeVariable
  | `array<${ScalarKind | TypeVariable}>`
  | 'map<K, V>'
  | 'first'
  | ResultRule

/** A result's type from those of the arguments as they were converted. Nullable where it may be null beside `nullness`. */
export interface ResultRule {
  /** In words, for documentation. */
  readonly name: string
  readonly typeFor: (types: readonly DataType[]) => DataType
}

/**
 * When a result may be null: `any` argument may be, `all` of them may be, one of the `branches` (all arguments but the
 * first) may be, `always`, `never`.
 */
export type Nullness = 'any' | 'all' | 'branches' | 'always' | 'never'

/**
 * The function of a strict row: called with values that are not null, of the kinds that the row's parameters say.
 * Where the result is a decimal, undefined says that it has too many digits: that is null, and counted as an error.
 */
export type StrictFunction = (...args: never[]) => Value | undefined

/** How a row computes. */
export type Implementation =
  /** Null if an argument is null, else the function of the arguments. */
  | { readonly how: 'strict'; readonly call: StrictFunction }
  /** Builds the evaluation itself, and so decides which arguments are evaluated and what null means. */
  | { readonly how: 'lazy'; readonly plan: (args: readonly Evaluate[]) => Evaluate }
  /** As strict, but made for the text literal at the row's `pattern` or `unit` parameter. */
  | { readonly how: 'prepared'; readonly prepare: (literal: string) => Prepared }
  /** As strict, but made for the types of the arguments and of the result. */
  | { readonly how: 'typed'; readonly make: MakeForTypes }
  /** Builds the evaluation over the arguments and the lambda, which is the last argument. */
  | { readonly how: 'lambda'; readonly plan: PlanLambdaCall }

/** Builds the evaluation of a function that calls a lambda. */
export type PlanLambdaCall = (args: readonly Evaluate[], lambda: PlannedLambda) => Evaluate

/** A lambda that is ready to be called, with as many values as it has parameters. Throws `step_limit`. */
export interface PlannedLambda {
  readonly call: (row: Row, context: EvaluationContext, first: Value, second?: Value) => Value
  /** Counts a value that a result holds on to. Throws `result_too_long`. */
  readonly keep: (value: Value) => Value
}

/** Makes the function for arguments of these types. */
export type MakeForTypes = (types: readonly DataType[], result: DataType) => StrictFunction

/** A function made for a literal, or in words why the literal will not do. */
export type Prepared =
  | { readonly ok: true; readonly call: StrictFunction }
  | { readonly ok: false; readonly message: string }

/** One row of a function table. A function with several signatures has several rows, one below the other. */
export interface FunctionRow {
  /** In lower case, or an operator. */
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly result: Result
  readonly nullness: Nullness
  readonly implementation: Implementation
  /** One sentence for people. */
  readonly documentation: string
  /** A condition that is true. */
  readonly example: string
}

/** Builds a row; the arguments stand in the order of the tables' columns. */
export function row(
  name: string,
  parameters: readonly Parameter[],
  result: Result,
  nullness: Nullness,
  implementation: Implementation,
  documentation: string,
  example: string,
): FunctionRow {
  return { name, parameters, result, nullness, implementation, documentation, example }
}

/** A strict implementation. */
export function strict(call: StrictFunction): Implementation {
  return { how: 'strict', call }
}

/** A lazy implementation. */
export function lazy(plan: (args: readonly Evaluate[]) => Evaluate): Implementation {
  return { how: 'lazy', plan }
}

/** An implementation that is made for the types of its arguments. */
export function typed(make: MakeForTypes): Implementation {
  return { how: 'typed', make }
}

/** An implementation that calls a lambda. */
export function overElements(plan: PlanLambdaCall): Implementation {
  return { how: 'lambda', plan }
}

/** An implementation that is made for a literal. */
export function prepared(prepare: (literal: string) => Prepared): Implementation {
  return { how: 'prepared', prepare }
}

/** A prepared implementation out of a pattern. */
export function matching(compile: (pattern: string) => PatternResult): Implementation {
  return prepared((pattern) => {
    const result = compile(pattern)
    return result.ok ? { ok: true, call: result.matches } : result
  })
}
