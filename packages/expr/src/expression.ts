import type { SqlOptions } from './sql/call-sql.ts'
import type { SqlResult } from './to-sql.ts'
import type { DataType, Field } from './type.ts'
import type { Row, Value } from './value.ts'

/** What an expression may see beside the row. Time and randomness are arguments, so a replay gives the same result. */
export interface EvaluationContext {
  /** Event time of the record, epoch ms. */
  readonly time: number
  /** Told of every error that makes a part of an expression null but does not fail it; absent where nobody counts. */
  readonly onSoftError?: (code: SoftErrorCode) => void
}

/** What makes a part null and counts as an error: a decimal with more digits than its type has. */
export type SoftErrorCode = 'decimal_overflow'

/** Evaluates a compiled expression. Throws `EvaluationError` only; the engine turns that into a dead letter. */
export type Evaluate = (row: Row, context: EvaluationContext) => Value

/** An expression that has been checked against a schema. */
export interface CompiledExpression {
  readonly type: DataType
  readonly evaluate: Evaluate
  /** The same in Flink SQL. */
  readonly toSql: (options: SqlOptions) => SqlResult
  /** Field paths the expression reads, e.g. `['address', 'city']`, each once. */
  readonly reads: readonly (readonly string[])[]
  /** Set where the text is nothing but one top-level field: that field's name (a rename keeps keys and types). */
  readonly plainField: string | null
}

/** A user's mistake in an expression: position in UTF-16 units, text in words, where possible the text that mends it. */
export type ExpressionIssue = Remark<ExpressionIssueCode>

/** As an issue, about an expression that compiles but hardly does with nulls what was meant. */
export type ExpressionHint = Remark<ExpressionHintCode>

/** Something to say about a part of an expression. */
export interface Remark<Code extends string> {
  readonly code: Code
  readonly message: string
  readonly from: number
  readonly to: number
  readonly fix?: ExpressionFix
}

/** Replaces the text between the issue's `from` and `to`. */
export interface ExpressionFix {
  readonly label: string
  readonly replacement: string
}

/** Every way in which an expression's text can be wrong. */
export type ExpressionIssueCode =
  | 'empty'
  | 'syntax'
  | 'too_long'
  | 'too_deep'
  | 'too_many_nodes'
  | 'unknown_field'
  | 'unknown_function'
  | 'duplicate_name'
  | 'argument_count'
  | 'type_mismatch'
  | 'invalid_literal'
  | 'invalid_pattern'

/** Every kind of hint; the rules stand in the README. */
export type ExpressionHintCode =
  | 'null_comparison'
  | 'null_in_list'
  | 'null_test_constant'
  | 'unreachable_argument'
  | 'null_excluded'

/** The outcome of compiling: an expression, or at least one issue. */
export type CompileResult =
  | {
      readonly ok: true
      readonly expression: CompiledExpression
      /** Searches for hints, which only people need. */
      readonly hints: () => readonly ExpressionHint[]
    }
  | { readonly ok: false; readonly issues: readonly ExpressionIssue[] }

/** What can go wrong while an expression runs. */
export type EvaluationErrorCode =
  | 'int64_overflow'
  | 'timestamp_out_of_range'
  | 'result_too_long'
  | 'text_too_long'
  | 'invalid_cast'
  | 'step_limit'

/** A failing expression: the record goes to dead letters with this code and text. */
export class EvaluationError extends Error {
  readonly code: EvaluationErrorCode

  constructor(code: EvaluationErrorCode, message: string) {
    super(message)
    this.name = 'EvaluationError'
    this.code = code
  }
}

/** What `compile` needs: the fields that the expression may name. */
export type ExpressionSchema = readonly Field[]
