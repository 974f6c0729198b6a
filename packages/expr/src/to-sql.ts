import { NO_LAMBDA } from './functions/lambda.ts'
import {
  type CallText,
  type SqlArgument,
  type SqlOptions,
  type Unsupported,
  unsupported,
} from './sql/call-sql.ts'
import { castSql } from './sql/cast.ts'
import { beside, comparesExactly, comparisonSql } from './sql/comparison.ts'
import { shiftSql, subscriptSql } from './sql/operator.ts'
import { quoteIdentifier, sqlLiteral } from './sql/words.ts'
import type {
  Typed,
  TypedBetween,
  TypedCall,
  TypedCase,
  TypedCast,
  TypedComparison,
  TypedDistinct,
  TypedIn,
  TypedLazy,
  TypedLiteral,
  TypedLogic,
  TypedMember,
  TypedSubscript,
} from './typed.ts'

/** An expression as Flink SQL, or why Flink cannot run it, each reason once. */
export type SqlResult =
  | {
      readonly ok: true
      readonly sql: string
      /**
       * A condition that is true for the rows for which the expression fails, so that they can go to dead letters: for
       * them `sql` gives any value. Never null as a whole; null where no row can make it fail.
       */
      readonly fails: string | null
    }
  | { readonly ok: false; readonly reasons: readonly string[] }

/**
 * Writes a checked expression as Flink SQL (2.3, session time zone UTC): literals, calls and parentheses only, so that
 * it can stand anywhere. Both mean the same but for what Flink has not: lengths are not limited, timestamps lie within
 * the years 1 and 9999, and the planner takes NaN to equal itself.
 */
export function toSql(typed: Typed, options: SqlOptions): SqlResult {
  const writer = new SqlWriter(options)
  const { text, fails } = writer.write(typed)
  if (writer.reasons.size > 0) return { ok: false, reasons: [...writer.reasons] }
  return { ok: true, sql: text, fails: fails === null ? null : `(${fails} IS TRUE)` }
}

/** A part as SQL; `fails` covers all that is in it, and may be null instead of false. */
interface SqlPart extends SqlArgument {
  readonly fails: string | null
}

type Writers = {
  readonly [K in Typed['kind']]: (
    typed: Extract<Typed, { kind: K }>,
    writer: SqlWriter,
  ) => CallText | Unsupported
}

const WRITERS: Writers = {
  literal: writeLiteral,
  field: ({ path }) => plain(path.map(quoteIdentifier).join('.')),
  member: writeMember,
  subscript: writeSubscript,
  cast: writeCast,
  shift: ({ time, months, milliseconds }, writer) => {
    const part = writer.write(time)
    return { text: shiftSql(part, months, milliseconds), fails: part.fails }
  },
  // A lambda's parameters stand only within calls of lambdas, which Flink SQL has none of.
  lambdaCall: () => NO_LAMBDA,
  variable: () => NO_LAMBDA,
  call: writeCall,
  lazy: writeCall,
  logic: writeLogic,
  not: ({ operand }, writer) => {
    const part = writer.write(operand)
    return { text: `(NOT ${part.text})`, fails: part.fails }
  },
  comparison: writeComparison,
  distinct: writeDistinct,
  nullTest: ({ operand }, writer) => {
    const part = writer.write(operand)
    return { text: `(${part.text} IS NULL)`, fails: part.fails }
  },
  in: writeIn,
  between: writeBetween,
  case: writeCase,
}

class SqlWriter {
  readonly options: SqlOptions
  readonly reasons = new Set<string>()

  constructor(options: SqlOptions) {
    this.options = options
  }

  write(typed: Typed): SqlPart {
    const { type } = typed
    const literal = typed.kind === 'literal' ? typed.value : undefined
    const result = (WRITERS[typed.kind] as (typed: Typed, writer: SqlWriter) => CallText | Unsupported)(
      typed,
      this,
    )
    if (!('unsupported' in result)) return { ...result, literal, type }
    this.reasons.add(result.unsupported)
    return { text: 'NULL', fails: null, type }
  }

