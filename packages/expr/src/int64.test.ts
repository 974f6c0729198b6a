import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EvaluationError } from './expression.ts'
import {
  absoluteInt64,
  addInt64,
  type Int64,
  multiplyInt64,
  negateInt64,
  remainderInt64,
  signInt64,
  subtractInt64,
  truncatedQuotientInt64,
} from './int64.ts'
import { INT64_MAX, INT64_MIN, toInt64 } from './value.ts'

const edges = [
  0n,
  1n,
  -1n,
  2n ** 31n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 53n + 1n,
  -(2n ** 53n),
  INT64_MAX,
  INT64_MIN,
  3_037_000_500n,
]
const anyInt64 = fc.oneof(
  fc.constantFrom(...edges),
  fc.bigInt({ min: INT64_MIN, max: INT64_MAX }),
  fc.bigInt({ min: -(2n ** 33n), max: 2n ** 33n }),
)

/** The value as the package holds it, or the code of the error. */
function canonical(value: bigint | null): Int64 | null | string {
  return value === null ? null : (toInt64(value) ?? 'int64_overflow')
}

function run(work: () => Int64 | null): Int64 | null | string {
  try {
    return work()
  } catch (error) {
    if (error instanceof EvaluationError) return error.code
    throw error
  }
}

const BINARY: Readonly<
  Record<string, readonly [(a: Int64, b: Int64) => Int64 | null, (a: bigint, b: bigint) => bigint | null]>
> = {
  sum: [addInt64, (a, b) => a + b],
  difference: [subtractInt64, (a, b) => a - b],
  product: [multiplyInt64, (a, b) => a * b],
  'truncated quotient': [truncatedQuotientInt64, (a, b) => (b === 0n ? null : a / b)],
  remainder: [remainderInt64, (a, b) => (b === 0n ? null : a % b)],
}

const UNARY: Readonly<Record<string, readonly [(a: Int64) => Int64, (a: bigint) => bigint]>> = {
  negation: [negateInt64, (a) => -a],
  'absolute value': [absoluteInt64, (a) => (a < 0n ? -a : a)],
  sign: [signInt64, (a) => (a === 0n ? 0n : a < 0n ? -1n : 1n)],
}

describe('int64 arithmetic is that of integers, in canonical form, or an overflow', () => {
  it.each(Object.entries(BINARY))('%s', (_, [operate, exact]) => {
    fc.assert(
      fc.property(anyInt64, anyInt64, (a, b) => {
        const result = run(() => operate(toInt64(a) as Int64, toInt64(b) as Int64))
        expect(result).toBe(canonical(exact(a, b)))
      }),
      { numRuns: 2000 },
    )
  })

  it.each(Object.entries(UNARY))('%s', (_, [operate, exact]) => {
    fc.assert(
      fc.property(anyInt64, (a) => {
        expect(run(() => operate(toInt64(a) as Int64))).toBe(canonical(exact(a)))
      }),
    )
  })
})
