import { checkCall } from './check-call.ts'
import { checkCase, checkCast } from './check-choice.ts'
import { checkField, checkMember } from './check-field.ts'
import { refuseInterval } from './check-interval.ts'
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
import { LIMITS } from './limits.ts'
import { StepBudget } from './step-budget.ts'
import type { LiteralSyntax, Syntax } from './syntax.ts'
import { type DataType, scalar } from './type.ts'
import type { Typed, Variable } from './typed.ts'

/** A checked expression, or what is wrong with it. */
export type CheckResult =
  | {
      readonly ok: true
      readonly typed: Typed
      readonly reads: readonly (readonly string[])[]
      /** Set where the expression has lambdas: to be reset before each evaluation. */
      readonly budget: StepBudget | null
      /** The types of its parts. */
      readonly types: ReadonlyMap<Syntax, DataType>
    }
  | { readonly ok: false; readonly issues: readonly ExpressionIssue[] }

type Checkers = {
  readonly [K in Syntax['kind']]: (syntax: Extract<Syntax, { kind: K }>, checking: Checking) => Checked
}

const CHECKERS: Checkers = {
  literal: checkLiteral,
  interval: (syntax, checking) => refuseInterval(syntax, checking),
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
  lambda: (syntax, checking) =>
    checking.refuse(
      'type_mismatch',
      syntax,
      'A lambda can only be the last argument of a function of arrays',
    ),
}

/**
 * Second stage: names and types. Every field is resolved to its position, every operator and function to the row that
 * fits its arguments. A part that is wrong is reported once; what stands around it is still checked. `plan` comes next.
 * `text` is what the syntax was read from; `variables` are those that it may name beside the fields.
 */
export function check(
  syntax: Syntax,
  text: string,
  schema: ExpressionSchema,
  variables: readonly Variable[] = [],
): CheckResult {
  const whole = new WholeCheck(schema, text)
  const typed = whole.checkingOf(variables, 0).check(syntax)
  if (typed === null) return { ok: false, issues: whole.issues }
  const budget = whole.hasLambdas ? whole.budget : null
  return { ok: true, typed, reads: [...whole.reads.values()], budget, types: whole.types }
}

/** What the checks of all parts add to. */
class WholeCheck {
  readonly issues: ExpressionIssue[] = []
  readonly reads = new Map<string, readonly string[]>()
  readonly budget = new StepBudget()
  readonly types = new Map<Syntax, DataType>()
  hasLambdas = false
  readonly #schema: ExpressionSchema
  readonly #text: string

  constructor(schema: ExpressionSchema, text: string) {
    this.#schema = schema
    this.#text = text
  }

  /** The checks of parts that stand within so many lambdas. */
  checkingOf(variables: readonly Variable[], depth: number): Checking {
    const checking: Checking = {
      schema: this.#schema,
      text: this.#text,
      variables,
      budget: this.budget,
      check: (part) => {
        const check = CHECKERS[part.kind] as (syntax: Syntax, checking: Checking) => Checked
        return this.#noted(part, check(part, checking))
      },
      refuse: (code, at, message, replacement) => {
        this.issues.push(issueAt(code, at, message, replacement))
        return null
      },
      read: (path) => void this.reads.set(path.join('\u0000'), path),
      within: (inner, at) => {
        this.hasLambdas = true
        if (depth < LIMITS.lambdaDepth) return this.checkingOf([...inner, ...variables], depth + 1)
        return checking.refuse('too_deep', at, `Lambdas are nested at most ${LIMITS.lambdaDepth} deep`)
      },
    }
    return checking
  }

  /** A part may be checked twice: the first value of a reduce may be not null where its sum is. */
  #noted(part: Syntax, typed: Checked): Checked {
    if (typed !== null && !this.types.get(part)?.nullable) this.types.set(part, typed.type)
    return typed
  }
}

function checkLiteral(syntax: LiteralSyntax): Checked {
  const { literal, value, decimal } = syntax
  if (literal === 'null') return literalNode(UNTYPED, value)
  if (literal === 'decimal') return literalNode(decimal?.type ?? UNTYPED, value)
  return { ...literalNode(scalar(literal, false), value), decimal }
}
