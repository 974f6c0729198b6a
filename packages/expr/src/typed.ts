import type { Evaluate } from './expression.ts'
import type { StrictFunction } from './functions/function.ts'
import type { ComparisonOperator } from './syntax.ts'
import type { DataType, ScalarType } from './type.ts'
import type { Value } from './value.ts'

/** A constant. */
export interface TypedLiteral {
  readonly kind: 'literal'
  readonly type: DataType
  readonly value: Value
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

/** A function of values that are not null; null if one of them is. */
export interface TypedCall {
  readonly kind: 'call'
  readonly type: DataType
  readonly call: StrictFunction
  readonly arguments: readonly Typed[]
}

/** A function that decides itself which arguments are evaluated. */
export interface TypedLazy {
  readonly kind: 'lazy'
  readonly type: DataType
  readonly plan: (args: readonly Evaluate[]) => Evaluate
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
  | TypedCall
  | TypedLazy
  | TypedLogic
  | TypedNot
  | TypedComparison
  | TypedDistinct
  | TypedNullTest
  | TypedIn
  | TypedBetween
  | TypedCase
