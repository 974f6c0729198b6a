import type { Int64 } from '../int64.ts'
import { bigint, type CallText, fill, type SqlArgument, type SqlContext, type WriteSql } from './call-sql.ts'
import { comparesExactly } from './comparison.ts'
import { subscriptSql } from './operator.ts'
import { sqlLiteral, sqlType } from './words.ts'

/** The array of the arguments, of just its type: literals alone would make another one. */
export function arrayLiteral(args: readonly SqlArgument[], { type }: SqlContext): CallText {
  return { text: `CAST(ARRAY[${args.map(({ text }) => text).join(', ')}] AS ${sqlType(type)})`, fails: null }
}

/** The element of an array as an argument. */
function elementOf({ type, text }: SqlArgument): SqlArgument {
  return { text, type: type.kind === 'array' ? type.element : type }
}

/** A writer for an array and a value; where one has int64 and the other double they would be compared as doubles. */
function withValue(template: string): WriteSql {
  return (args, context) => {
    const [array, value] = args as [SqlArgument, SqlArgument]
    if (!comparesExactly(elementOf(array), value))
      return { unsupported: 'Flink looks for a number among numbers of another kind by their next doubles' }
    const text = fill(template.replaceAll('$null', sqlLiteral(null, elementOf(array).type)), args, context)
    return { text, fails: null }
  }
}

/** Flink finds null, and does not care for nulls where it finds nothing. */
export const ARRAY_CONTAINS: WriteSql = (args, context) => {
  const [array, value] = args as [SqlArgument, SqlArgument]
  const unknown = 'CAST(NULL AS BOOLEAN)'
  const cases = [
    ...(value.type.nullable ? [`WHEN $2 IS NULL THEN ${unknown}`] : []),
    'WHEN ARRAY_CONTAINS($1, $2) THEN TRUE',
    ...(elementOf(array).type.nullable ? [`WHEN ARRAY_CONTAINS($1, $null) THEN ${unknown}`] : []),
    array.type.nullable ? 'WHEN $1 IS NOT NULL THEN FALSE' : 'ELSE FALSE',
  ]
  return withValue(`(CASE ${cases.join(' ')} END)`)(args, context)
}

export const ARRAY_POSITION = withValue(bigint('ARRAY_POSITION($1, $2)'))

export const ARRAY_REMOVE = withValue('ARRAY_REMOVE($1, $2)')

export const ARRAYS_OVERLAP: WriteSql = (args, context) => {
  const nothing = sqlLiteral(null, elementOf(args[0] as SqlArgument).type)
  return {
    text: fill(`(CARDINALITY(ARRAY_REMOVE(ARRAY_INTERSECT($1, $2), ${nothing})) > 0)`, args, context),
    fails: null,
  }
}

/** An element from the start or the end. */
export function elementAtSql(args: readonly SqlArgument[], context: SqlContext): CallText {
  const [array, position] = args as [SqlArgument, SqlArgument]
  const { literal } = position
  if (literal !== undefined && literal !== null && (literal as Int64) > 0)
    return { text: subscriptSql(array, position), fails: null }
  if (literal === 0) return { text: sqlLiteral(null, context.type), fails: null }
  const fromEnd = 'GREATEST(CARDINALITY($1) + 1 + $2:int, 0)'
  const index = literal === undefined ? `CASE WHEN $2 >= 0 THEN $2:int ELSE ${fromEnd} END` : fromEnd
  return { text: fill(`$1[CAST(${index} AS INT)]`, args, context), fails: null }
}

export const SLICE_FROM = 'ARRAY_SLICE($1, $2:int)'

/** Flink takes an end at 0 for 1; a slice from 2 to 1 is empty. */
export const SLICE_OF: WriteSql = (args, context) => {
  const { literal } = args[2] as SqlArgument
  const plain = 'ARRAY_SLICE($1, $2:int, $3:int)'
  const template =
    literal === undefined
      ? `(CASE WHEN $3 = 0 THEN ARRAY_SLICE($1, 2, 1) ELSE ${plain} END)`
      : literal === 0
        ? 'ARRAY_SLICE($1, 2, 1)'
        : plain
  return { text: fill(template, args, context), fails: null }
}
