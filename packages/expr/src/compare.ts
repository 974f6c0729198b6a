import { compareText } from './text.ts'
import type { Value } from './value.ts'

/**
 * Equality of two scalar values that are not null, of one kind or int64 and double mixed. Numbers are compared exactly;
 * NaN equals nothing, −0 equals 0; bytes are equal if all of them are.
 */
export function equalScalars(a: Value, b: Value): boolean {
  if (a === b) return true
  if (typeof a === 'object') return a instanceof Uint8Array && b instanceof Uint8Array && equalBytes(a, b)
  return typeof a !== typeof b && equalNumbers(a as number | bigint, b as number | bigint)
}

/** Equality of numbers; between number and bigint JavaScript compares exact mathematical values. */
export function equalNumbers(a: number | bigint, b: number | bigint): boolean {
  return a <= b && a >= b
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

/** Whether two values, null allowed, differ for `is distinct from` and for keys: null is one value and so is NaN. */
export function distinctScalars(a: Value, b: Value): boolean {
  if (a === null || b === null) return a !== b
  return !equalScalars(a, b) && !(Number.isNaN(a) && Number.isNaN(b))
}

/** The greater of two values with an order, of one kind; NaN wins over every number. */
export function greaterOf(a: Value, b: Value): Value {
  if (typeof a === 'string') return compareText(a, b as string) < 0 ? b : a
  return Number.isNaN(b) || (a as number) < (b as number) ? b : a
}

/** The lesser of two values with an order, of one kind; NaN wins over every number. */
export function lesserOf(a: Value, b: Value): Value {
  if (typeof a === 'string') return compareText(a, b as string) > 0 ? b : a
  return Number.isNaN(b) || (a as number) > (b as number) ? b : a
}
