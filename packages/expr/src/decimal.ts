import { MAX_PRECISION } from './type.ts'
import { toWhole, type Whole } from './value.ts'

/*
 * Decimals as whole numbers: 12.50 is 1250 of scale 2. A sum, difference or product of two safe integers that is itself
 * a safe integer was not rounded, so small ones never touch a bigint. `+ 0` turns −0 into 0.
 */

const POWERS: readonly bigint[] = Array.from({ length: 2 * MAX_PRECISION + 2 }, (_, i) => 10n ** BigInt(i))

/** The powers of ten that a double holds exactly. */
const EXACT_POWERS: readonly number[] = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`))

function power(digits: number): bigint {
  return POWERS[digits] ?? 10n ** BigInt(digits)
}

/** a + b of one scale, exact. */
export function addDecimals(a: Whole, b: Whole): Whole {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  return toWhole(BigInt(a) + BigInt(b))
}

/** a − b of one scale, exact. */
export function subtractDecimals(a: Whole, b: Whole): Whole {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    if (Number.isSafeInteger(difference)) return difference
  }
  return toWhole(BigInt(a) - BigInt(b))
}

/** a · b, exact; the scale of the product is the sum of both scales. */
export function multiplyDecimals(a: Whole, b: Whole): Whole {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    if (Number.isSafeInteger(product)) return product + 0
  }
  return toWhole(BigInt(a) * BigInt(b))
}

/** The remainder of a by b of one scale, with the sign of a. b is not 0. */
export function remainderOfDecimals(a: Whole, b: Whole): Whole {
  return typeof a === 'number' && typeof b === 'number' ? (a % b) + 0 : toWhole(BigInt(a) % BigInt(b))
}

/** a · 10^shift / b, rounded to a whole number, halves away from zero. b is not 0. */
export function divideDecimals(a: Whole, b: Whole, shift: number): Whole {
  if (typeof a === 'number' && typeof b === 'number' && shift >= 0 && shift <= 15) {
    const dividend = a * (EXACT_POWERS[shift] as number)
    if (Number.isSafeInteger(dividend)) return roundedSafeQuotient(dividend, b)
  }
  const dividend = BigInt(a) * power(Math.max(0, shift))
  const divisor = BigInt(b) * power(Math.max(0, -shift))
  return toWhole(roundedQuotient(dividend, divisor))
}

function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  const rest = dividend % divisor
  if (2n * absolute(rest) < absolute(divisor)) return quotient
  return dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n
}

function roundedSafeQuotient(dividend: number, divisor: number): number {
  const rest = dividend % divisor
  const quotient = (dividend - rest) / divisor
  if (2 * Math.abs(rest) < Math.abs(divisor)) return quotient + 0
  return dividend < 0 === divisor < 0 ? quotient + 1 : quotient - 1
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value
}

/** The same number with so many more digits behind the point; fewer (below 0): rounded, halves away from zero. */
export function rescale(value: Whole, digits: number): Whole {
  if (digits === 0 || value === 0) return value
  return digits > 0 ? multiplyDecimals(value, tenTo(digits)) : roundOff(value, -digits)
}

function tenTo(digits: number): Whole {
  return digits <= 15 ? (EXACT_POWERS[digits] as number) : power(digits)
}

function roundOff(value: Whole, digits: number): Whole {
  if (typeof value === 'bigint' || digits > 15) return toWhole(roundedQuotient(BigInt(value), power(digits)))
  return roundedSafeQuotient(value, EXACT_POWERS[digits] as number)
}

/** The number without the last digits, cut off towards zero. */
export function cutOff(value: Whole, digits: number): Whole {
  if (digits === 0) return value
  if (typeof value === 'number' && digits <= 15) {
    const unit = EXACT_POWERS[digits] as number
    return (value - (value % unit)) / unit + 0
  }
  return toWhole(BigInt(value) / power(digits))
}

/** True where the number has at most so many digits. */
export function fitsPrecision(value: Whole, precision: number): boolean {
  if (typeof value === 'number')
    return precision > 15 || Math.abs(value) < (EXACT_POWERS[precision] as number)
  return absolute(value) < power(precision)
}

/** The double next to a decimal. */
export function decimalToDouble(value: Whole, scale: number): number {
  // The quotient of two numbers that doubles hold exactly is the double next to the true quotient.
  if (typeof value === 'number' && scale <= 22) return value / (EXACT_POWERS[scale] as number)
  return Number(formatDecimal(value, scale))
}

/** Writes a decimal in full: 1250 of scale 2 is `12.50`. */
export function formatDecimal(value: Whole, scale: number): string {
  if (scale === 0) return String(value)
  const sign = value < 0 ? '-' : ''
  const digits = String(value < 0 ? -value : value).padStart(scale + 1, '0')
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** The one text of a number, whatever its scale: 1250 of scale 2 and 125 of scale 1 are `12.5`. */
export function canonicalDecimal(value: Whole, scale: number): string {
  const text = formatDecimal(value, scale)
  return scale === 0 ? text : text.replace(/\.?0+$/, '')
}

/** A number read from its text. */
export interface ReadDecimal {
  readonly value: Whole
  /** False where digits behind the scale were rounded off. */
  readonly exact: boolean
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/

/**
 * Reads a number such as `-12.5` or `1.25e1` as a decimal of this type; digits behind its scale are rounded off, halves
 * away from zero. `overflow` where it has more digits before the point than fit, null where the text is no number.
 */
export function readDecimal(text: string, precision: number, scale: number): ReadDecimal | 'overflow' | null {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? []
  if (whole === '' && fraction === '') return null
  const digits = (whole + fraction).replace(/^0+/, '')
  const kept = digits.length + scale - fraction.length + Number(exponent)
  if (digits === '' || kept < 0) return { value: 0, exact: digits === '' }
  if (kept > precision) return 'overflow'
  const value = roundDigits(digits, kept)
  if (!fitsPrecision(value, precision)) return 'overflow'
  return { value: sign === '-' ? negateDecimal(value) : value, exact: /^0*$/.test(digits.slice(kept)) }
}

/** The first digits as a number, zeros behind them where there are too few, the digit behind them rounded off. */
function roundDigits(digits: string, kept: number): Whole {
  const head = digits.slice(0, kept).padEnd(kept, '0')
  const value = kept <= 15 ? Number(head) : toWhole(BigInt(head))
  return digits.charAt(kept) >= '5' ? addDecimals(value, 1) : value
}

/** −a. */
export function negateDecimal(a: Whole): Whole {
  return typeof a === 'number' ? 0 - a : -a
}

/**
 * The decimal of this scale that a JSON number stood for, from its nearest double; null where it cannot be told from
 * the double alone. The number must have been written with at most 15 digits: then no other such number has the same
 * double, and a decimal of up to 15 digits with that double is the one that was written.
 */
export function decimalOfShortNumber(double: number, scale: number): number | null {
  if (scale > 15) return null
  const unit = EXACT_POWERS[scale] as number
  const value = Math.round(double * unit)
  return Math.abs(value) < 1e15 && value / unit === double ? value + 0 : null
}
