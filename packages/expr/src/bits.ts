import type { Int64 } from './int64.ts'
import { toWhole, type Whole } from './value.ts'

/** An operation on the 64 bits of two numbers. */
export function bitwise(compute: (a: bigint, b: bigint) => bigint): (a: Int64, b: Int64) => Whole {
  return (a, b) => toWhole(compute(BigInt(a), BigInt(b)))
}

/** The bits that are not set. */
export function bitNot(a: Int64): Whole {
  return toWhole(~BigInt(a))
}

/** The number of bits that are set, of 64. */
export function bitCount(a: Int64): number {
  let count = 0
  for (let bits = BigInt.asUintN(64, BigInt(a)); bits > 0n; bits &= bits - 1n) count++
  return count
}

/**
 * The bits moved to the left, those beyond the 64th lost, or to the right, the sign kept; null for a negative number of
 * places.
 */
export function bitShift(a: Int64, places: Int64, right = false): Whole | null {
  if (places < 0) return null
  const count = BigInt(places > 64 ? 64 : places)
  return toWhole(right ? BigInt(a) >> count : BigInt.asIntN(64, BigInt(a) << count))
}
