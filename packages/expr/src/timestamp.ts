import { subtractDecimals } from './decimal.ts'
import { EvaluationError } from './expression.ts'
import type { Whole } from './value.ts'

/** The first and last timestamp are this many milliseconds from the epoch: the range of JavaScript's dates. */
export const TIMESTAMP_LIMIT = 8.64e15

const DAY = 86_400_000
const ISO =
  /^(\d{4}|[+-]\d{6})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?)?)?$/

/** The milliseconds from b to a. */
export function subtractTimestamps(a: number, b: number): Whole {
  return subtractDecimals(a, b)
}

/** True where the number is a timestamp: a whole number of milliseconds within ±`TIMESTAMP_LIMIT`. */
export function isTimestamp(milliseconds: number): boolean {
  return Number.isInteger(milliseconds) && Math.abs(milliseconds) <= TIMESTAMP_LIMIT
}

/** Hands on a timestamp that was computed; throws `timestamp_out_of_range` where it is none. */
export function timestampInRange(milliseconds: number): number {
  if (isTimestamp(milliseconds)) return milliseconds
  throw new EvaluationError('timestamp_out_of_range', `${milliseconds} ms is beyond the range of timestamps`)
}

/**
 * Reads an ISO 8601 date or date and time: `2026-01-31`, `2026-01-31T10:00:00.123Z`, `2026-01-31 10:00+02:00`. Without an
 * offset it is UTC; digits beyond the millisecond are cut off. Years have four digits, or a sign and six.
 * Returns epoch milliseconds, or null where the text is none, names a day that does not exist or is out of range.
 */
export function parseTimestamp(text: string): number | null {
  const match = ISO.exec(text)
  if (match === null) return null
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = ''] = match
  const date = dateOf(Number(year), Number(month), Number(day))
  const clock = clockOf(Number(hour), Number(minute), Number(second))
  const offset = offsetOf(match[9], Number(match[10] ?? 0), Number(match[11] ?? 0))
  if (date === null || clock === null || offset === null) return null
  const result = date + clock + Number(fraction.slice(0, 3).padEnd(3, '0')) - offset
  return isTimestamp(result) ? result : null
}

function dateOf(year: number, month: number, day: number): number | null {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
  return daysFromCivil(year, month, day) * DAY
}

function clockOf(hour: number, minute: number, second: number): number | null {
  return hour > 23 || minute > 59 || second > 59 ? null : ((hour * 60 + minute) * 60 + second) * 1000
}

function offsetOf(sign: string | undefined, hour: number, minute: number): number | null {
  const clock = clockOf(hour, minute, 0)
  return clock === null || sign !== '-' ? clock : -clock
}

/** Writes `2026-01-31T10:00:00.000Z`; years outside 0000 to 9999 with a sign and six digits. */
export function formatTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

/** The days of a month (1 to 12) in the proleptic Gregorian calendar. */
export function daysInMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

/**
 * The same time of day so many calendar months later (UTC); where the month has no such day, its last one: one month
 * after January 31 is February 28 or 29. The result may be no timestamp, or NaN.
 */
export function addMonths(milliseconds: number, months: number): number {
  const date = new Date(milliseconds)
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth() + months
  const year = Math.floor(month / 12)
  const monthOfYear = month - year * 12 + 1
  const day = Math.min(date.getUTCDate(), daysInMonth(year, monthOfYear))
  const timeOfDay = milliseconds - Math.floor(milliseconds / DAY) * DAY
  return daysFromCivil(year, monthOfYear, day) * DAY + timeOfDay
}

/**
 * Days from 1970-01-01 to a day of the proleptic Gregorian calendar (month 1 to 12).
 * Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
 */
export function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}
