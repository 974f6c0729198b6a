import { type Int64, toInt64 } from '@millrace/expr'

/** A sum of int64 values beyond int64: `low + high · 2^53`, both within ±2^53. */
export type Wide = readonly [low: Int64, high: Int64]

const UNIT = 2n ** 53n

/** The exact sum; `other` may have a low part of any size. */
export function addToWide(sum: Wide, other: Wide): Wide {
  const total = wideTotal(sum) + wideTotal(other)
  return [toInt64(total % UNIT) as Int64, toInt64(total / UNIT) as Int64]
}

/** The sum as one number. */
export function wideTotal([low, high]: Wide): bigint {
  return BigInt(low) + BigInt(high) * UNIT
}

/** The sum divided by a count, as a double; null where nothing was counted. */
export function wideAverage(sum: Wide, count: number): number | null {
  if (count === 0) return null
  return (sum[1] === 0 ? Number(sum[0]) : Number(wideTotal(sum))) / count
}
