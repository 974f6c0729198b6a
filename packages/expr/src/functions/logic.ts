import { equalScalars, greaterOf, lesserOf } from '../compare.ts'
import type { Evaluate } from '../expression.ts'
import type { SqlArgument, WriteSql } from '../sql/call-sql.ts'
import { comparisonSql } from '../sql/comparison.ts'
import { sqlLiteral } from '../sql/words.ts'
import type { Value } from '../value.ts'
import { type FunctionRow, lazy, row, strict } from './function.ts'

/** Functions that choose between values. */
// biome-ignore format: one row a line, columns aligned
export const LOGIC_FUNCTIONS: readonly FunctionRow[] = [
  row('coalesce', ['T', 'T…'],           'T',     'all',      lazy(firstNotNull),      coalesceSql,    'The first argument that is not null.',                        'coalesce(null, 2, 3) = 2'),
  row('greatest', ['O', 'O…'],           'O',     'any',      strict(greatest),        'GREATEST($*)', 'The greatest of the arguments; null if one of them is null.', 'greatest(1, 3, 2) = 3'),
  row('if',       ['boolean', 'T', 'T'], 'T',     'branches', lazy(chooseByCondition), chooseSql,      'The second argument if the first is true, else the third.',   "if(2 > 1, 'a', 'b') = 'a'"),
  row('least',    ['O', 'O…'],           'O',     'any',      strict(least),           'LEAST($*)',    'The least of the arguments; null if one of them is null.',    'least(3, 1, 2) = 1'),
  row('nullif',   ['E', 'E'],            'first', 'always',   lazy(nullIfEqual),       nullIfSql,      'Null if both arguments are equal, else the first.',           "nullif('n/a', 'n/a') is null"),
]

function firstNotNull(args: readonly Evaluate[]): Evaluate {
  return (row, context) => {
    for (const argument of args) {
      const value = argument(row, context)
      if (value !== null) return value
    }
    return null
  }
}

function coalesceSql(args: readonly SqlArgument[]): ReturnType<WriteSql> {
  const texts = args.map(({ text }) => text)
  const reached = texts.map((_, i) => {
    const before = texts.slice(0, i).map((text) => `${text} IS NULL`)
    return before.length === 0 ? null : `(${before.join(' AND ')})`
  })
  return { text: `COALESCE(${texts.join(', ')})`, fails: null, reached }
}

function chooseByCondition(args: readonly Evaluate[]): Evaluate {
  const [condition, then, otherwise] = args as [Evaluate, Evaluate, Evaluate]
  return (row, context) => (condition(row, context) === true ? then(row, context) : otherwise(row, context))
}

function chooseSql(args: readonly SqlArgument[]): ReturnType<WriteSql> {
  const [condition, then, otherwise] = args.map(({ text }) => text)
  return {
    text: `(CASE WHEN ${condition} THEN ${then} ELSE ${otherwise} END)`,
    fails: null,
    reached: [null, `${condition} IS TRUE`, `${condition} IS NOT TRUE`],
  }
}

function nullIfEqual(args: readonly Evaluate[]): Evaluate {
  const [first, second] = args as [Evaluate, Evaluate]
  return (row, context) => {
    const value = first(row, context)
    const other = second(row, context)
    return value !== null && other !== null && equalScalars(value, other) ? null : value
  }
}

function nullIfSql(args: readonly SqlArgument[]): ReturnType<WriteSql> {
  const [first, second] = args as [SqlArgument, SqlArgument]
  const nothing = sqlLiteral(null, first.type)
  return {
    text: `(CASE WHEN ${comparisonSql('=', first, second)} THEN ${nothing} ELSE ${first.text} END)`,
    fails: null,
  }
}

function greatest(...values: Value[]): Value {
  return values.reduce(greaterOf)
}

function least(...values: Value[]): Value {
  return values.reduce(lesserOf)
}
