import type { Int64 } from '../int64.ts'
import { LIMITS } from '../limits.ts'
import {
  type CallText,
  fallible,
  fill,
  type SqlArgument,
  type SqlContext,
  unsupported,
  type WriteSql,
} from './call-sql.ts'

/** `||`, for a chain of any length. */
export function joined(args: readonly SqlArgument[]): CallText {
  return { text: `(${args.map(({ text }) => text).join(' || ')})`, fails: null }
}

/** True where an argument is a literal that is above 0. */
function isPositive({ literal }: SqlArgument): boolean {
  return literal !== undefined && literal !== null && (literal as Int64) > 0
}

/** One template where an argument is a positive literal, and else a longer one. */
function whenPositive(position: number, simple: string, general: string): WriteSql {
  return (args, context) => {
    const template = isPositive(args[position - 1] as SqlArgument) ? simple : general
    return { text: fill(template, args, context), fails: null }
  }
}

/** Flink counts positions below 1 otherwise: 0 as 1, negative ones from the end. */
export const SUBSTRING_FROM = whenPositive(2, 'SUBSTRING($1, $2:int)', 'SUBSTRING($1, GREATEST($2:int, 1))')

export const SUBSTRING_OF = whenPositive(
  2,
  'SUBSTRING($1, $2:int, $3:int)',
  '(CASE WHEN $3 < 0 THEN CAST(NULL AS STRING) WHEN $2 >= 1 THEN SUBSTRING($1, $2:int, $3:int) WHEN $2 + $3 <= 1 THEN SUBSTRING($1, 1, 0) ELSE SUBSTRING($1, 1, CAST(LEAST($2 + $3 - 1, 2147483647) AS INT)) END)',
)

/** Where an argument is a text literal that is not empty, one template, and else a longer one. */
function whenNotEmpty(position: number, simple: string, general: string): WriteSql {
  return (args, context) => {
    const { literal } = args[position - 1] as SqlArgument
    const isGiven = typeof literal === 'string' && literal !== ''
    return { text: fill(isGiven ? simple : general, args, context), fails: null }
  }
}

/** Flink finds an empty text between all characters. */
export const REPLACE = whenNotEmpty(
  2,
  'REPLACE($1, $2:bare, $3:bare)',
  "(CASE WHEN $2 = '' AND $3 IS NOT NULL THEN $1 ELSE REPLACE($1, $2, $3) END)",
)

export const SPLIT_PART = whenNotEmpty(
  2,
  'SPLIT_INDEX($1, $2:bare, GREATEST($3:int, 0) - 1)',
  "(CASE WHEN $2 <> '' THEN SPLIT_INDEX($1, $2, GREATEST($3:int, 0) - 1) END)",
)

export const CONTAINS = whenNotEmpty(
  2,
  '(POSITION($2:bare IN $1) > 0)',
  "(CASE WHEN $2 = '' AND $1 IS NOT NULL THEN TRUE ELSE POSITION($2 IN $1) > 0 END)",
)

/** Longer texts fail, and would use up Flink's memory. */
const MOST = LIMITS.stringLength

export const REPEAT = fallible(
  `REPEAT($1, LEAST($2:int, ${MOST}))`,
  `(CHAR_LENGTH($1) * LEAST($2, ${MOST + 1}) > ${MOST})`,
)

/** Flink's LPAD and RPAD count UTF-16 units. */
const PADDING = `SUBSTRING(REPEAT($3, LEAST($2:int, ${MOST})), 1, LEAST($2:int, ${MOST}) - CHAR_LENGTH($1))`

function padded(whole: string): WriteSql {
  return fallible(
    `(CASE WHEN $2:bare < 0 OR $3:bare = '' THEN CAST(NULL AS STRING) WHEN CHAR_LENGTH($1) >= $2:bare THEN SUBSTRING($1, 1, $2:int) ELSE ${whole} END)`,
    `($2:bare > ${MOST} AND CHAR_LENGTH($1) < $2:bare AND $3:bare <> '')`,
  )
}

export const LPAD = padded(`${PADDING} || $1`)
export const RPAD = padded(`$1 || ${PADDING}`)

/** Flink replaces by nothing where it is given a null. */
export function translate(args: readonly SqlArgument[], context: SqlContext): CallText {
  const replaced = 'TRANSLATE($1, $2:bare, $3:bare)'
  const isGiven = args.slice(1).every(({ type }) => !type.nullable)
  const template = isGiven ? replaced : `(CASE WHEN $2 IS NOT NULL AND $3 IS NOT NULL THEN ${replaced} END)`
  return { text: fill(template, args, context), fails: null }
}

/** Flink cuts a text into UTF-16 units where the delimiter is empty. */
export function split(args: readonly SqlArgument[], context: SqlContext): ReturnType<WriteSql> {
  if (args[1]?.literal === '') return unsupported('Flink cuts characters beyond U+FFFF in halves')
  return { text: fill('SPLIT($1, $2:bare)', args, context), fails: null }
}

/** Flink's OVERLAY counts UTF-16 units. */
export const OVERLAY =
  '(CASE WHEN $3:bare < 1 OR $3:bare > CHAR_LENGTH($1) THEN $1 ELSE SUBSTRING($1, 1, $3:int - 1) || $2 || SUBSTRING($1, $3:int + CHAR_LENGTH($2)) END)'
export const OVERLAY_OF =
  '(CASE WHEN $3:bare < 1 OR $3:bare > CHAR_LENGTH($1) THEN $1 ELSE SUBSTRING($1, 1, $3:int - 1) || $2 || SUBSTRING($1, CAST(LEAST($3 + GREATEST(LEAST($4, 2147483647), 0), 2147483647) AS INT)) END)'

/** Flink's CHR knows 256 characters and begins anew behind them. */
export function chr(args: readonly SqlArgument[], context: SqlContext): ReturnType<WriteSql> {
  const { literal } = args[0] as SqlArgument
  if (typeof literal === 'number' && literal >= 1 && literal <= 255)
    return { text: fill('CHR($1:bare)', args, context), fails: null }
  return unsupported("Flink's CHR knows the first 255 characters only")
}

/** Replaces matches; Flink has no references to groups in the replacement. */
export function regexpReplace(args: readonly SqlArgument[], context: SqlContext): ReturnType<WriteSql> {
  const { literal } = args[2] as SqlArgument
  if (typeof literal !== 'string' || /\$\d/.test(literal))
    return unsupported('Flink replaces matches by a given text only, without $1 and the like')
  return { text: fill('REGEXP_REPLACE($1, $2, $3:bare)', args, context), fails: null }
}
