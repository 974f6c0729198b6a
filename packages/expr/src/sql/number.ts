import {
  bare,
  type CallText,
  fallible,
  fill,
  type SqlArgument,
  type SqlContext,
  type WriteSql,
} from './call-sql.ts'
import { sqlDouble, sqlLiteral } from './words.ts'

const INT64_MIN = '-9223372036854775808'
const INT64_MAX = '9223372036854775807'

/** Fails for the smallest int64, of which Flink makes itself. */
export function unlessSmallest(template: string): WriteSql {
  return fallible(template, `($1 = ${INT64_MIN})`)
}

/** A sum, difference or product of int64, which wraps around in Flink where it leaves the range. */
export function exactly(operator: '+' | '-' | '*'): WriteSql {
  return fallible(
    `($1 ${operator} $2:bare)`,
    `((CAST($1 AS DECIMAL(19, 0)) ${operator} CAST($2 AS DECIMAL(19, 0))) NOT BETWEEN ${INT64_MIN} AND ${INT64_MAX})`,
  )
}

/** The argument as a double. */
function asDouble({ text, type, literal }: SqlArgument): string {
  if (type.kind === 'double') return text
  return literal === undefined || literal === null ? `CAST(${text} AS DOUBLE)` : sqlDouble(Number(literal))
}

/** Null where the divisor is 0. Flink's planner gives up on a divisor that it knows to be 0 or null. */
function dividedBy(
  divisor: SqlArgument,
  text: string,
  context: SqlContext,
  divide: (divisor: string) => string,
): CallText {
  const { literal } = divisor
  if (literal === null || Number(literal) === 0) return { text: sqlLiteral(null, context.type), fails: null }
  return { text: divide(literal === undefined ? `NULLIF(${text}, 0)` : text), fails: null }
}

/** `a / b` as a double. */
export function quotient([a, b]: readonly SqlArgument[], context: SqlContext): CallText {
  const [dividend, divisor] = [a, b] as [SqlArgument, SqlArgument]
  return dividedBy(divisor, asDouble(divisor), context, (text) => `(${asDouble(dividend)} / ${text})`)
}

/** `a / b` of decimals; Flink's quotient has the same type. */
export function decimalQuotient([a, b]: readonly SqlArgument[], context: SqlContext): CallText {
  const [dividend, divisor] = [a, b] as [SqlArgument, SqlArgument]
  return dividedBy(divisor, divisor.text, context, (text) => `(${dividend.text} / ${text})`)
}

/** The quotient cut off towards zero; that of the smallest int64 by −1 wraps around in Flink. */
export function wholeQuotient([a, b]: readonly SqlArgument[], context: SqlContext): CallText {
  const args = [a, b] as [SqlArgument, SqlArgument]
  const result = dividedBy(args[1], bare(args[1]), context, (text) => `(${args[0].text} / ${text})`)
  const isMinusOne = args[1].literal === undefined || Number(args[1].literal) === -1
  return isMinusOne ? { ...result, fails: fill(`($1 = ${INT64_MIN} AND $2 = -1)`, args, context) } : result
}

/** The remainder of whole numbers or decimals. */
export function remainder([a, b]: readonly SqlArgument[], context: SqlContext): CallText {
  const [dividend, divisor] = [a, b] as [SqlArgument, SqlArgument]
  return dividedBy(divisor, divisor.text, context, (text) =>
    fill(`CAST(MOD(${dividend.text}, ${text}) AS $type)`, [], context),
  )
}

/** A double of so many digits before the point has none behind it. */
const WHOLE_FROM = '1E15'

/** More places change nothing in a double that is not whole, and would be too many for Flink. */
const MOST_PLACES = 20

/**
 * A function of a double and a number of decimal places. Flink computes it as a decimal, which may get too many digits
 * where the double is large.
 */
export function toDigits(name: 'ROUND' | 'TRUNCATE'): WriteSql {
  return (args, context) => {
    const { literal } = args[1] as SqlArgument
    const isGiven = typeof literal === 'number'
    const places = isGiven
      ? String(Math.max(-MOST_PLACES, Math.min(literal, MOST_PLACES)))
      : `GREATEST(LEAST($2:int, ${MOST_PLACES}), -${MOST_PLACES})`
    const call = `${name}($1, ${places})`
    if (isGiven && literal < 0) return { text: fill(call, args, context), fails: null }
    const isSmall = `ABS($1) < ${WHOLE_FROM}`
    const condition = isGiven ? isSmall : `${isSmall} OR $2 < 0`
    return { text: fill(`(CASE WHEN ${condition} THEN ${call} ELSE $1 END)`, args, context), fails: null }
  }
}

/** A function of a decimal and a number of decimal places; Flink takes a literal only. */
export function decimalToDigits(name: 'ROUND' | 'TRUNCATE'): WriteSql {
  return (args, context) => {
    const { literal } = args[1] as SqlArgument
    if (typeof literal !== 'number')
      return { unsupported: 'Flink rounds a decimal to a number of places that is given only' }
    const places = Math.max(-38, Math.min(literal, 38))
    return { text: fill(`TRY_CAST(${name}($1, ${places}) AS $type)`, args, context), fails: null }
  }
}
