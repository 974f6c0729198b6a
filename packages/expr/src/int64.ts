import { EvaluationError } from './expression.ts'
import { toInt64, type Whole } from './value.ts'

/** An int64 at run time: a number while it is a safe integer, else a bigint (see `Value`). */
export type Int64 = Whole

function exact(value: bigint, describe: () => string): Int64 {
  const result = toInt64(value)
  if (result !== null) return result
  throw new EvaluationError('int64_overflow', `${describe()} leaves the range of int64`)
}

// A sum, difference or product of two safe integers that is itself a safe integer was not rounded: a result beyond
// 2^53 stays beyond it when rounded. `+ 0` turns −0 into 0.

/** a + b; throws `int64_overflow`. */
export function addInt64(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  return exact(BigInt(a) + BigInt(b), () => `${a} + ${b}`)
}

/** a − b; throws `int64_overflow`. */
export function subtractInt64(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    if (Number.isSafeInteger(difference)) return difference
  }
  return exact(BigInt(a) - BigInt(b), () => `${a} - ${b}`)
}

/** a · b; throws `int64_overflow`. */
export function multiplyInt64(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    if (Number.isSafeInteger(product)) return product + 0
  }
  return exact(BigInt(a) * BigInt(b), () => `${a} * ${b}`)
}

/** −a; throws `int64_overflow` for the smallest int64. */
export function negateInt64(a: Int64): Int64 {
  return typeof a === 'number' ? 0 - a : exact(-a, () => `-(${a})`)
}

/** The quotient as a double; null where b is 0. */
export function divideInt64(a: Int64, b: Int64): number | null {
  return b === 0 ? null : Number(a) / Number(b)
}

/** The integer quotient, cut off towards zero; null where b is 0; throws `int64_overflow` for the smallest int64 by −1. */
export function truncatedQuotientInt64(a: Int64, b: Int64): Int64 | null {
  if (b === 0) return null
  if (typeof a === 'number' && typeof b === 'number') return (a - (a % b)) / b + 0
  return exact(BigInt(a) / BigInt(b), () => `div(${a}, ${b})`)
}

/** The remainder of the truncated quotient, with the sign of a; null where b is 0. */
export function remainderInt64(a: Int64, b: Int64): Int64 | null {
  if (b === 0) return null
  if (typeof a === 'number' && typeof b === 'number') return (a % b) + 0
  return toInt64(BigInt(a) % BigInt(b))
}

/** |a|; throws `int64_overflow` for the smallest int64. */
export function absoluteInt64(a: Int64): Int64 {
  return a < 0 ? negateInt64(a) : a
}

/** −1, 0 or 1. */
export function signInt64(a: Int64): Int64 {
  if (a === 0) return 0
  return a < 0 ? -1 : 1
}
