/**
 * The place of a value in a sorted list: that of the first entry that is not less. `compare` is negative where its
 * first argument comes first.
 */
export function placeOf<T>(list: readonly T[], value: T, compare: (a: T, b: T) => number): number {
  let low = 0
  let high = list.length
  // Values often come in their order.
  if (high > 0 && compare(list[high - 1] as T, value) < 0) return high
  while (low < high) {
    const middle = (low + high) >> 1
    if (compare(list[middle] as T, value) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** The order of doubles: NaN, which equals itself, behind all numbers; −0 equals 0. */
export function compareDoubles(a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
}

/** An order of values of one type without parts, for lists that must be the same whatever came first. */
export function compareKeys<T extends string | boolean | number | bigint>(a: T, b: T): number {
  if (typeof a === 'number' && typeof b === 'number') return compareDoubles(a, b)
  if (a < b) return -1
  return a > b ? 1 : 0
}
