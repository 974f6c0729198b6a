import type { Evaluate } from './expression.ts'
import type { PlanLambdaCall, StrictFunction } from './functions/function.ts'
import type { WriteSql } from './sql/call-sql.ts'
import type { StepBudget } from './step-budget.ts'
import type { ComparisonOperator, DecimalLiteral } from './syntax.ts'
import type { DataType, ScalarType } from './type.ts'
import type { Value } from './value.ts'

/** A constant. */
export interface TypedLiteral {
  readonly kind: 'literal'
  readonly type: DataType
  readonly value: Value
  /** Of a double that was written without an exponent: the same number as a decimal. */
  readonly decimal?: DecimalLiteral
}

/** A field of the row, or of structs in it: the position at every level. */
export interface TypedField {
  readonly kind: 'field'
  readonly type: DataType
  readonly positions: readonly number[]
  /** The names at the same levels. */
  readonly path: readonly string[]
}

/** A field of a struct that is computed. */
export interface TypedMember {
  readonly kind: 'member'
  readonly type: DataType
  readonly object: Typed
  readonly position: number
}

/** An element of an array, by its position from 1, or the value of a key of a map; null where there is none. */
export interface TypedSubscript {
  readonly kind: 'subscript'
  readonly type: DataType
  readonly object: Typed
  readonly index: Typed
}

/** A timestamp moved by calendar months (the day is at most the last of its month) or by milliseconds. */
export interface TypedShift {
  readonly kind: 'shift'
  readonly type: DataType
  readonly time: Typed
  readonly months: number
  readonly milliseconds: number
}

/** A parameter of a lambda; while the lambda runs its cell holds the value. */
export interface Variable {
  readonly name: string
  readonly type: DataType
  readonly cell: Cell
}

/** Holds a value while a lambda runs. */
export interface Cell {
  value: Value
}

/** The value of a lambda's parameter. */
export interface TypedVariable {
  readonly kind: 'variable'
  readonly type: DataType
  readonly variable: Variable
}

/** What a function of arrays does with each element. */
export interface TypedLambda {
  readonly variables: readonly Variable[]
  readonly body: Typed
}

/** A function of an array that calls a lambda. */
export interface TypedLambdaCall {
  readonly kind: 'lambdaCall'
  readonly type: DataType
  readonly name: string
  /** The arguments but for the lambda, which is the last. */
  readonly arguments: readonly Typed[]
  readonly lambda: TypedLambda
  readonly plan: PlanLambdaCall
  readonly budget: StepBudget
}

/** A function of values that are not null; null if one of them is. */
export interface TypedCall {
  readonly kind: 'call'
  readonly type: DataType
  readonly call: StrictFunction
  readonly sql: WriteSql
  readonly arguments: readonly Typed[]
}

/** A conversion of a value that is not null, written by the author or made by the rules of types. */
export interface TypedCast {
  readonly kind: 'cast'
  readonly type: DataType
  readonly written: 'cast' | 'try_cast' | null
  readonly operand: Typed
  readonly convert: StrictFunction
}

/** A function that decides itself which arguments are evaluated. */
export interface TypedLazy {
  readonly kind: 'lazy'
  readonly type: DataType
  readonly plan: (args: readonly Evaluate[]) => Evaluate
  readonly sql: WriteSql
  readonly arguments: readonly Typed[]
}

/** `and`, `or` in three-valued logic. */
export interface TypedLogic {
  readonly kind: 'logic'
  readonly type: ScalarType
  readonly operator: 'and' | 'or'
  readonly operands: readonly Typed[]
}

/** `not` in three-valued logic. */
export interface TypedNot {
  readonly kind: 'not'
  readonly type: ScalarType
  readonly operand: Typed
}

/** A comparison of scalars of one kind, or of int64 and double. */
export interface TypedComparison {
  readonly kind: 'comparison'
  readonly type: ScalarType
  readonly operator: ComparisonOperator
  readonly left: Typed
  readonly right: Typed
}

/** `is distinct from`, on the same types as a comparison. Never null. */
export interface TypedDistinct {
  readonly kind: 'distinct'
  readonly type: ScalarType
  readonly left: Typed
  readonly right: Typed
}

/** `is null`. Never null. */
export interface TypedNullTest {
  readonly kind: 'nullTest'
  readonly type: ScalarType
  readonly operand: Typed
}

/** `operand in (options)`. */
export interface TypedIn {
  readonly kind: 'in'
  readonly type: ScalarType
  readonly operand: Typed
  readonly options: readonly Typed[]
}

/** `operand between low and high`, both inclusive. */
export interface TypedBetween {
  readonly kind: 'between'
  readonly type: ScalarType
  readonly operand: Typed
  readonly low: Typed
  readonly high: Typed
}

/** One branch: a condition, or where the case has an operand the value that it is compared with. */
export interface TypedBranch {
  readonly when: Typed
  readonly result: Typed
}

/** `case`, with or without an operand. All results have one type. */
export interface TypedCase {
  readonly kind: 'case'
  readonly type: DataType
  readonly operand: Typed | null
  readonly branches: readonly TypedBranch[]
  readonly otherwise: Typed
}

/** An expression whose names and types are resolved: what `check` makes and `plan` takes. */
export type Typed =
  | TypedLiteral
  | TypedField
  | TypedMember
  | TypedSubscript
  | TypedShift
  | TypedVariable
  | TypedLambdaCall
  | TypedCall
  | TypedCast
  | TypedLazy
  | TypedLogic
  | TypedNot
  | TypedComparison
  | TypedDistinct
  | TypedNullTest
  | TypedIn
  | TypedBetween
  | TypedCase
