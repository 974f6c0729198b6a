import type { DataType, DecimalType, ScalarKind } from './type.ts'
import type { Value, Whole } from './value.ts'

/** Where something stands in the text, in UTF-16 units; `to` is exclusive. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** A name as the author wrote it, without its quotes. */
export interface NameSyntax extends Span {
  readonly name: string
  readonly quoted: boolean
}

/** A number as it is written: its digits as a whole number, and the narrowest type that holds it. */
export interface DecimalLiteral {
  readonly type: DecimalType
  readonly value: Whole
}

/**
 * `'text'`, `12`, `1.5`, `true`, `null`, `timestamp '…'`, `decimal '…'`, `x'…'`. `literal` is `'null'` for a null of no
 * type.
 */
export interface LiteralSyntax extends Span {
  readonly kind: 'literal'
  readonly literal: ScalarKind | 'decimal' | 'null'
  readonly value: Value
  /** Set for `decimal '…'`, and for a double without an exponent: next to decimals that is one. */
  readonly decimal?: DecimalLiteral
}

/** `interval '5' minute`, `interval '1' month`: calendar months, or a fixed length of time; the other is 0. */
export interface IntervalSyntax extends Span {
  readonly kind: 'interval'
  readonly months: number
  readonly milliseconds: number
}

/** A field of the row. */
export interface FieldSyntax extends Span {
  readonly kind: 'field'
  readonly name: NameSyntax
}

/** `object.name`: a field of a struct. */
export interface MemberSyntax extends Span {
  readonly kind: 'member'
  readonly object: Syntax
  readonly name: NameSyntax
}

/** `object[index]`: an element of an array, or the value of a key of a map. */
export interface SubscriptSyntax extends Span {
  readonly kind: 'subscript'
  readonly object: Syntax
  readonly index: Syntax
}

/** Operators that take and give values of the same family, and the minus sign (one operand). */
export type ArithmeticOperator = '+' | '-' | '*' | '/'

/** `a + b`, `-a`. */
export interface ArithmeticSyntax extends Span {
  readonly kind: 'arithmetic'
  readonly operator: ArithmeticOperator
  readonly operands: readonly Syntax[]
}

/** `a || b || c`, one node for the whole chain. */
export interface ConcatenationSyntax extends Span {
  readonly kind: 'concatenation'
  readonly operands: readonly Syntax[]
}

/** The comparison operators; `!=` is read as `<>`. */
export const COMPARISON_OPERATORS = ['=', '<>', '<', '<=', '>', '>='] as const

/** One of the comparison operators. */
export type ComparisonOperator = (typeof COMPARISON_OPERATORS)[number]

/** `a < b`. */
export interface ComparisonSyntax extends Span {
  readonly kind: 'comparison'
  readonly operator: ComparisonOperator
  readonly left: Syntax
  readonly right: Syntax
}

/** `a and b and c`, `a or b`: one node for a whole chain of one operator. */
export interface LogicSyntax extends Span {
  readonly kind: 'logic'
  readonly operator: 'and' | 'or'
  readonly operands: readonly Syntax[]
}

/** `not a`. */
export interface NotSyntax extends Span {
  readonly kind: 'not'
  readonly operand: Syntax
}

/** `a is [not] null`. */
export interface NullTestSyntax extends Span {
  readonly kind: 'nullTest'
  readonly negated: boolean
  readonly operand: Syntax
}

/** `a is [not] distinct from b`; `negated` where `not` is written, that is where equal values give true. */
export interface DistinctSyntax extends Span {
  readonly kind: 'distinct'
  readonly negated: boolean
  readonly left: Syntax
  readonly right: Syntax
}

/** `a [not] like 'pattern' [escape 'c']`. */
export interface LikeSyntax extends Span {
  readonly kind: 'like'
  readonly negated: boolean
  readonly operand: Syntax
  readonly pattern: Syntax
  readonly escape: Syntax | null
}

/** `a [not] in (b, c)`. */
export interface InSyntax extends Span {
  readonly kind: 'in'
  readonly negated: boolean
  readonly operand: Syntax
  readonly options: readonly Syntax[]
}

/** `a [not] between low and high`. */
export interface BetweenSyntax extends Span {
  readonly kind: 'between'
  readonly negated: boolean
  readonly operand: Syntax
  readonly low: Syntax
  readonly high: Syntax
}

/** One `when … then …` of a case. */
export interface BranchSyntax {
  readonly when: Syntax
  readonly result: Syntax
}

/** `case when a then b else c end`, and with an operand `case x when 1 then b end`. */
export interface CaseSyntax extends Span {
  readonly kind: 'case'
  readonly operand: Syntax | null
  readonly branches: readonly BranchSyntax[]
  readonly otherwise: Syntax | null
}

/** `cast(a as type)`; with `safe`, `try_cast(a as type)`. */
export interface CastSyntax extends Span {
  readonly kind: 'cast'
  readonly safe: boolean
  readonly operand: Syntax
  readonly target: DataType
}

/** `name(arguments)`; function names are compared without regard to case. */
export interface CallSyntax extends Span {
  readonly kind: 'call'
  readonly name: NameSyntax
  readonly arguments: readonly Syntax[]
}

/** `i -> i.qty`, `(sum, i) -> sum + i.qty`: what a function of arrays does with each element. */
export interface LambdaSyntax extends Span {
  readonly kind: 'lambda'
  readonly parameters: readonly NameSyntax[]
  readonly body: Syntax
}

/** Any part of an expression's text, before its types are known. */
export type Syntax =
  | LiteralSyntax
  | IntervalSyntax
  | FieldSyntax
  | MemberSyntax
  | SubscriptSyntax
  | ArithmeticSyntax
  | ConcatenationSyntax
  | ComparisonSyntax
  | LogicSyntax
  | NotSyntax
  | NullTestSyntax
  | DistinctSyntax
  | LikeSyntax
  | InSyntax
  | BetweenSyntax
  | CaseSyntax
  | CastSyntax
  | CallSyntax
  | LambdaSyntax