  writeAll(parts: readonly Typed[]): SqlPart[] {
    return parts.map((part) => this.write(part))
  }
}

/** The first millisecond of the year 1 and the last of the year 9999: Flink has null for timestamps beyond. */
const FLINK_TIMES = { first: -62_135_596_800_000, last: 253_402_300_799_999 } as const

function writeLiteral({ value, type }: TypedLiteral): CallText | Unsupported {
  const isBeyond =
    type.kind === 'timestamp' &&
    value !== null &&
    ((value as number) < FLINK_TIMES.first || (value as number) > FLINK_TIMES.last)
  return isBeyond
    ? unsupported("Flink's timestamps lie within the years 1 and 9999")
    : plain(sqlLiteral(value, type))
}

function plain(text: string): CallText {
  return { text, fails: null }
}

function writeMember({ object, position }: TypedMember, writer: SqlWriter): CallText {
  const part = writer.write(object)
  const name = object.type.kind === 'struct' ? (object.type.fields[position]?.name ?? '') : ''
  return { text: `(${part.text}).${quoteIdentifier(name)}`, fails: part.fails }
}

function writeSubscript({ object, index }: TypedSubscript, writer: SqlWriter): CallText {
  const parts = writer.writeAll([object, index])
  const [container, at] = parts as [SqlPart, SqlPart]
  return { text: subscriptSql(container, at), fails: failsOf(parts, whileNotNull(parts)) }
}

function writeCast({ written, operand, type }: TypedCast, writer: SqlWriter): CallText | Unsupported {
  const part = writer.write(operand)
  const result = castSql(written, part, { ...writer.options, type })
  if ('unsupported' in result) return result
  return { text: result.text, fails: any([part.fails, result.fails]) }
}

/** Arguments of a strict function are reached while those before them are not null. */
function writeCall(typed: TypedCall | TypedLazy, writer: SqlWriter): CallText | Unsupported {
  const args = writer.writeAll(typed.arguments)
  const result = typed.sql(args, { ...writer.options, type: typed.type })
  if ('unsupported' in result) return result
  const reached = result.reached ?? (typed.kind === 'call' ? whileNotNull(args) : [])
  return { text: result.text, fails: any([failsOf(args, reached), result.fails]) }
}

/** For every argument the condition that none before it is null; null where that is always so. */
function whileNotNull(args: readonly SqlArgument[]): (string | null)[] {
  return args.map((_, i) =>
    all(args.slice(0, i).map((arg) => (arg.type.nullable ? `${arg.text} IS NOT NULL` : null))),
  )
}

/** Whether one of the parts fails, each asked only where it is reached. */
function failsOf(parts: readonly SqlPart[], reached: readonly (string | null)[]): string | null {
  return any(parts.map(({ fails }, i) => (fails === null ? null : all([reached[i] ?? null, fails]))))
}

function any(conditions: readonly (string | null)[]): string | null {
  return joined(conditions, ' OR ')
}

function all(conditions: readonly (string | null)[]): string | null {
  return joined(conditions, ' AND ')
}

function joined(conditions: readonly (string | null)[], word: string): string | null {
  const given = conditions.filter((condition) => condition !== null)
  if (given.length < 2) return given[0] ?? null
  return `(${given.join(word)})`
}

/** A term is reached while no term before it decides. */
function writeLogic({ operator, operands }: TypedLogic, writer: SqlWriter): CallText {
  const parts = writer.writeAll(operands)
  const undecided = operator === 'and' ? 'IS NOT FALSE' : 'IS NOT TRUE'
  const reached = parts.map((_, i) => all(parts.slice(0, i).map(({ text }) => `${text} ${undecided}`)))
  return {
    text: `(${parts.map(({ text }) => text).join(` ${operator.toUpperCase()} `)})`,
    fails: failsOf(parts, reached),
  }
}

/** Flink compares decimals of any scale, and int64 with them, exactly; a common type might have more than 38 digits. */
function uncast(typed: Typed): Typed {
  const isWidened = typed.kind === 'cast' && typed.written === null && typed.type.kind === 'decimal'
  return isWidened ? typed.operand : typed
}

