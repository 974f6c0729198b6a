import { checkShift, checkWithIntervals } from './check-interval.ts'
import {
  type Checked,
  type Checking,
  checkAll,
  conditionType,
  expectKind,
  typeName,
  unifyForComparison,
} from './checking.ts'
import { isEquatable, isOrdered, type Operand, UNTYPED } from './coerce.ts'
import { operatorRows } from './functions/table.ts'
import { compileLike } from './pattern.ts'
import { resolve } from './resolve.ts'
import { likeSql } from './sql/operator.ts'
import type {
  ArithmeticSyntax,
  BetweenSyntax,
  ComparisonSyntax,
  ConcatenationSyntax,
  DistinctSyntax,
  InSyntax,
  LikeSyntax,
  LogicSyntax,
  NotSyntax,
  NullTestSyntax,
  Syntax,
} from './syntax.ts'
import { scalar } from './type.ts'
import type { Typed } from './typed.ts'

/** Checks `+ - * /`: of numbers by the table, of a timestamp and an interval here. */
export function checkArithmetic(syntax: ArithmeticSyntax, checking: Checking): Checked {
  if (syntax.operands.some((operand) => operand.kind === 'interval')) return checkShift(syntax, checking)
  const operands = checkAll(syntax.operands, checking)
  return operands && resolve(operatorRows(syntax.operator), operands, syntax, checking)
}

/** Checks `a || b`. */
export function checkConcatenation(syntax: ConcatenationSyntax, checking: Checking): Checked {
  const operands = checkAll(syntax.operands, checking)
  return operands && resolve(operatorRows('||'), operands, syntax, checking)
}

function comparable(
  parts: readonly Syntax[],
  role: string,
  ordered: boolean,
  checking: Checking,
): readonly Typed[] | null {
  const operands = checkWithIntervals(parts, checking)
  const unified = operands && unifyForComparison(operands, role, checking)
  if (operands === null || unified === null) return null
  const { type } = unified
  if (type === UNTYPED || (ordered ? isOrdered(type) : isEquatable(type))) return unified.operands
  const [first] = operands as [Operand]
  const message = ordered
    ? `Values of ${typeName(type)} have no order`
    : `Values of ${typeName(type)} cannot be compared`
  return checking.refuse('type_mismatch', first.syntax, message)
}

/** Checks `= <> < <= > >=`. */
export function checkComparison(syntax: ComparisonSyntax, checking: Checking): Checked {
  const { operator } = syntax
  const ordered = operator !== '=' && operator !== '<>'
  const operands = comparable([syntax.left, syntax.right], operator, ordered, checking)
  if (operands === null) return null
  const [left, right] = operands as [Typed, Typed]
  return { kind: 'comparison', type: conditionType(operands), operator, left, right }
}

/** Checks `is [not] distinct from`. */
export function checkDistinct(syntax: DistinctSyntax, checking: Checking): Checked {
  const operands = comparable([syntax.left, syntax.right], 'is distinct from', false, checking)
  if (operands === null) return null
  const [left, right] = operands as [Typed, Typed]
  return negateIf(syntax.negated, { kind: 'distinct', type: scalar('boolean', false), left, right })
}

/** Checks `[not] between`. */
export function checkBetween(syntax: BetweenSyntax, checking: Checking): Checked {
  const operands = comparable([syntax.operand, syntax.low, syntax.high], 'between', true, checking)
  if (operands === null) return null
  const [operand, low, high] = operands as [Typed, Typed, Typed]
  return negateIf(syntax.negated, { kind: 'between', type: conditionType(operands), operand, low, high })
}

/** Checks `[not] in`. */
export function checkIn(syntax: InSyntax, checking: Checking): Checked {
  const operands = comparable([syntax.operand, ...syntax.options], 'in', false, checking)
  if (operands === null) return null
  const [operand, ...options] = operands as [Typed, ...Typed[]]
  return negateIf(syntax.negated, { kind: 'in', type: conditionType(operands), operand, options })
}

/** Checks `[not] like`; pattern and escape must be text literals, so that a bad one is known now. */
export function checkLike(syntax: LikeSyntax, checking: Checking): Checked {
  const typed = checking.check(syntax.operand)
  const operand = typed && expectKind({ syntax: syntax.operand, typed }, 'string', 'like', checking)
  const pattern = textLiteral(syntax.pattern, 'like', checking)
  const escaper = syntax.escape === null ? null : textLiteral(syntax.escape, 'escape', checking)
  if (operand === null || pattern === null || (syntax.escape !== null && escaper === null)) return null
  const result = compileLike(pattern, escaper)
  if (!result.ok) return checking.refuse('invalid_pattern', syntax.escape ?? syntax.pattern, result.message)
  const like: Typed = {
    kind: 'call',
    type: conditionType([operand]),
    call: result.matches,
    sql: likeSql(pattern, escaper),
    arguments: [operand],
  }
  return negateIf(syntax.negated, like)
}

function textLiteral(syntax: Syntax, role: string, checking: Checking): string | null {
  if (syntax.kind === 'literal' && typeof syntax.value === 'string') return syntax.value
  return checking.refuse('type_mismatch', syntax, `${role} takes a text in quotes, such as 'abc%'`)
}

/** Checks `and`, `or`. */
export function checkLogic(syntax: LogicSyntax, checking: Checking): Checked {
  const operands = syntax.operands.map((operand) => checkBoolean(operand, syntax.operator, checking))
  if (!operands.every((operand) => operand !== null)) return null
  return { kind: 'logic', type: conditionType(operands), operator: syntax.operator, operands }
}

function checkBoolean(syntax: Syntax, role: string, checking: Checking): Checked {
  const typed = checking.check(syntax)
  return typed && expectKind({ syntax, typed }, 'boolean', role, checking)
}

/** Checks `not`. */
export function checkNot(syntax: NotSyntax, checking: Checking): Checked {
  const operand = checkBoolean(syntax.operand, 'not', checking)
  return operand && negateIf(true, operand)
}

/** Checks `is [not] null`, which every type has. */
export function checkNullTest(syntax: NullTestSyntax, checking: Checking): Checked {
  const operand = checking.check(syntax.operand)
  return operand && negateIf(syntax.negated, { kind: 'nullTest', type: scalar('boolean', false), operand })
}

function negateIf(negated: boolean, operand: Typed): Typed {
  return negated ? { kind: 'not', type: conditionType([operand]), operand } : operand
}
