import { type Int64, toInt64 } from '@millrace/expr'

/** A sum of int64 values beyond int64: `low + high · 2^53`, both within ±2^53. */
export type Wide = readonly [low: Int64, high: Int64]

const UNIT = 2n ** 53n

/** The exact sum; `other` may have a low part of any size. */
export function addToWide([low, high]: Wide, [otherLow, otherHigh]: Wide): Wide {
  if (high === 0 && otherHigh === 0 && typeof low === 'number' && typeof otherLow === 'number') {
    const sum = low + otherLow
    if (Number.isSafeInteger(sum)) return [sum, 0]
  }
  return split(whole([low, high]) + whole([otherLow, otherHigh]))
}

/** The sum divided by a count, as a double; null where nothing was counted. */
export function wideAverage(sum: Wide, count: number): number | null {
  return count === 0 ? null : Number(whole(sum)) / count
}

function whole([low, high]: Wide): bigint {
  return BigInt(low) + BigInt(high) * UNIT
}

function split(sum: bigint): Wide {
  return [toInt64(sum % UNIT) as Int64, toInt64(sum / UNIT) as Int64]
}
