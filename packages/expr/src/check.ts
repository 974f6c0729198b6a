import { checkCall } from './check-call.ts'
import { checkCase, checkCast } from './check-choice.ts'
import { checkField, checkMember } from './check-field.ts'
import {
  checkArithmetic,
  checkBetween,
  checkComparison,
  checkConcatenation,
  checkDistinct,
  checkIn,
  checkLike,
  checkLogic,
  checkNot,
  checkNullTest,
} from './check-operator.ts'
import { checkSubscript } from './check-subscript.ts'
import { type Checked, type Checking, literalNode } from './checking.ts'
import { UNTYPED } from './coerce.ts'
import type { ExpressionIssue, ExpressionSchema } from './expression.ts'
import { issueAt } from './issue.ts'
import type { LiteralSyntax, Syntax } from './syntax.ts'
import { scalar } from './type.ts'
import type { Typed } from './typed.ts'

/** A checked expression, or what is wrong with it. */
export type CheckResult =
  | { readonly ok: true; readonly typed: Typed; readonly reads: readonly (readonly string[])[] }
  | { readonly ok: false; readonly issues: readonly ExpressionIssue[] }

type Checkers = {
  readonly [K in Syntax['kind']]: (syntax: Extract<Syntax, { kind: K }>, checking: Checking) => Checked
}

const CHECKERS: Checkers = {
  literal: checkLiteral,
  interval: (syntax, checking) =>
    checking.refuse(
      'type_mismatch',
      syntax,
      'An interval can only be added to or subtracted from a timestamp',
    ),
  field: checkField,
  member: checkMember,
  subscript: checkSubscript,
  arithmetic: checkArithmetic,
  concatenation: checkConcatenation,
  comparison: checkComparison,
  logic: checkLogic,
  not: checkNot,
  nullTest: checkNullTest,
  distinct: checkDistinct,
  like: checkLike,
  in: checkIn,
  between: checkBetween,
  case: checkCase,
  cast: checkCast,
  call: checkCall,
}

/**
 * Second stage: names and types. Every field is resolved to its position, every operator and function to the row that
 * fits its arguments. A part that is wrong is reported once; what stands around it is still checked. `plan` comes next.
 */
export function check(syntax: Syntax, schema: ExpressionSchema): CheckResult {
  const issues: ExpressionIssue[] = []
  const reads = new Map<string, readonly string[]>()
  const checking: Checking = {
    schema,
    check: (part) => (CHECKERS[part.kind] as (syntax: Syntax, checking: Checking) => Checked)(part, checking),
    refuse: (code, at, message, replacement) => {
      issues.push(issueAt(code, at, message, replacement))
      return null
    },
    read: (path) => void reads.set(path.join('\u0000'), path),
  }
  const typed = checking.check(syntax)
  return typed === null ? { ok: false, issues } : { ok: true, typed, reads: [...reads.values()] }
}

function checkLiteral(syntax: LiteralSyntax): Checked {
  const { literal, value, decimal } = syntax
  if (literal === 'null') return literalNode(UNTYPED, value)
  if (literal === 'decimal') return literalNode(decimal?.type ?? UNTYPED, value)
  return { ...literalNode(scalar(literal, false), value), decimal }
}
