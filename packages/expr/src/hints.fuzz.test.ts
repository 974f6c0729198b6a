import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCondition } from './compile.ts'
import { EvaluationError, type ExpressionHint } from './expression.ts'
import { OracleDecimal, type OracleValue } from './testing/oracle.ts'
import { RANDOM_FIELDS, randomRow } from './testing/random-base.ts'
import { randomExpression } from './testing/random-expression.ts'
import { type Row, toInt64, toWhole, type Value } from './value.ts'

/** Numbers, null tests and coalesce that the fix leaves as they are; of the others it changes what is null. */
const SAME_VALUE: ReadonlySet<ExpressionHint['code']> = new Set([
  'null_test_constant',
  'unreachable_argument',
])
const CHOOSES = /case|if\(|transform|filter|reduce|any\(|all\(/i

function fromOracle(value: OracleValue): Value {
  if (typeof value === 'bigint') return toInt64(value)
  if (value instanceof OracleDecimal) return toWhole(value.digits)
  return Array.isArray(value) ? value.map(fromOracle) : (value as Value)
}

/** Evaluates a condition; gives 'fails' where that fails. Null where the text is too large. */
function evaluator(text: string): ((row: Row) => Value) | null {
  const result = compileCondition(text, RANDOM_FIELDS)
  if (!result.ok) {
    expect(result.issues[0]?.code, text).toMatch(/^too_/)
    return null
  }
  return (row) => {
    try {
      return result.expression.evaluate(row, { time: 0 })
    } catch (error) {
      if (error instanceof EvaluationError) return 'fails'
      throw error
    }
  }
}

function hintsFor(text: string): readonly ExpressionHint[] {
  const result = compileCondition(text, RANDOM_FIELDS)
  return result.ok ? result.hints() : []
}

describe('hints about random conditions', { timeout: 60_000 }, () => {
  it('stand apart, and their fixes change nothing but what nulls do', () => {
    fc.assert(
      fc.property(
        randomExpression.boolean,
        fc.array(randomRow, { minLength: 1, maxLength: 4 }),
        ({ text }, rows) => {
          const hints = hintsFor(text)
          for (const [i, hint] of hints.entries()) {
            const next = hints[i + 1]
            if (next) expect(hint.to).toBeLessThanOrEqual(next.from)
            if (!hint.fix) continue
            const mended = text.slice(0, hint.from) + hint.fix.replacement + text.slice(hint.to)
            const [evaluate, evaluateMended] = [evaluator(text), evaluator(mended)]
            for (const row of rows.map((values) => values.map(fromOracle))) {
              const [before, after] = [evaluate?.(row), evaluateMended?.(row)]
              if (before === undefined || before === 'fails' || after === undefined || after === 'fails')
                continue
              const mayDiffer = !SAME_VALUE.has(hint.code) && (before === null || CHOOSES.test(text))
              if (!mayDiffer) expect(after, `${text} → ${mended}`).toBe(before)
            }
          }
        },
      ),
      { numRuns: 1000 },
    )
  })
})
