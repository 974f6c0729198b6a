import { fill, type SqlArgument, type WriteSql } from './call-sql.ts'
import { sqlLiteral } from './words.ts'

/** Flink fails where the arrays differ in length. */
export const MAP_FROM_ARRAYS: WriteSql = (args, context) => {
  const { type } = args[0] as SqlArgument
  const key = type.kind === 'array' ? type.element : type
  const hasNull = key.nullable ? ` AND NOT ARRAY_CONTAINS($1, ${sqlLiteral(null, key)})` : ''
  const template = `(CASE WHEN CARDINALITY($1) = CARDINALITY($2)${hasNull} THEN CAST(MAP_FROM_ARRAYS($1, $2) AS $type) END)`
  return { text: fill(template, args, context), fails: null }
}

/** Flink finds no null among the keys, and says false. */
export const MAP_CONTAINS_KEY: WriteSql = (args, context) => {
  const contains = 'ARRAY_CONTAINS(MAP_KEYS($1), $2)'
  const template = args[1]?.type.nullable ? `(CASE WHEN $2 IS NOT NULL THEN ${contains} END)` : contains
  return { text: fill(template, args, context), fails: null }
}
