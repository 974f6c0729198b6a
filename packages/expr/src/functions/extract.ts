import { daysFromCivil, TIMESTAMP_LIMIT } from '../timestamp.ts'
import { type FunctionRow, type Prepared, prepared, row } from './function.ts'

/** The function behind `extract(year from ts)`. */
// biome-ignore format: one row a line, columns aligned
export const EXTRACT_FUNCTION: readonly FunctionRow[] = [
  row('extract', ['unit', 'timestamp'], 'int64', 'any', prepared(partOf), 'A part of a timestamp in UTC: second, minute, hour, day, week (ISO), month, quarter, year, isoyear, isodow (1 is Monday), doy (day of the year) or epoch (seconds since 1970).', "extract(year from timestamp '2026-01-31') = 2026"),
]

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const WEEK = 7 * DAY

const PARTS: ReadonlyMap<string, (time: number) => number> = new Map([
  ['second', (time) => Math.floor(floorMod(time, MINUTE) / SECOND)],
  ['minute', (time) => Math.floor(floorMod(time, HOUR) / MINUTE)],
  ['hour', (time) => Math.floor(floorMod(time, DAY) / HOUR)],
  ['day', (time) => new Date(time).getUTCDate()],
  ['week', weekOf],
  ['month', (time) => new Date(time).getUTCMonth() + 1],
  ['quarter', (time) => Math.floor(new Date(time).getUTCMonth() / 3) + 1],
  ['year', (time) => yearOf(time)],
  ['isoyear', (time) => yearOf(thursdayOf(time))],
  // 1970-01-01 was a Thursday.
  ['isodow', (time) => floorMod(Math.floor(time / DAY) + 3, 7) + 1],
  ['doy', (time) => Math.floor((time - startOfYear(yearOf(time))) / DAY) + 1],
  ['epoch', (time) => Math.floor(time / SECOND)],
])

function partOf(unit: string): Prepared {
  const call = PARTS.get(unit.toLowerCase())
  if (call !== undefined) return { ok: true, call }
  return { ok: false, message: `Expected one of ${[...PARTS.keys()].join(', ')}, found ${unit}` }
}

/** ISO 8601: the week belongs to the year in which its Thursday is, and weeks are counted by Thursdays. */
function weekOf(time: number): number {
  const thursday = thursdayOf(time)
  return Math.floor((thursday - startOfYear(yearOf(thursday))) / WEEK) + 1
}

function thursdayOf(time: number): number {
  return time - floorMod(time + 3 * DAY, WEEK) + 3 * DAY
}

/** Of a day beyond the timestamps, which a Thursday can be, the year is that of the last timestamp. */
function yearOf(time: number): number {
  return new Date(Math.max(-TIMESTAMP_LIMIT, Math.min(time, TIMESTAMP_LIMIT))).getUTCFullYear()
}

function startOfYear(year: number): number {
  return daysFromCivil(year, 1, 1) * DAY
}

function floorMod(value: number, size: number): number {
  return value - Math.floor(value / size) * size
}
