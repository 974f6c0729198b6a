import { addMonths, daysFromCivil, daysInMonth, TIMESTAMP_LIMIT } from './timestamp.ts'

/** Lengths of time units in milliseconds; a month and what is longer has none. */
export const MILLISECONDS = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
} as const

const DAY = MILLISECONDS.day

/** The remainder that is never negative. */
export function floorMod(value: number, size: number): number {
  return value - Math.floor(value / size) * size
}

/** ISO 8601 day of the week of a UTC time: 1 is Monday, 7 is Sunday. 1970-01-01 was a Thursday. */
export function isoDayOfWeek(time: number): number {
  return floorMod(Math.floor(time / DAY) + 3, 7) + 1
}

/** The day of the year of a UTC time, from 1. */
export function dayOfYear(time: number): number {
  return Math.floor(time / DAY) - daysFromCivil(new Date(time).getUTCFullYear(), 1, 1) + 1
}

/** ISO 8601 week of a UTC time and the year that it belongs to: the week's Thursday decides. */
export function isoWeek(time: number): { readonly year: number; readonly week: number } {
  const thursday = time + (4 - isoDayOfWeek(time)) * DAY
  // Beyond the timestamps, where a Thursday can lie, no year is asked for.
  const asked = Math.max(-TIMESTAMP_LIMIT, Math.min(thursday, TIMESTAMP_LIMIT))
  const year = new Date(asked).getUTCFullYear()
  const day = Math.floor(thursday / DAY) - daysFromCivil(year, 1, 1)
  return { year, week: Math.floor(day / 7) + 1 }
}

/** Complete months from one UTC time to another, negative where the other is earlier. */
export function monthsBetween(from: number, to: number): number {
  const [a, b] = [new Date(from), new Date(to)]
  const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth()
  const reached = addMonths(from, months)
  if (from <= to) return reached > to ? months - 1 : months
  return reached < to ? months + 1 : months
}

/** The start of the month of a UTC time, or of its quarter (3) or year (12). */
export function startOfMonths(time: number, months: 1 | 3 | 12): number {
  const date = new Date(time)
  const month = date.getUTCMonth()
  return daysFromCivil(date.getUTCFullYear(), month - (month % months) + 1, 1) * DAY
}

/** The start of the last day of the month of a UTC time. */
export function lastDayOfMonth(time: number): number {
  const date = new Date(time)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1]
  return daysFromCivil(year, month, daysInMonth(year, month)) * DAY
}
