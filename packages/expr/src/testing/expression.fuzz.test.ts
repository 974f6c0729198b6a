import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile } from '../compile.ts'
import { EvaluationError } from '../expression.ts'
import { toInt64, type Value } from '../value.ts'
import { OracleFailure, type OracleValue } from './oracle.ts'
import { RANDOM_FIELDS, type RandomKind, randomExpression, randomRow } from './random-expression.ts'

function fromOracle(value: OracleValue): Value {
  return typeof value === 'bigint' ? toInt64(value) : value
}

function run(work: () => OracleValue | Value): unknown {
  try {
    return work()
  } catch (error) {
    if (error instanceof OracleFailure) return { fails: error.message }
    if (error instanceof EvaluationError) return { fails: error.code }
    throw error
  }
}

describe.each<RandomKind>(['boolean', 'int64', 'double', 'string'])('a random %s expression', (kind) => {
  it('means what the oracle says, and is null only where its type says so', () => {
    fc.assert(
      fc.property(
        randomExpression[kind],
        fc.array(randomRow, { minLength: 1, maxLength: 4 }),
        (expression, rows) => {
          const result = compile(expression.text, RANDOM_FIELDS)
          if (!result.ok) {
            expect(result.issues[0]?.code).toMatch(/^too_/)
            return
          }
          expect(result.expression.type.kind).toBe(kind)
          for (const row of rows) {
            const wanted = run(() => fromOracle(expression.meaning(row)))
            const found = run(() => result.expression.evaluate(row.map(fromOracle), { time: 0 }))
            expect(typeof found === 'number' ? found + 0 : found).toEqual(
              typeof wanted === 'number' ? wanted + 0 : wanted,
            )
            if (!result.expression.type.nullable) expect(found).not.toBeNull()
          }
        },
      ),
      { numRuns: 2000 },
    )
  })
})
