import { castTargets, conversion, orFail, orNull } from './cast.ts'
import {
  type Checked,
  type Checking,
  checkAll,
  expectKind,
  literalNode,
  typeName,
  unify,
  unifyForComparison,
} from './checking.ts'
import { isEquatable, type Operand, UNTYPED } from './coerce.ts'
import { asDecimalType } from './decimal-type.ts'
import type { CaseSyntax, CastSyntax } from './syntax.ts'
import { type DataType, sameType, withNullable } from './type.ts'
import { formatKind } from './type-text.ts'
import type { Typed } from './typed.ts'

/** Checks both forms of case: conditions or values to compare with, then the results, which must have one type. */
export function checkCase(syntax: CaseSyntax, checking: Checking): Checked {
  const head = syntax.operand === null ? null : checking.check(syntax.operand)
  const conditions = checkAll(
    syntax.branches.map((branch) => branch.when),
    checking,
  )
  const results = checkResults(syntax, checking)
  if (conditions === null || results === null || (syntax.operand !== null && head === null)) return null
  const whens =
    syntax.operand === null || head === null
      ? searched(conditions, checking)
      : compared({ syntax: syntax.operand, typed: head }, conditions, checking)
  if (whens === null) return null
  const branches = whens.conditions.map((when, i) => ({ when, result: results.operands[i] as Typed }))
  return {
    kind: 'case',
    type: results.type,
    operand: whens.operand,
    branches,
    otherwise: results.operands.at(-1) as Typed,
  }
}

function checkResults(
  syntax: CaseSyntax,
  checking: Checking,
): { type: DataType; operands: readonly Typed[] } | null {
  const results = checkAll(
    syntax.branches.map((branch) => branch.result),
    checking,
  )
  const otherwise = syntax.otherwise === null ? literalNode(UNTYPED, null) : checking.check(syntax.otherwise)
  if (results === null || otherwise === null) return null
  return unify(
    [...results, { syntax: syntax.otherwise ?? syntax, typed: otherwise }],
    'A result of case',
    checking,
  )
}

interface Whens {
  readonly operand: Typed | null
  readonly conditions: readonly Typed[]
}

function searched(conditions: readonly Operand[], checking: Checking): Whens | null {
  const checked = conditions.map((condition) => expectKind(condition, 'boolean', 'when', checking))
  return checked.every((condition) => condition !== null) ? { operand: null, conditions: checked } : null
}

function compared(head: Operand, conditions: readonly Operand[], checking: Checking): Whens | null {
  const unified = unifyForComparison([head, ...conditions], 'when', checking)
  if (unified === null) return null
  if (!isEquatable(unified.type)) {
    return checking.refuse(
      'type_mismatch',
      head.syntax,
      `Values of ${typeName(unified.type)} cannot be compared`,
    )
  }
  const [operand, ...values] = unified.operands
  return { operand: operand as Typed, conditions: values }
}

/** Checks `cast` and `try_cast`. */
export function checkCast(syntax: CastSyntax, checking: Checking): Checked {
  const operand = checking.check(syntax.operand)
  const { target } = syntax
  if (!target.nullable)
    return checking.refuse('type_mismatch', syntax, 'A cast takes a type without not null')
  if (operand === null) return null
  if (operand.type === UNTYPED) return literalNode(target, null)
  if (sameType(operand.type, target, false)) return operand
  const convert = conversion(operand.type, target)
  if (convert === undefined)
    return checking.refuse('type_mismatch', syntax, noConversion(operand.type, target))
  return {
    kind: 'cast',
    type: withNullable(target, syntax.safe || operand.type.nullable || mayOverflow(operand.type, target)),
    written: syntax.safe ? 'try_cast' : 'cast',
    operand,
    convert: syntax.safe ? orNull(convert) : orFail(convert, formatKind(target)),
  }
}

/** True where the value may have more digits before the point than the target has. */
function mayOverflow(from: DataType, to: DataType): boolean {
  if (to.kind !== 'decimal') return false
  const type = asDecimalType(from)
  const whole = to.precision - to.scale
  // A number that is rounded up may get one digit more.
  return type === null || type.precision - type.scale + (type.scale > to.scale ? 1 : 0) > whole
}

function noConversion(from: DataType, to: DataType): string {
  if (from.kind === 'int64' && to.kind === 'timestamp')
    return 'Milliseconds become a timestamp by from_epoch_ms(value)'
  if (from.kind === 'timestamp' && to.kind === 'int64')
    return 'A timestamp becomes milliseconds by to_epoch_ms(value)'
  const targets = castTargets(from.kind)
  const possible = targets.length === 0 ? '' : `; it can be cast to ${targets.join(', ')}`
  return `${typeName(from)} cannot be cast to ${typeName(to)}${possible}`
}
