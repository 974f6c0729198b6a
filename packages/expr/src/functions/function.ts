import type { Evaluate, EvaluationContext } from '../expression.ts'
import type { Sql } from '../sql/call-sql.ts'
import type { DataType, ScalarKind } from '../type.ts'
import type { Row, Value } from '../value.ts'
import type { LiteralParameter } from './literal-parameter.ts'

/**
 * A type that a row leaves open: `T`, `U`, `V`, any type; `E`, one that can be compared for equality; `O`, one with an
 * order; `N`, a number; `K`, one that the keys of a map may have. Within one row all that names it has one common type.
 */
export type TypeVariable = 'T' | 'U' | 'V' | 'E' | 'O' | 'N' | 'K'

/**
 * What an argument may be: a kind; a type variable; an array or a map of them. `decimal` takes decimals of any size
 * and, where another argument is one, int64 and numbers written with a point. `T…` and the like repeat for all further
 * arguments; a literal parameter takes a text in quotes only, which is read when the expression is compiled.
 */
export type Parameter = Single | `${Single}…` | LiteralParameter | LambdaParameter

type Single = ScalarKind | 'decimal' | TypeVariable | `array<${ScalarKind | TypeVariable}>` | 'map<K, V>'

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
  /** As strict, but made for what was read from the texts at the row's literal parameters, in their order. */
  | { readonly how: 'prepared'; readonly prepare: (...literals: never[]) => StrictFunction }
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

/** One row of a function table. A function with several signatures has several rows, one below the other. */
export interface FunctionRow {
  /** In lower case, or an operator. */
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly result: Result
  readonly nullness: Nullness
  readonly implementation: Implementation
  /** The same in Flink SQL. Arguments are numbered as the parameters, literal ones included. */
  readonly sql: Sql
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
  sql: Sql,
  documentation: string,
  example: string,
): FunctionRow {
  return { name, parameters, result, nullness, implementation, sql, documentation, example }
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

/** An implementation that is made for literals. */
export function prepared(prepare: (...literals: never[]) => StrictFunction): Implementation {
  return { how: 'prepared', prepare }
}
