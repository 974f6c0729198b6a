import { type CheckResult, check } from './check.ts'
import { coerce, UNTYPED } from './coerce.ts'
import type { CompiledExpression, CompileResult, Evaluate, ExpressionSchema } from './expression.ts'
import { hintsOf } from './hints.ts'
import { issueAt } from './issue.ts'
import { parse } from './parse.ts'
import { plan } from './plan.ts'
import type { StepBudget } from './step-budget.ts'
import type { Syntax } from './syntax.ts'
import { toSql } from './to-sql.ts'
import { type DataType, scalar } from './type.ts'
import { formatKind } from './type-text.ts'
import type { Typed } from './typed.ts'

/**
 * Compiles an expression: parse, check, plan. Never throws; what is wrong with the text comes back as issues.
 *
 * @example
 * const result = compile('total * 1.19', [{ name: 'total', type: scalar('double') }])
 * if (result.ok) result.expression.evaluate([100], { time: 0 }) // 119
 */
export function compile(text: string, schema: ExpressionSchema): CompileResult {
  return compileAs(text, schema, false, (typed) =>
    typed.type === UNTYPED ? 'null alone has no type: write cast(null as string) or another type' : typed,
  )
}

/** As `compile`, for a text that must be a condition, that is of type boolean. */
export function compileCondition(text: string, schema: ExpressionSchema): CompileResult {
  return compileAs(text, schema, true, (typed) => {
    const condition = coerce(typed, scalar('boolean'))
    return typeof condition === 'string' ? notACondition(typed.type) : condition
  })
}

function notACondition(type: DataType): string {
  return `A condition is true or false, this is ${formatKind(type)}: compare it with something`
}

function compileAs(
  text: string,
  schema: ExpressionSchema,
  isCondition: boolean,
  accept: (typed: Typed) => Typed | string,
): CompileResult {
  const parsed = parse(text)
  if (!parsed.ok) return parsed
  const { syntax } = parsed
  const wellFormed = text.toWellFormed()
  const checked = check(syntax, wellFormed, schema)
  if (!checked.ok) return checked
  const accepted = accept(checked.typed)
  if (typeof accepted === 'string') return { ok: false, issues: [issueAt('type_mismatch', syntax, accepted)] }
  const scope = { text: wellFormed, typeOf: (part: Syntax) => checked.types.get(part) }
  return {
    ok: true,
    expression: expressionOf(accepted, checked),
    hints: () => hintsOf(syntax, scope, isCondition),
  }
}

function expressionOf(
  typed: Typed,
  { reads, budget }: Extract<CheckResult, { ok: true }>,
): CompiledExpression {
  const plainField = typed.kind === 'field' && typed.path.length === 1 ? (typed.path[0] ?? null) : null
  const evaluate = plan(typed)
  return {
    type: typed.type,
    evaluate: budget === null ? evaluate : withinBudget(evaluate, budget),
    toSql: (options) => toSql(typed, options),
    reads,
    plainField,
  }
}

function withinBudget(evaluate: Evaluate, budget: StepBudget): Evaluate {
  return (row, context) => {
    budget.reset()
    return evaluate(row, context)
  }
}
