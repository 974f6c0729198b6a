import type { Int64 } from '../int64.ts'
import type { SqlArgument, WriteSql } from './call-sql.ts'
import { sqlText } from './words.ts'

/** `like` with this pattern and escape. */
export function likeSql(pattern: string, escaper: string | null): WriteSql {
  const rest = sqlText(pattern) + (escaper === null ? '' : ` ESCAPE ${sqlText(escaper)}`)
  return (args) => ({ text: `(${(args[0] as SqlArgument).text} LIKE ${rest})`, fails: null })
}

/** The units in which an interval is written, the longest first, in milliseconds. */
const INTERVAL_UNITS = [
  ['DAY', 86_400_000],
  ['HOUR', 3_600_000],
  ['MINUTE', 60_000],
  ['SECOND', 1000],
] as const

/** A timestamp moved by months or milliseconds. An INTERVAL has at most two digits in Flink. */
export function shiftSql({ text }: SqlArgument, months: number, milliseconds: number): string {
  if (months !== 0) return `TIMESTAMPADD(MONTH, ${months}, ${text})`
  const distance = Math.abs(milliseconds)
  const unit = INTERVAL_UNITS.find(([, size]) => distance % size === 0 && distance / size < 100)
  if (unit === undefined) return `TIMESTAMPADD(MILLISECOND, ${milliseconds}, ${text})`
  return `(${text} ${milliseconds < 0 ? '-' : '+'} INTERVAL '${distance / unit[1]}' ${unit[0]})`
}

/** An element of an array by its position, or the value of a key of a map. */
export function subscriptSql(object: SqlArgument, index: SqlArgument): string {
  if (object.type.kind === 'map') return `${object.text}[${index.text}]`
  const { literal, text } = index
  if (literal === null) return `${object.text}[CAST(NULL AS INT)]`
  // Beyond the largest INT there is no element, and before the first one neither.
  if (literal !== undefined) return `${object.text}[${(literal as Int64) > INT_MAX ? INT_MAX : literal}]`
  return `${object.text}[CAST(GREATEST(LEAST(${text}, ${INT_MAX}), 0) AS INT)]`
}

const INT_MAX = 2 ** 31 - 1
