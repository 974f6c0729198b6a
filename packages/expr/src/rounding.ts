import type { Int64 } from './int64.ts'

/** The nearest whole number, halves away from zero. */
export function roundHalfAway(value: number): number {
  const whole = Math.trunc(value)
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole
}

/** Rounds the shortest decimal that reads back as the double, so that 1.005 becomes 1.01 as on paper. */
export function roundToDigits(value: number, digits: Int64): number {
  return atDigits(value, digits, true)
}

/** Cuts the shortest decimal that reads back as the double off behind so many places. */
export function truncateToDigits(value: number, digits: Int64): number {
  return atDigits(value, digits, false)
}

/** Digits of a double's shortest text: no number has more before the last ones that are not 0. */
const MAX_DIGITS = 17

function atDigits(value: number, places: Int64, isRounded: boolean): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const dropped = fraction.length - Number(exponent) - Number(places)
  if (!Number.isFinite(value) || dropped <= 0) return value
  if (dropped > MAX_DIGITS + 1) return 0
  const unit = 10n ** BigInt(dropped)
  const digits = BigInt(whole + fraction)
  const rest = (digits % unit) * 2n
  const carry = isRounded && (rest >= unit || -rest >= unit) ? BigInt(Math.sign(value)) : 0n
  return Number(`${digits / unit + carry}e${-Number(places)}`)
}

/** The logarithm of a number to a base. */
export function logarithm(base: number, value: number): number {
  return Math.log(value) / Math.log(base)
}

const MAX_PARTS = 2 ** 31

/**
 * The part, from 1, that a value falls in where a range is cut into equal parts; 0 below it, `count` + 1 from its end on.
 * Null for an empty range, for no parts or more than 2^31, and for NaN.
 */
export function widthBucket(value: number, low: number, high: number, count: Int64): number | null {
  if (count < 1 || count > MAX_PARTS || !(low < high) || Number.isNaN(value)) return null
  if (value < low) return 0
  if (value >= high) return Number(count) + 1
  return Math.floor(((value - low) * Number(count)) / (high - low)) + 1
}
