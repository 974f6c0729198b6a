import type { Row, Value } from '@millrace/expr'
import { placeOf } from './sorted-list.ts'

/** The largest relative error of a quantile. */
export const RELATIVE_ERROR = 0.01

const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
const LOG_GAMMA = Math.log(GAMMA)

/** The smallest number with all its digits; what is nearer to zero counts as zero. */
const LEAST_NORMAL = 2.2250738585072014e-308

/** Added to the index of a bin, so that those of positive numbers are positive: indices are within ±36,000. */
const SHIFT = 40_000

/** Bins of what is no number on the scale. */
const INFINITE = 100_000
const NOT_A_NUMBER = INFINITE + 1

/**
 * The bin of a number: 0 for zero, and the more positive the larger the number; negative numbers have the negated bin.
 *
 * A sketch is two cells: bins in order, and how many values each holds. It keeps every bin (at most some 140,000 over
 * the whole range of doubles, some hundreds for real data), so that the bound of the error always holds, merging is
 * adding, and the same values give the same cells in any order. `@datadog/sketches-js` does the same with objects that
 * keep empty bins and need protobuf to be stored.
 * Source: C. Masson, J. E. Rim, H. K. Lee, "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error
 * Guarantees", 2019.
 */
export function binOf(value: number): number {
  const size = Math.abs(value)
  if (size < LEAST_NORMAL) return 0
  if (Number.isNaN(size)) return NOT_A_NUMBER
  const bin = size === Number.POSITIVE_INFINITY ? INFINITE : Math.ceil(Math.log(size) / LOG_GAMMA) + SHIFT
  return value < 0 ? -bin : bin
}

/** The number that stands for all numbers of a bin, within the relative error. */
export function numberOf(bin: number): number {
  if (bin === 0) return 0
  if (bin === NOT_A_NUMBER) return Number.NaN
  const index = Math.abs(bin)
  const size = index === INFINITE ? Number.POSITIVE_INFINITY : middleOf(index - SHIFT)
  return bin < 0 ? -size : size
}

function middleOf(index: number): number {
  // The upper edge of the last bin is beyond the largest double.
  return Math.min(Math.exp((index - 1) * LOG_GAMMA) * ((2 * GAMMA) / (1 + GAMMA)), Number.MAX_VALUE)
}

/** Adds `count` values of a bin to a sketch, whose two cells are null before any. */
export function addToBin(cells: Value[], at: number, bin: number, count: number): void {
  if (cells[at] === null) {
    cells[at] = []
    cells[at + 1] = []
  }
  const bins = cells[at] as number[]
  const counts = cells[at + 1] as number[]
  const place = placeOf(bins, bin, compareBins)
  if (bins[place] === bin) counts[place] = (counts[place] as number) + count
  else {
    bins.splice(place, 0, bin)
    counts.splice(place, 0, count)
  }
}

function compareBins(a: number, b: number): number {
  return a - b
}

/** Adds all values of another sketch. */
export function mergeSketch(cells: Value[], at: number, other: Row, otherAt: number): void {
  const bins = (other[otherAt] ?? []) as readonly number[]
  const counts = (other[otherAt + 1] ?? []) as readonly number[]
  for (let i = 0; i < bins.length; i++) addToBin(cells, at, bins[i] as number, counts[i] as number)
}

/** A percentile (0 to 100) of a sketch: near the value at rank ⌊p · (n − 1) / 100⌋, from 0. Null over nothing. */
export function sketchPercentile(cells: Row, at: number, percentile: number): number | null {
  const bins = (cells[at] ?? []) as readonly number[]
  const counts = (cells[at + 1] ?? []) as readonly number[]
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  let rank = Math.floor((percentile * (total - 1)) / 100)
  let place = 0
  while (rank >= (counts[place] as number)) rank -= counts[place++] as number
  return numberOf(bins[place] as number)
}
