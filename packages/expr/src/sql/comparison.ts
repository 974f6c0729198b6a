import type { ComparisonOperator } from '../syntax.ts'
import { bare, type SqlArgument } from './call-sql.ts'
import { sqlDouble } from './words.ts'

const MIRRORED = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const

/** What `a op b` is for an a that is less than b. */
const OF_LESSER = {
  '=': 'FALSE',
  '<>': 'TRUE',
  '<': 'TRUE',
  '<=': 'TRUE',
  '>': 'FALSE',
  '>=': 'FALSE',
} as const

/** 2^63, the first double beyond int64. */
const BEYOND = '9223372036854775808E0'

/** True where Flink compares values of the two as exactly as is meant. */
export function comparesExactly(a: SqlArgument, b: SqlArgument): boolean {
  return (a.type.kind === 'double') === (b.type.kind === 'double')
}

/** A comparison. Flink compares int64 and double as doubles; where that may round, the exact values are compared instead. */
export function comparisonSql(operator: ComparisonOperator, left: SqlArgument, right: SqlArgument): string {
  if (comparesExactly(left, right)) return `(${beside(left, right)} ${operator} ${beside(right, left)})`
  if (isSafe(left) || isSafe(right)) return `(${asDouble(left)} ${operator} ${asDouble(right)})`
  if (left.type.kind === 'double') return int64WithDouble(MIRRORED[operator], right, left)
  return int64WithDouble(operator, left, right)
}

function asDouble({ type, text, literal }: SqlArgument): string {
  if (type.kind === 'double') return text
  return literal === undefined ? `CAST(${text} AS DOUBLE)` : sqlDouble(Number(literal))
}

function int64WithDouble(operator: ComparisonOperator, int64: SqlArgument, double: SqlArgument): string {
  const rounded = `CAST(${int64.text} AS DOUBLE)`
  const simple = `${rounded} ${operator} ${double.text}`
  const exact = `${int64.text} ${operator} CAST(${double.text} AS BIGINT)`
  const beyond = `WHEN ${double.text} >= ${BEYOND} AND ${int64.text} IS NOT NULL THEN ${OF_LESSER[operator]}`
  return `(CASE WHEN ${rounded} <> ${double.text} THEN ${simple} ${beyond} ELSE ${exact} END)`
}

/** Next to a literal up to 2^53 rounding changes nothing. */
function isSafe({ literal }: SqlArgument): boolean {
  return typeof literal === 'number' && Math.abs(literal) <= Number.MAX_SAFE_INTEGER
}

/** An operand; a literal needs no cast where it only meets a column or a computed value. */
export function beside(operand: SqlArgument, other: SqlArgument): string {
  return other.literal === undefined ? bare(operand) : operand.text
}
