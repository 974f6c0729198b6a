import { describe, expect, it } from 'vitest'
import { compile } from '../compile.ts'
import { FUNCTION_SQL } from '../testing/function-sql.ts'
import { FIELDS } from '../testing/outcome.ts'
import { sampleCall } from '../testing/sample-call.ts'
import { functionNames, functionRows, operatorRows } from './table.ts'

const OPERATORS = ['+', '-', '*', '/', '||']

function sqlOf(text: string) {
  const result = compile(text, FIELDS)
  if (!result.ok) throw new Error(`${text}: ${result.issues[0]?.message}`)
  const sql = result.expression.toSql({ eventTime: '`event time`' })
  if (!sql.ok) return { unsupported: sql.reasons.join('; ') }
  return sql.fails === null ? [sql.sql] : [sql.sql, sql.fails]
}

describe('the SQL of the function table', () => {
  it.each(FUNCTION_SQL)('%s', (call, expected) => {
    expect(sqlOf(call)).toEqual(expected)
  })

  it('is expected for every row, and for nothing else', () => {
    const rows = [
      ...OPERATORS.flatMap(operatorRows),
      ...functionNames().flatMap((name) => functionRows(name) ?? []),
    ]
    const expected = new Set(FUNCTION_SQL.map(([call]) => call))
    expect(new Set(rows.map(sampleCall))).toEqual(expected)
  })
})
