import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile } from '../compile.ts'
import { EvaluationError } from '../expression.ts'
import { toInt64, toWhole, type Value } from '../value.ts'
import { countErrors, OracleDecimal, OracleFailure, type OracleValue } from './oracle.ts'
import { RANDOM_FIELDS, type RandomKind, randomRow } from './random-base.ts'
import { randomExpression } from './random-expression.ts'

function fromOracle(value: OracleValue): Value {
  if (typeof value === 'bigint') return toInt64(value)
  if (value instanceof OracleDecimal) return toWhole(value.digits)
  return Array.isArray(value) ? value.map(fromOracle) : (value as Value)
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

describe.each<RandomKind>(['boolean', 'int64', 'decimal', 'double', 'string'])(
  'a random %s expression',
  (kind) => {
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
            const { type } = result.expression
            expect(type.kind).toBe(kind)
            if (type.kind === 'decimal') expect([type.precision, type.scale]).toEqual(expression.size)
            for (const row of rows) {
              const { result: wanted, errors } = countErrors(() =>
                run(() => fromOracle(expression.meaning(row))),
              )
              let counted = 0
              const context = { time: 0, onSoftError: () => void counted++ }
              const found = run(() => result.expression.evaluate(row.map(fromOracle), context))
              expect(counted).toBe(errors)
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
  },
)
