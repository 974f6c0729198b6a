import type { DataType } from '../type.ts'
import type { Value } from '../value.ts'
import { bareLiteral, sqlType } from './words.ts'

/** An argument of a call as SQL: a literal, a call or in parentheses, so that it can stand anywhere. */
export interface SqlArgument {
  readonly text: string
  readonly type: DataType
  /** The value of a literal; undefined where it is computed. */
  readonly literal?: Value
}

/** Flink SQL with the same meaning as a call. */
export interface CallText {
  readonly text: string
  /**
   * A condition that is true for the rows for which the call itself fails (then the text gives any value, but does not
   * stop the job), and otherwise false or null. Null where it never fails.
   */
  readonly fails: string | null
  /**
   * For every argument a condition that is true where it is evaluated, null where it always is. Without this a strict
   * function evaluates arguments while those before are not null, and a lazy one all of them.
   */
  readonly reached?: readonly (string | null)[]
}

/** Says in words why Flink SQL has nothing of the same meaning. */
export interface Unsupported {
  readonly unsupported: string
}

/** What the SQL of an expression needs to know about the query around it. */
export interface SqlOptions {
  /** The SQL of the record's event time, such as a column in back-ticks. */
  readonly eventTime: string
}

/** What a writer is told beside the arguments. */
export interface SqlContext extends SqlOptions {
  /** The type of the call's result. */
  readonly type: DataType
}

/** Writes a call over its arguments. */
export type WriteSql = (args: readonly SqlArgument[], context: SqlContext) => CallText | Unsupported

/**
 * The SQL column of a row: a template, a writer, or why there is none. In a template stand `$1` for the first argument;
 * `$1:int` for the same as an INT; `$1:bare` for it without the cast of a literal, where Flink takes any kind of number
 * or text; `$*` for all arguments with commas between; `$type` for the type of the result. It must be a call or stand in
 * parentheses.
 */
export type Sql = string | WriteSql | Unsupported

/** A row that Flink SQL has nothing for, and why. */
export function unsupported(reason: string): Unsupported {
  return { unsupported: reason }
}

/** A template of which Flink makes an INT, made a BIGINT, so that arithmetic with it does not wrap around. */
export function bigint(template: string): string {
  return `CAST(${template} AS BIGINT)`
}

/** A template with a condition template for the arguments with which the call fails. */
export function fallible(template: string, fails: string): WriteSql {
  return (args, context) => ({ text: fill(template, args, context), fails: fill(fails, args, context) })
}

/** The column as a writer. */
export function sqlWriter(sql: Sql): WriteSql {
  if (typeof sql === 'function') return sql
  if (typeof sql === 'object') return () => sql
  return (args, context) => ({ text: fill(sql, args, context), fails: null })
}

const PLACEHOLDER = /\$(?:(?<position>\d)(?::(?<form>int|bare))?|(?<word>\*|type))/g

/** Puts arguments into a template. */
export function fill(template: string, args: readonly SqlArgument[], context: SqlContext): string {
  return template.replaceAll(PLACEHOLDER, (...match) => {
    const { position, form, word } = match.at(-1) as Readonly<Record<string, string | undefined>>
    if (word === '*') return args.map(({ text }) => text).join(', ')
    if (word === 'type') return sqlType(context.type)
    const argument = args[Number(position) - 1]
    if (argument === undefined) throw new Error(`The template ${template} has no argument ${position}`)
    if (form === 'int') return asInt(argument)
    return form === 'bare' ? bare(argument) : argument.text
  })
}

/** An argument without the cast that gives a literal its type. */
export function bare({ text, literal, type }: SqlArgument): string {
  return literal === undefined || literal === null ? text : bareLiteral(literal, type)
}

const INT_MIN = -(2 ** 31)
const INT_MAX = 2 ** 31 - 1

/** Flink's functions take positions and lengths as INT; what lies beyond is as far away as that. */
function asInt({ text, literal }: SqlArgument): string {
  if (typeof literal === 'number' || typeof literal === 'bigint') {
    return String(literal < INT_MIN ? INT_MIN : literal > INT_MAX ? INT_MAX : literal)
  }
  return `CAST(GREATEST(LEAST(${text}, ${INT_MAX}), ${INT_MIN}) AS INT)`
}
