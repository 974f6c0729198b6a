import {
  floorMod,
  isoDayOfWeek,
  lastDayOfMonth,
  MILLISECONDS,
  monthsBetween,
  startOfMonths,
} from './calendar.ts'
import type { FixedUnit, TimeUnit } from './functions/literal-parameter.ts'
import { type Int64, truncatedQuotientInt64 } from './int64.ts'
import type { TimeZone } from './time-zone.ts'
import { addMonths, subtractTimestamps, timestampInRange } from './timestamp.ts'

/*
 * Local times are what epoch ms would be if local clocks showed UTC. Where nothing is said of a zone it is UTC, in which
 * both are the same.
 */

/** The local time of an instant. */
export function toLocal(instant: number, zone: TimeZone): number {
  return timestampInRange(instant + zone.offsetAt(instant))
}

/**
 * The instant of a local time: of one that comes twice the earlier, of one that is left out when the clocks are put
 * forward the instant so long behind the change, as in java.time and Flink.
 */
export function fromLocal(local: number, zone: TimeZone): number {
  const instant = zone.firstAt(local)
  const isLeftOut = instant + zone.offsetAt(instant) !== local
  return timestampInRange(isLeftOut ? local - zone.offsetAt(instant - 1) : instant)
}

const MONTHS = { month: 1, quarter: 3, year: 12 } as const

function isMonths(unit: TimeUnit): unit is keyof typeof MONTHS {
  return Object.hasOwn(MONTHS, unit)
}

/** True for units that are longer or shorter where the clocks are changed. */
function isCalendar(unit: TimeUnit): boolean {
  return isMonths(unit) || unit === 'day' || unit === 'week'
}

/** The start of the unit that a UTC or local time falls in; weeks start on Monday. */
export function startOf(unit: TimeUnit, time: number): number {
  if (isMonths(unit)) return startOfMonths(time, MONTHS[unit])
  if (unit === 'week') return startOf('day', time) - (isoDayOfWeek(time) - 1) * MILLISECONDS.day
  return time - floorMod(time, MILLISECONDS[unit])
}

/** The start of the unit that an instant falls in on local clocks. Days and what is longer begin when local clocks first show midnight. */
export function startInZone(unit: TimeUnit, instant: number, zone: TimeZone): number {
  const local = toLocal(instant, zone)
  const start = startOf(unit, local)
  return isCalendar(unit) ? zone.firstAt(start) : instant - (local - start)
}

/** A time moved by so many units; in months the day becomes the last one where the month has fewer days. */
export function addUnits(unit: TimeUnit, count: number, time: number): number {
  const moved = isMonths(unit) ? addMonths(time, count * MONTHS[unit]) : time + count * MILLISECONDS[unit]
  return timestampInRange(moved)
}

/** An instant moved on local clocks; hours and what is shorter are as long as ever. */
export function addInZone(unit: TimeUnit, count: number, instant: number, zone: TimeZone): number {
  if (!isCalendar(unit)) return addUnits(unit, count, instant)
  return fromLocal(addUnits(unit, count, toLocal(instant, zone)), zone)
}

/** Complete units from one time to another, negative where the other is earlier. */
export function unitsBetween(unit: TimeUnit, from: number, to: number): Int64 | null {
  if (isMonths(unit)) return truncatedQuotientInt64(monthsBetween(from, to), MONTHS[unit])
  return truncatedQuotientInt64(subtractTimestamps(to, from), MILLISECONDS[unit])
}

/** Complete units from one instant to another on local clocks. */
export function unitsBetweenInZone(unit: TimeUnit, from: number, to: number, zone: TimeZone): Int64 | null {
  if (!isCalendar(unit)) return unitsBetween(unit, from, to)
  return unitsBetween(unit, toLocal(from, zone), toLocal(to, zone))
}

/** 1970-01-05, a Monday. */
const FIRST_MONDAY = 4 * MILLISECONDS.day

/** The start of the run of so many units that a time falls in, counted from 1970, for weeks from its first Monday; null below one unit. */
export function startOfRun(count: number, unit: FixedUnit, time: number): number | null {
  if (count < 1) return null
  const origin = unit === 'week' ? FIRST_MONDAY : 0
  return timestampInRange(time - floorMod(time - origin, count * MILLISECONDS[unit]))
}

/** The start of the last day of the month of an instant on local clocks. */
export function lastDayInZone(instant: number, zone: TimeZone): number {
  return zone.firstAt(lastDayOfMonth(toLocal(instant, zone)))
}
