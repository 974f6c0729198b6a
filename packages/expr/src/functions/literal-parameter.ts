import type { ExpressionIssueCode } from '../expression.ts'
import { readJsonPath, sqlJsonPath } from '../json-text/json-path.ts'
import { compileRegexp } from '../pattern.ts'
import { type Unsupported, unsupported } from '../sql/call-sql.ts'
import { javaPattern } from '../sql/java-pattern.ts'
import { sqlText } from '../sql/words.ts'
import { suggest } from '../suggest.ts'
import { timeParts } from '../time-parts.ts'
import { missingForDate, readTimePattern, type TimePattern } from '../time-pattern.ts'
import { timeZone } from '../time-zone.ts'
import { URL_PARTS } from '../url.ts'

/**
 * Parameters that take a text in quotes only: a regular expression, a unit of time, one that has a fixed length, a time
 * zone, a pattern to write or to read times, a path in JSON, a part of an address or of a time.
 */
export type LiteralParameter =
  | 'pattern'
  | 'unit'
  | 'fixed_unit'
  | 'zone'
  | 'time_format'
  | 'date_format'
  | 'json_path'
  | 'url_part'
  | 'time_part'

/** What was read from a text in quotes, and how Flink SQL has it; or in words why it will not do. */
export type ReadLiteral =
  | { readonly ok: true; readonly value: unknown; readonly sql: string | Unsupported }
  | { readonly ok: false; readonly message: string; readonly replacement?: string }

/** A kind of literal parameter. */
export interface LiteralKind {
  /** The code of the issue about a text that will not do. */
  readonly code: ExpressionIssueCode
  read(text: string): ReadLiteral
}

/** The units of time that functions take, the shortest first. */
export const TIME_UNITS = [
  'millisecond',
  'second',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
] as const

/** One of the units of time. */
export type TimeUnit = (typeof TIME_UNITS)[number]

/** Units that are always as long in UTC. */
export type FixedUnit = Exclude<TimeUnit, 'month' | 'quarter' | 'year'>

const FIXED_UNITS = TIME_UNITS.slice(0, 6) as readonly FixedUnit[]

/** What Flink calls the parts of an address. */
const SQL_URL_PARTS: ReadonlyMap<string, string> = new Map([['fragment', 'REF']])

/** How each kind of literal parameter is read. */
export const LITERAL_PARAMETERS: Readonly<Record<LiteralParameter, LiteralKind>> = {
  pattern: { code: 'invalid_pattern', read: readPattern },
  unit: oneOf('unit', TIME_UNITS, (unit) => unit.toUpperCase()),
  fixed_unit: oneOf('unit of a fixed length', FIXED_UNITS, (unit) => unit.toUpperCase()),
  zone: { code: 'invalid_literal', read: readZone },
  time_format: { code: 'invalid_literal', read: (text) => readFormat(text, () => null) },
  date_format: { code: 'invalid_literal', read: (text) => readFormat(text, missingForDate) },
  json_path: { code: 'invalid_literal', read: readPath },
  time_part: oneOf('part', Object.keys(timeParts), (part) => part.toUpperCase()),
  url_part: oneOf('part', URL_PARTS, (part) => sqlText(SQL_URL_PARTS.get(part) ?? part.toUpperCase())),
}

/** True for parameters that take a text in quotes only. */
export function isLiteralParameter(parameter: string): parameter is LiteralParameter {
  return Object.hasOwn(LITERAL_PARAMETERS, parameter)
}

function oneOf(noun: string, words: readonly string[], sql: (word: string) => string): LiteralKind {
  return {
    code: 'invalid_literal',
    read(text) {
      const lower = text.toLowerCase()
      if (words.includes(lower)) return { ok: true, value: lower, sql: sql(lower) }
      return refused(`There is no ${noun} '${text}': write one of ${words.join(', ')}`, lower, words)
    },
  }
}

function refused(message: string, text: string, words: Iterable<string>): ReadLiteral {
  const meant = suggest(text, words)
  return meant === null ? { ok: false, message } : { ok: false, message, replacement: `'${meant}'` }
}

function readPattern(text: string): ReadLiteral {
  const result = compileRegexp(text)
  if (!result.ok) return result
  const java = javaPattern(text)
  return { ok: true, value: result.program, sql: typeof java === 'string' ? sqlText(java) : java }
}

function readZone(text: string): ReadLiteral {
  const zone = timeZone(text)
  if (zone !== null) return { ok: true, value: zone, sql: sqlText(text) }
  const message = `There is no time zone '${text}': write a name such as 'Europe/Berlin' or 'UTC'`
  return refused(message, text, ['UTC', ...Intl.supportedValuesOf('timeZone')])
}

/** Flink knows a local time only, without an offset. */
function readFormat(text: string, missing: (pattern: TimePattern) => string | null): ReadLiteral {
  const pattern = readTimePattern(text)
  if (typeof pattern === 'string') return { ok: false, message: pattern }
  const lacks = missing(pattern)
  if (lacks !== null) return { ok: false, message: `The time pattern lacks ${lacks}` }
  const sql = pattern.says('offset')
    ? unsupported('Flink reads and writes times without an offset')
    : sqlText(text)
  return { ok: true, value: pattern, sql }
}

function readPath(text: string): ReadLiteral {
  const path = readJsonPath(text)
  if (path !== null) return { ok: true, value: path, sql: sqlText(sqlJsonPath(path)) }
  return { ok: false, message: "A path in JSON is written like '$.items[0].sku' or '$[''any name'']'" }
}
