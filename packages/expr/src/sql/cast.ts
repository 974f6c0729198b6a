import type { DataType, ScalarKind } from '../type.ts'
import type { TypedCast } from '../typed.ts'
import {
  type CallText,
  fill,
  type SqlArgument,
  type SqlContext,
  type Unsupported,
  unsupported,
} from './call-sql.ts'

type Kind = DataType['kind']

/** The text, null where the value cannot be had, and a condition that is true where the value cannot be had. */
interface CastTemplate {
  readonly value: string
  readonly fails: string | null
}

const WHOLE_NUMBER = "REGEXP($1, '^\\s*[+-]?[0-9]+\\s*\\z')"
const NUMBER = "REGEXP($1, '^\\s*[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?\\s*\\z')"
const WITHIN_INT64 = '($1 >= -9223372036854775808E0 AND $1 < 9223372036854775808E0)'
const DECIMAL_WITHIN_INT64 =
  "($1 > CAST('-9223372036854775809' AS DECIMAL(19, 0)) AND $1 < CAST('9223372036854775808' AS DECIMAL(19, 0)))"
const FINITE_DOUBLE = `(CASE WHEN ${NUMBER} AND ABS(TRY_CAST($1 AS DOUBLE)) < CAST('Infinity' AS DOUBLE) THEN TRY_CAST($1 AS DOUBLE) END)`
const DIGITS = "TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM CAST(CAST($1 AS DECIMAL(38, 23)) AS STRING)))"
const LONG_DIGITS =
  "TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM CAST(CAST($1 AS DECIMAL(38, 6)) AS STRING)))"
const WITH_EXPONENT =
  "REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(CAST($1 AS STRING), '\\.0E', 'E'), 'E-', 'e-'), 'E', 'e+')"
/** As JavaScript writes a double; Flink writes 100.0 and 1.0E7. */
const DOUBLE_TEXT = `(CASE WHEN $1 = 0E0 THEN '0' WHEN ABS($1) >= 1E-6 AND ABS($1) < 1E15 THEN ${DIGITS} WHEN ABS($1) >= 1E15 AND ABS($1) < 1E21 THEN ${LONG_DIGITS} ELSE ${WITH_EXPONENT} END)`

/** Flink's own casts where they mean the same, else what does. */
const CASTS: Readonly<Partial<Record<Kind, Partial<Record<ScalarKind | 'decimal', CastTemplate | string>>>>> =
  {
    boolean: { string: 'LOWER(CAST($1 AS STRING))' },
    int64: { double: 'CAST($1 AS DOUBLE)', decimal: 'TRY_CAST($1 AS $type)', string: 'CAST($1 AS STRING)' },
    decimal: {
      int64: {
        value: `(CASE WHEN ${DECIMAL_WITHIN_INT64} THEN CAST($1 AS BIGINT) END)`,
        fails: `(NOT ${DECIMAL_WITHIN_INT64})`,
      },
      double: 'CAST($1 AS DOUBLE)',
      decimal: 'TRY_CAST($1 AS $type)',
      string: 'CAST($1 AS STRING)',
    },
    double: {
      int64: {
        value: `(CASE WHEN ${WITHIN_INT64} THEN CAST($1 AS BIGINT) END)`,
        fails: `(NOT ${WITHIN_INT64})`,
      },
      decimal: {
        value: 'TRY_CAST($1 AS $type)',
        fails: "(CAST($1 AS STRING) IN ('NaN', 'Infinity', '-Infinity'))",
      },
      string: DOUBLE_TEXT,
    },
    string: {
      boolean: nullable("(CASE LOWER(TRIM($1)) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END)"),
      int64: nullable(`(CASE WHEN ${WHOLE_NUMBER} THEN TRY_CAST($1 AS BIGINT) END)`),
      double: nullable(FINITE_DOUBLE),
      decimal: { value: `(CASE WHEN ${NUMBER} THEN TRY_CAST($1 AS $type) END)`, fails: `(NOT ${NUMBER})` },
    },
    timestamp: { string: "DATE_FORMAT($1, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''')" },
  }

function nullable(value: string): CastTemplate {
  return { value, fails: `(${value} IS NULL AND $1 IS NOT NULL)` }
}

/** Texts that are not looked for in computed ones. */
const SPECIAL_DOUBLES: ReadonlyMap<string, string> = new Map([
  ['nan', 'NaN'],
  ['infinity', 'Infinity'],
  ['-infinity', '-Infinity'],
])

/** A conversion, written by the author or made by the rules of types; those never fail. */
export function castSql(
  written: TypedCast['written'],
  operand: SqlArgument,
  context: SqlContext,
): CallText | Unsupported {
  const { kind } = context.type
  const special =
    kind === 'double' ? SPECIAL_DOUBLES.get(String(operand.literal).trim().toLowerCase()) : undefined
  if (special !== undefined) return { text: `CAST('${special}' AS DOUBLE)`, fails: null }
  const put = (template: string) => fill(template, [operand], context)
  if (kind === 'array') return { text: put('CAST($1 AS $type)'), fails: null }
  const cast = CASTS[operand.type.kind]?.[kind as ScalarKind | 'decimal']
  if (cast === undefined) return unsupported(reasonFor(operand.type.kind, kind))
  if (typeof cast === 'string') return { text: put(cast), fails: null }
  return { text: put(cast.value), fails: written === 'cast' && cast.fails !== null ? put(cast.fails) : null }
}

function reasonFor(from: Kind, to: Kind): string {
  if (from === 'string' && to === 'timestamp')
    return 'Flink reads other texts as a timestamp: use parse_timestamp with a pattern'
  return `Flink cannot cast ${from} to ${to}`
}
