/**
 * A slow, obvious reading of SQL's rules, written apart from the package: int64 is always a bigint, double a number,
 * text a string, and nothing is shared with the code under test.
 */
export type OracleValue = null | boolean | bigint | number | string | OracleDecimal | readonly OracleValue[]

/** A decimal: `digits` is the number times 10^`scale`. */
export class OracleDecimal {
  readonly digits: bigint
  readonly scale: number

  constructor(digits: bigint, scale: number) {
    this.digits = digits
    this.scale = scale
  }
}

/** Why an expression fails, by the code of the error. */
export class OracleFailure extends Error {}

const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n

/** An int64, or the failure that it leaves its range. */
export function inRange(value: bigint): bigint {
  if (value < MIN || value > MAX) throw new OracleFailure('int64_overflow')
  return value
}

/** Errors that made a decimal null, since `countErrors`. */
let errors = 0

/** How many decimals had too many digits while something was done, and what came of it. */
export function countErrors<T>(work: () => T): { readonly result: T; readonly errors: number } {
  errors = 0
  const result = work()
  return { result, errors }
}

/** Digits in all, and of these behind the point. */
export type Size = readonly [precision: number, scale: number]

function total(precision: number, scale: number): Size {
  if (precision <= 38) return [precision, scale]
  return [38, Math.max(38 - precision + scale, Math.min(scale, 6))]
}

/** The sizes of results in SQL Server, Hive and Flink, each written as their documentation has it. */
export const SIZES: Readonly<Record<'+' | '-' | '*' | '/' | 'mod', (a: Size, b: Size) => Size>> = {
  '+': (a, b) => total(Math.max(a[1], b[1]) + Math.max(a[0] - a[1], b[0] - b[1]) + 1, Math.max(a[1], b[1])),
  '-': (a, b) => total(Math.max(a[1], b[1]) + Math.max(a[0] - a[1], b[0] - b[1]) + 1, Math.max(a[1], b[1])),
  '*': (a, b) => total(a[0] + b[0] + 1, a[1] + b[1]),
  '/': (a, b) => {
    const scale = Math.max(6, a[1] + b[0] + 1)
    return total(a[0] - a[1] + b[1] + scale, scale)
  },
  mod: (a, b) => total(Math.min(a[0] - a[1], b[0] - b[1]) + Math.max(a[1], b[1]), Math.max(a[1], b[1])),
}

/** A fraction as a decimal of a size: rounded, halves away from zero; null, and counted, where it has too many digits. */
export function decimalOf(
  numerator: bigint,
  denominator: bigint,
  [precision, scale]: Size,
): OracleDecimal | null {
  const sign = numerator < 0n === denominator < 0n ? 1n : -1n
  const [n, d] = [magnitude(numerator) * 10n ** BigInt(scale), magnitude(denominator)]
  const digits = (2n * n + d) / (2n * d)
  if (digits.toString().length > precision && digits !== 0n) {
    errors++
    return null
  }
  return new OracleDecimal(sign * digits, scale)
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}

/** −1, 0 or 1, or null where a NaN makes two numbers have no order. */
export function order(a: Exclude<OracleValue, null>, b: Exclude<OracleValue, null>): -1 | 0 | 1 | null {
  if (typeof a === 'string' && typeof b === 'string') return orderOfTexts(a, b)
  if (a instanceof OracleDecimal || b instanceof OracleDecimal) return orderOfDecimals(a, b)
  if (typeof a === 'boolean' || typeof b === 'boolean') return a === b ? 0 : 1
  return orderOfNumbers(a as bigint | number, b as bigint | number)
}

function orderOfTexts(a: string, b: string): -1 | 0 | 1 {
  const left = Array.from(a, (character) => character.codePointAt(0) ?? 0)
  const right = Array.from(b, (character) => character.codePointAt(0) ?? 0)
  for (const [i, code] of left.entries()) {
    const other = right[i]
    if (other === undefined || code > other) return 1
    if (code < other) return -1
  }
  return left.length < right.length ? -1 : 0
}

/** A decimal is compared with whole numbers exactly, with a double by the double next to it. */
function orderOfDecimals(a: OracleValue, b: OracleValue): -1 | 0 | 1 | null {
  if (typeof a === 'number' || typeof b === 'number') return orderOfNumbers(doubleOf(a), doubleOf(b))
  const [left, right] = [a, b].map(fractionOf) as [OracleDecimal, OracleDecimal]
  const difference = left.digits * 10n ** BigInt(right.scale) - right.digits * 10n ** BigInt(left.scale)
  if (difference === 0n) return 0
  return difference < 0n ? -1 : 1
}

/** A whole number or decimal as a decimal. */
export function fractionOf(value: OracleValue): OracleDecimal {
  return value instanceof OracleDecimal ? value : new OracleDecimal(BigInt(value as bigint), 0)
}

/** The double next to a number. */
export function doubleOf(value: OracleValue): number {
  if (!(value instanceof OracleDecimal)) return Number(value)
  return Number(`${value.digits}e-${value.scale}`)
}

/** Compares as fractions over 2^1074, which every double and every int64 is a whole multiple of. */
function orderOfNumbers(a: bigint | number, b: bigint | number): -1 | 0 | 1 | null {
  if (Number.isNaN(a) || Number.isNaN(b)) return null
  const [left, right] = [scaled(a), scaled(b)]
  if (left === right) return 0
  return left < right ? -1 : 1
}

const SCALE = 2n ** 1074n
const BEYOND = 2n ** 3000n

function scaled(value: bigint | number): bigint {
  if (typeof value === 'bigint') return value * SCALE
  if (!Number.isFinite(value)) return value > 0 ? BEYOND : -BEYOND
  let mantissa = value
  let exponent = 0
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2
    exponent++
  }
  return (BigInt(mantissa) * SCALE) / 2n ** BigInt(exponent)
}

/** SQL's and: false if one is false, else null if one is null. */
export function and(values: readonly OracleValue[]): boolean | null {
  if (values.includes(false)) return false
  return values.includes(null) ? null : true
}

/** SQL's or: true if one is true, else null if one is null. */
export function or(values: readonly OracleValue[]): boolean | null {
  if (values.includes(true)) return true
  return values.includes(null) ? null : false
}

/** SQL's like without an escape, character by character. */
export function like(text: string, pattern: string): boolean {
  const characters = Array.from(text)
  const pieces = Array.from(pattern)
  const matches = (i: number, j: number): boolean => {
    if (j === pieces.length) return i === characters.length
    if (pieces[j] === '%') return matches(i, j + 1) || (i < characters.length && matches(i + 1, j))
    return (
      i < characters.length && (pieces[j] === '_' || pieces[j] === characters[i]) && matches(i + 1, j + 1)
    )
  }
  return matches(0, 0)
}