function writeComparison({ operator, left, right }: TypedComparison, writer: SqlWriter): CallText {
  const parts = writer.writeAll([left, right].map(uncast))
  const [a, b] = parts as [SqlPart, SqlPart]
  return { text: comparisonSql(operator, a, b), fails: failsOf(parts, whileNotNull(parts)) }
}

function writeDistinct({ left, right }: TypedDistinct, writer: SqlWriter): CallText {
  const parts = writer.writeAll([left, right].map(uncast))
  const [a, b] = parts as [SqlPart, SqlPart]
  const text = comparesExactly(a, b)
    ? `(${a.text} IS DISTINCT FROM ${b.text})`
    : `(${comparisonSql('=', a, b)} IS NOT TRUE AND (${a.text} IS NOT NULL OR ${b.text} IS NOT NULL))`
  return { text, fails: failsOf(parts, []) }
}

function writeBetween({ operand, low, high }: TypedBetween, writer: SqlWriter): CallText {
  const parts = writer.writeAll([operand, low, high].map(uncast))
  const [x, from, to] = parts as [SqlPart, SqlPart, SqlPart]
  const bounds = [comparisonSql('>=', x, from), comparisonSql('<=', x, to)] as const
  const isPlain = comparesExactly(x, from) && comparesExactly(x, to)
  const text = isPlain
    ? `(${x.text} BETWEEN ${beside(from, x)} AND ${beside(to, x)})`
    : `(${bounds[0]} AND ${bounds[1]})`
  const isPresent = x.type.nullable ? `${x.text} IS NOT NULL` : null
  const reached = [null, isPresent, all([isPresent, `${bounds[0]} IS NOT FALSE`])]
  return { text, fails: failsOf(parts, reached) }
}

function writeIn({ operand, options }: TypedIn, writer: SqlWriter): CallText {
  const x = writer.write(uncast(operand))
  const parts = writer.writeAll(options.map(uncast))
  const isPlain = parts.every((part) => comparesExactly(part, x))
  const equals = parts.map((part) => comparisonSql('=', x, part))
  const text = isPlain
    ? `(${x.text} IN (${parts.map((part) => beside(part, x)).join(', ')}))`
    : `(${equals.join(' OR ')})`
  const isPresent = x.type.nullable ? `${x.text} IS NOT NULL` : null
  const reached = parts.map((_, i) =>
    all([isPresent, ...equals.slice(0, i).map((equal) => `${equal} IS NOT TRUE`)]),
  )
  return { text, fails: any([x.fails, failsOf(parts, reached)]) }
}

/** Always as conditions; a condition is reached while those before it are not true, a result where its own is. */
function writeCase({ operand, branches, otherwise }: TypedCase, writer: SqlWriter): CallText {
  const head = operand === null ? null : writer.write(uncast(operand))
  const whens = writer.writeAll(branches.map(({ when }) => (head === null ? when : uncast(when))))
  const results = writer.writeAll(branches.map((branch) => branch.result))
  const last = writer.write(otherwise)
  const conditions = whens.map((when) => (head === null ? when.text : comparisonSql('=', head, when)))
  const untaken = [...conditions, ''].map((_, i) =>
    all(conditions.slice(0, i).map((one) => `${one} IS NOT TRUE`)),
  )
  const isPresent = head?.type.nullable ? `${head.text} IS NOT NULL` : null
  const lines = conditions.map((condition, i) => `WHEN ${condition} THEN ${(results[i] as SqlPart).text}`)
  return {
    text: `(CASE ${lines.join(' ')} ELSE ${last.text} END)`,
    fails: any([
      head?.fails ?? null,
      failsOf(
        whens,
        untaken.map((one) => all([isPresent, one])),
      ),
      failsOf(
        results,
        conditions.map((condition, i) => all([untaken[i] ?? null, condition])),
      ),
      failsOf([last], [untaken.at(-1) ?? null]),
    ]),
  }
}
