import { type DataType, type DecimalType, decimal, MAX_PRECISION } from './type.ts'
import type { Whole } from './value.ts'

/*
 * The types of results, as Flink, Hive and Spark have them.
 * Source: Apache Flink, LogicalTypeMerging; after Microsoft, "Precision, scale, and length (Transact-SQL)".
 */

/** Digits behind the point that a result keeps where it would have more than 38 digits in all. */
const LEAST_SCALE = 6

/** A decimal type of at most 38 digits: digits behind the point are given up for those before it, down to six. */
function bounded(precision: number, scale: number): DecimalType {
  if (precision <= MAX_PRECISION) return decimal(precision, scale, false)
  const least = Math.min(scale, LEAST_SCALE)
  // Only here can a result have too many digits.
  return decimal(MAX_PRECISION, Math.max(MAX_PRECISION - (precision - scale), least), true)
}

function integerDigits(type: DecimalType): number {
  return type.precision - type.scale
}

/** The type of a + b and a − b; nullable where the result may have too many digits. */
export function sumType(a: DecimalType, b: DecimalType): DecimalType {
  const scale = Math.max(a.scale, b.scale)
  return bounded(Math.max(integerDigits(a), integerDigits(b)) + scale + 1, scale)
}

/** The type of a · b; nullable where the result may have too many digits. */
export function productType(a: DecimalType, b: DecimalType): DecimalType {
  return bounded(a.precision + b.precision + 1, a.scale + b.scale)
}

/** The type of a / b. */
export function quotientType(a: DecimalType, b: DecimalType): DecimalType {
  const scale = Math.max(LEAST_SCALE, a.scale + b.precision + 1)
  return bounded(integerDigits(a) + b.scale + scale, scale)
}

/** The type of the remainder of a by b. */
export function remainderType(a: DecimalType, b: DecimalType): DecimalType {
  const scale = Math.max(a.scale, b.scale)
  return bounded(Math.min(integerDigits(a), integerDigits(b)) + scale, scale)
}

/** The one type for values of both: all digits before the point, as many behind it as then fit. */
export function commonDecimalType(a: DecimalType, b: DecimalType): DecimalType {
  const whole = Math.max(integerDigits(a), integerDigits(b))
  const scale = Math.min(Math.max(a.scale, b.scale), MAX_PRECISION - whole)
  return decimal(whole + scale, scale, a.nullable || b.nullable)
}

/** The type of a sum over many values of a decimal type. */
export function decimalSumType({ scale }: DecimalType): DecimalType {
  return decimal(MAX_PRECISION, scale)
}

/** The type of an average of values of a decimal type. */
export function decimalAverageType({ scale }: DecimalType): DecimalType {
  return decimal(MAX_PRECISION, Math.max(LEAST_SCALE, scale))
}

/** An int64 has up to 19 digits. */
const INT64_DIGITS = 19

/** The decimal type that holds every value of an exact type; null for other types. */
export function asDecimalType(type: DataType): DecimalType | null {
  if (type.kind === 'decimal') return type
  return type.kind === 'int64' ? decimal(INT64_DIGITS, 0, type.nullable) : null
}

/** The narrowest decimal type for a number of this scale. */
export function narrowestType(value: Whole, scale: number): DecimalType {
  const digits = String(value).replace('-', '').length
  return decimal(Math.max(digits, scale, 1), scale, false)
}
