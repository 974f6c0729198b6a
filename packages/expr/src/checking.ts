import { castTargets } from './cast.ts'
import { coerce, coerceForComparison, commonType, comparisonType, type Operand, UNTYPED } from './coerce.ts'
import type { ExpressionIssueCode, ExpressionSchema } from './expression.ts'
import { notATimestamp } from './read-literal.ts'
import type { StepBudget } from './step-budget.ts'
import type { Span, Syntax } from './syntax.ts'
import { type DataType, type ScalarKind, type ScalarType, scalar } from './type.ts'
import { formatKind } from './type-text.ts'
import type { Typed, TypedLiteral, Variable } from './typed.ts'
import type { Value } from './value.ts'

/** A checked part, or null where it is wrong and has been reported. */
export type Checked = Typed | null

/** What the checks of all parts share. */
export interface Checking {
  readonly schema: ExpressionSchema
  /** The whole text, for what is offered in the place of a part of it. */
  readonly text: string
  /** Checks a part. */
  check(syntax: Syntax): Checked
  /** Reports an issue; gives null, so that a check can end with it. */
  refuse(code: ExpressionIssueCode, at: Span, message: string, replacement?: string): null
  /** Notes that the expression reads a field. */
  read(path: readonly string[]): void
  /** The parameters of the lambdas around the part, the innermost first. */
  readonly variables: readonly Variable[]
  /** The checks within a lambda with these parameters; null, and an issue about the place, where that is too deep. */
  within(variables: readonly Variable[], at: Span): Checking | null
  /** Counts the calls of lambdas while the expression runs. */
  readonly budget: StepBudget
}

/** A constant. */
export function literalNode(type: DataType, value: Value): TypedLiteral {
  return { kind: 'literal', type, value }
}

/** Checks several parts, all of them even if one is wrong; null if one was. */
export function checkAll(parts: readonly Syntax[], checking: Checking): Operand[] | null {
  const operands = parts.flatMap((syntax) => {
    const typed = checking.check(syntax)
    return typed === null ? [] : [{ syntax, typed }]
  })
  return operands.length === parts.length ? operands : null
}

/** How a type is named in messages. */
export function typeName(type: DataType): string {
  return type === UNTYPED ? 'null' : formatKind(type)
}

/** The operand as a value of a type; reports where it is none. `role` says in words what needs it. */
export function expectType(operand: Operand, target: DataType, role: string, checking: Checking): Checked {
  const result = coerce(operand.typed, target)
  return typeof result === 'string' ? refuseCoercion(operand, target, role, checking) : result
}

/** As `expectType` for a scalar kind. */
export function expectKind(operand: Operand, kind: ScalarKind, role: string, checking: Checking): Checked {
  return expectType(operand, scalar(kind), role, checking)
}

/** Reports an operand that cannot be had as a type: a text literal that is no timestamp, or any other type. */
export function refuseCoercion(operand: Operand, target: DataType, role: string, checking: Checking): null {
  const { typed, syntax } = operand
  if (coerce(typed, target) === 'literal') {
    return checking.refuse('invalid_literal', syntax, notATimestamp(String((typed as TypedLiteral).value)))
  }
  return checking.refuse(
    'type_mismatch',
    syntax,
    `${role} expects ${typeName(target)}, found ${typeName(typed.type)}`,
    castTo(operand, target, checking),
  )
}

/** The operand in a cast to a type that it can be cast to; undefined where there is none. */
export function castTo({ syntax, typed }: Operand, target: DataType, checking: Checking): string | undefined {
  const { kind } = typed.type
  if (typed.type === UNTYPED || kind === target.kind || !castTargets(kind).includes(target.kind))
    return undefined
  const text = checking.text.slice(syntax.from, syntax.to)
  return `cast(${text} as ${formatKind(target)})`
}

/** All operands as values of one type. Reports and gives null where there is none; `role` says in words what needs it. */
export function unify(operands: readonly Operand[], role: string, checking: Checking): Unified | null {
  return unifyBy(operands, role, checking, commonType, coerce)
}

/** As `unify`, for comparing: int64 stays what it is among doubles, and decimals are not rounded. */
export function unifyForComparison(
  operands: readonly Operand[],
  role: string,
  checking: Checking,
): Unified | null {
  return unifyBy(operands, role, checking, comparisonType, coerceForComparison)
}

/** Operands that have one type. */
export interface Unified {
  readonly type: DataType
  readonly operands: readonly Typed[]
}

function unifyBy(
  operands: readonly Operand[],
  role: string,
  checking: Checking,
  common: typeof commonType,
  convert: typeof coerce,
): Unified | null {
  const type = common(operands.map((operand) => operand.typed))
  if (type === null) return refuseMixture(operands, role, checking)
  const converted = operands.map((operand) => {
    const result = convert(operand.typed, type)
    return typeof result === 'string' ? refuseCoercion(operand, type, role, checking) : result
  })
  return converted.every((operand) => operand !== null) ? { type, operands: converted } : null
}

/** Reports the first operand that does not go with those before it. */
function refuseMixture(operands: readonly Operand[], role: string, checking: Checking): null {
  const typed = operands.map((operand) => operand.typed)
  const index = Math.max(
    1,
    typed.findIndex((_, i) => commonType(typed.slice(0, i + 1)) === null),
  )
  const odd = operands[index] as Operand
  const before = commonType(typed.slice(0, index)) ?? UNTYPED
  const expected = typeName(before)
  const message = `${role} expects ${expected} like the value before it, found ${typeName(odd.typed.type)}`
  const replacement = rewrittenLiteral(odd, expected) ?? castTo(odd, before, checking)
  return checking.refuse('type_mismatch', odd.syntax, message, replacement)
}

/** A number in quotes without them, or a number with them, where that is what was needed. */
function rewrittenLiteral(odd: Operand, expected: string): string | undefined {
  const { syntax } = odd
  if (syntax.kind !== 'literal') return undefined
  const text = String(syntax.value)
  if (
    syntax.literal === 'string' &&
    (expected === 'int64' || expected === 'double' || expected.startsWith('decimal'))
  ) {
    return /^-?\d+(?:\.\d+)?$/.test(text) ? text : undefined
  }
  return expected === 'string' && syntax.literal === 'int64' ? `'${text}'` : undefined
}

/** The type of a condition: null if one of the operands can be. */
export function conditionType(operands: readonly Typed[]): ScalarType {
  return scalar(
    'boolean',
    operands.some((operand) => operand.type.nullable),
  )
}
