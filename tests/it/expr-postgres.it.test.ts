import {
  compile,
  EvaluationError,
  formatDecimal,
  parseType,
  type Row,
  toInt64,
  type Value,
  type Whole,
} from '@millrace/expr'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import {
  COLUMNS,
  FIT,
  type SqlExpression,
  type SqlKind,
  sqlExpression,
  sqlRow,
} from '../support/random-sql.ts'

/*
 * The subset that both languages share, by Postgres' own answer. Meant differences are levelled in `random-sql.ts`:
 * division by zero and decimals with too many digits are null here and errors there, the backslash is no escape of
 * `like`, texts have the order of code points, and decimals the sizes of Flink. One is left: what an expression does not
 * need is not evaluated here, so that it cannot fail; Postgres may evaluate it, or leave out other parts.
 */

const SEED = 20_260_131
const RUNS = 300
const ROWS = 4

/** Codes of Postgres for numbers that leave their type. */
const OUT_OF_RANGE = '22003'

const FIELDS = COLUMNS.map(({ name, type }) => {
  const parsed = parseType(type)
  if (!parsed.ok) throw new Error(parsed.issue.message)
  return { name, type: parsed.type }
})

let client: pg.Client

beforeAll(async () => {
  client = new pg.Client({ connectionString: inject('servers').postgres })
  await client.connect()
  await client.query(FIT)
  const columns = COLUMNS.map(({ name, sql }) => `${name} ${sql}`).join(', ')
  await client.query(`create temporary table sample (id int, ${columns})`)
})

afterAll(() => client.end())

/** A value as our language holds it. */
function ours(text: string | null, kind: SqlKind): Value {
  if (text === null) return null
  switch (kind) {
    case 'boolean':
      return text === 'true'
    case 'int64':
      return toInt64(BigInt(text))
    case 'decimal': {
      const digits = BigInt(text.replace('.', ''))
      return Number.isSafeInteger(Number(digits)) ? Number(digits) : digits
    }
    case 'string':
      return text
  }
}

type Answer = { readonly value: string | null } | { readonly fails: string }

function ourAnswer({ text }: SqlExpression, row: Row): Answer {
  const result = compile(text, FIELDS)
  if (!result.ok) throw new Error(`${text}: ${result.issues[0]?.message}`)
  const { type, evaluate } = result.expression
  try {
    const value = evaluate(row, { time: 0 })
    if (value === null) return { value: null }
    return { value: type.kind === 'decimal' ? formatDecimal(value as Whole, type.scale) : String(value) }
  } catch (error) {
    if (error instanceof EvaluationError) return { fails: error.code }
    throw error
  }
}

async function theirAnswer({ sql }: SqlExpression, id: number): Promise<Answer> {
  try {
    const { rows } = await client.query(`select (${sql})::text as value from sample where id = $1`, [id])
    return { value: rows[0].value }
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === OUT_OF_RANGE) return { fails: OUT_OF_RANGE }
    throw new Error(`${sql}: ${error}`, { cause: error })
  }
}

async function fill(rows: readonly (readonly (string | null)[])[]): Promise<void> {
  await client.query('truncate sample')
  const places = [0, ...COLUMNS.keys()].map((_, i) => `$${i + 1}`).join(', ')
  for (const [id, row] of rows.entries())
    await client.query(`insert into sample values (${places})`, [id, ...row])
}

describe.each<SqlKind>(['boolean', 'int64', 'decimal', 'string'])('a random %s expression', (kind) => {
  test('means what Postgres says', async () => {
    const rows = fc.sample(sqlRow, { numRuns: ROWS, seed: SEED })
    await fill(rows)
    const values = rows.map((row) => row.map((text, i) => ours(text, COLUMNS[i]?.kind ?? 'string')))
    let compared = 0
    for (const expression of fc.sample(sqlExpression[kind], { numRuns: RUNS, seed: SEED })) {
      if (tooLarge(expression)) continue
      for (const [id, row] of values.entries()) {
        const [mine, theirs] = [ourAnswer(expression, row), await theirAnswer(expression, id)]
        if ('fails' in mine || 'fails' in theirs) continue
        compared++
        expect(mine, `${expression.text}\n${expression.sql}`).toEqual(theirs)
      }
    }
    expect(compared).toBeGreaterThan((RUNS * ROWS * 3) / 4)
  }, 120_000)
})

/** Beyond the limits of an expression. */
function tooLarge({ text }: SqlExpression): boolean {
  const result = compile(text, FIELDS)
  return !result.ok && result.issues.every(({ code }) => code.startsWith('too_'))
}

test.each([
  ['9223372036854775807 + i', '9223372036854775807::bigint + i', 1],
  ['-9223372036854775807 - i', '-9223372036854775807::bigint - i', 2],
  ['4611686018427387904 * i', '4611686018427387904::bigint * i', 2],
  ['cast(9223372036854775807.5 as int64) + i', 'trunc(9223372036854775807.5)::bigint + i', 1],
])('%s fails in both', async (text, sql, i) => {
  await fill([COLUMNS.map(({ name }) => (name === 'i' ? String(i) : null))])
  expect(ourAnswer({ text, sql }, [null, i, null, null, null, null, null])).toHaveProperty('fails')
  expect(await theirAnswer({ text, sql }, 0)).toEqual({ fails: OUT_OF_RANGE })
})
