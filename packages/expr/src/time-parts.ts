import { dayOfYear, floorMod, isoDayOfWeek, isoWeek, MILLISECONDS } from './calendar.ts'

/** Parts of a UTC or local time, by the names that SQL's `extract` has for them. */
export const timeParts = {
  millisecond: (time: number) => floorMod(time, 1000),
  second: (time: number) => floorMod(Math.floor(time / MILLISECONDS.second), 60),
  minute: (time: number) => floorMod(Math.floor(time / MILLISECONDS.minute), 60),
  hour: (time: number) => floorMod(Math.floor(time / MILLISECONDS.hour), 24),
  day: (time: number) => new Date(time).getUTCDate(),
  week: (time: number) => isoWeek(time).week,
  month: (time: number) => new Date(time).getUTCMonth() + 1,
  quarter: (time: number) => Math.floor(new Date(time).getUTCMonth() / 3) + 1,
  year: (time: number) => new Date(time).getUTCFullYear(),
  isoyear: (time: number) => isoWeek(time).year,
  isodow: isoDayOfWeek,
  doy: dayOfYear,
  epoch: (time: number) => Math.floor(time / MILLISECONDS.second),
} as const

/** One of them. */
export type TimePart = keyof typeof timeParts
