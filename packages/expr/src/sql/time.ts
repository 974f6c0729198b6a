import {
  type CallText,
  fallible,
  fill,
  type SqlArgument,
  type SqlContext,
  type WriteSql,
} from './call-sql.ts'

/*
 * Flink's calendar functions cut towards 1970 instead of down: before it they are right for dates and, for the time of
 * day, some hundred years later. 730,485 days are 2000 years, after which the calendar repeats itself.
 */

/** A calendar field of the date of a timestamp. */
export function ofDate(field: string): string {
  return `EXTRACT(${field} FROM CAST($1 AS DATE))`
}

/** A field of the time of day of a timestamp. */
export function ofClock(field: string): string {
  return `EXTRACT(${field} FROM TIMESTAMPADD(DAY, 730485, $1))`
}

const SECONDS = "'yyyy-MM-dd HH:mm:ss'"
const MILLISECONDS = "'yyyy-MM-dd HH:mm:ss.SSS'"

/** The local time of the timestamp at one placeholder in the zone at another, down to seconds. */
function localSeconds(time: string, zone: string): string {
  return `CAST(TO_TIMESTAMP(CONVERT_TZ(DATE_FORMAT(${time}, ${SECONDS}), 'UTC', ${zone})) AS TIMESTAMP_LTZ(3))`
}

/** A template over a timestamp, for its local time in a zone, which is the second argument. */
export function inZone(template: string): string {
  return template.replaceAll('$1', localSeconds('$1', '$2'))
}

/** The local time of a timestamp. */
export const TO_LOCAL = toLocal('$1', '$2')

function toLocal(time: string, zone: string): string {
  const rest = `EXTRACT(MILLISECOND FROM TIMESTAMPADD(DAY, 730485, ${time}))`
  return `TIMESTAMPADD(MILLISECOND, ${rest}, ${localSeconds(time, zone)})`
}

/** The instant of a local time. */
export const FROM_LOCAL = fromLocal('$1', '$2')

function fromLocal(local: string, zone: string): string {
  return `TO_TIMESTAMP_LTZ(DATE_FORMAT(${local}, ${MILLISECONDS}), ${MILLISECONDS}, ${zone})`
}

export const FORMAT_IN_ZONE = `DATE_FORMAT(${toLocal('$1', '$3')}, $2)`

/** Flink reads a day that a month does not have as its last one; what it read must be written the same. */
export const PARSE =
  '(CASE WHEN DATE_FORMAT(TO_TIMESTAMP($1, $2), $2) = $1 THEN TO_TIMESTAMP_LTZ($1, $2) END)'
export const PARSE_IN_ZONE =
  '(CASE WHEN DATE_FORMAT(TO_TIMESTAMP($1, $2), $2) = $1 THEN TO_TIMESTAMP_LTZ($1, $2, $3) END)'

/** The milliseconds since 1970; Flink has seconds and the milliseconds behind them. */
export const EPOCH_MS = epochMs('$1')

function epochMs(time: string): string {
  return `(EXTRACT(EPOCH FROM ${time}) * 1000 + EXTRACT(MILLISECOND FROM ${time}))`
}

/** The milliseconds from the second timestamp to the first. */
export const MS_BETWEEN = `(${epochMs('$1')} - ${epochMs('$2')})`

/** The seconds since 1970, cut down. */
export const EPOCH_S = '(EXTRACT(EPOCH FROM TIMESTAMPADD(DAY, 730485, $1)) - CAST(63113904000 AS BIGINT))'

const CLOCK_PARTS: ReadonlySet<string> = new Set(['MILLISECOND', 'SECOND', 'MINUTE', 'HOUR'])

/** `extract`. */
export function extracted(args: readonly SqlArgument[], context: SqlContext): CallText {
  const part = unitOf(args)
  const template = part === 'EPOCH' ? EPOCH_S : CLOCK_PARTS.has(part) ? ofClock(part) : ofDate(part)
  return { text: fill(template.replaceAll('$1', '$2'), args, context), fails: null }
}

/** The start of the unit that a timestamp falls in. */
function start(unit: string, time: string): string {
  if (unit === 'WEEK') return `TIMESTAMPADD(DAY, 1, FLOOR(TIMESTAMPADD(DAY, -1, ${time}) TO WEEK))`
  const isMonths = unit === 'MONTH' || unit === 'QUARTER' || unit === 'YEAR'
  return isMonths
    ? `CAST(FLOOR(CAST(${time} AS DATE) TO ${unit}) AS TIMESTAMP_LTZ(3))`
    : `FLOOR(${time} TO ${unit})`
}

/** `date_trunc` in UTC. */
export function truncated(args: readonly SqlArgument[], context: SqlContext): CallText {
  return { text: fill(start(unitOf(args), '$2'), args, context), fails: null }
}

function unitOf(args: readonly SqlArgument[]): string {
  return args[0]?.text ?? ''
}

const LONG_UNITS: ReadonlySet<string> = new Set(['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'])

/** `date_trunc` in a zone. Zones differ from UTC by whole minutes. */
export function truncatedInZone(args: readonly SqlArgument[], context: SqlContext): CallText {
  const unit = unitOf(args)
  const local = localSeconds('$2', '$3')
  const minutes = `EXTRACT(MINUTE FROM TIMESTAMPADD(DAY, 730485, ${local}))`
  const template = LONG_UNITS.has(unit)
    ? fromLocal(start(unit, local), '$3')
    : unit === 'HOUR'
      ? `TIMESTAMPADD(MINUTE, -${minutes}, FLOOR($2 TO MINUTE))`
      : start(unit, '$2')
  return { text: fill(template, args, context), fails: null }
}

const ADDED = 'TIMESTAMPADD($1, $2:bare, $3)'

/** More units lead from one end of time beyond the other. */
const MOST_UNITS = '17280000000000000'

/** `timestamp_add` in UTC. */
export const ADD = fallible(ADDED, `($2 NOT BETWEEN -${MOST_UNITS} AND ${MOST_UNITS})`)

/** `timestamp_add` in a zone. */
export function addedInZone(args: readonly SqlArgument[], context: SqlContext): CallText {
  const moved = `TIMESTAMPADD($1, $2:bare, ${toLocal('$3', '$4')})`
  return {
    text: fill(LONG_UNITS.has(unitOf(args)) ? fromLocal(moved, '$4') : ADDED, args, context),
    fails: null,
  }
}

/** Milliseconds of the units that have a fixed length. */
const LENGTHS: ReadonlyMap<string, number> = new Map([
  ['MILLISECOND', 1],
  ['SECOND', 1000],
  ['MINUTE', 60_000],
  ['HOUR', 3_600_000],
  ['DAY', 86_400_000],
  ['WEEK', 604_800_000],
])

/** Flink counts shorter units than months as INT, which holds 24 days of milliseconds. */
function difference(unit: string, from: string, to: string): string {
  const length = LENGTHS.get(unit)
  if (length === undefined) return `CAST(TIMESTAMPDIFF(${unit}, ${from}, ${to}) AS BIGINT)`
  return `((${epochMs(to)} - ${epochMs(from)}) / ${length})`
}

/** `timestamp_diff` in UTC. */
export function differenceInUnits(args: readonly SqlArgument[], context: SqlContext): CallText {
  return { text: fill(difference(unitOf(args), '$2', '$3'), args, context), fails: null }
}

/** `timestamp_diff` in a zone. */
export function differenceInZone(args: readonly SqlArgument[], context: SqlContext): CallText {
  const unit = unitOf(args)
  const template = LONG_UNITS.has(unit)
    ? difference(unit, toLocal('$2', '$4'), toLocal('$3', '$4'))
    : difference(unit, '$2', '$3')
  return { text: fill(template, args, context), fails: null }
}

/** `date_bin`: what is left over of a run, counted from 1970 or its first Monday, is taken off. */
export const DATE_BIN: WriteSql = (args, context) => {
  const unit = args[1]?.text ?? ''
  const size = `($1 * CAST(${LENGTHS.get(unit)} AS BIGINT))`
  const since = unit === 'WEEK' ? `(${epochMs('$3')} - 345600000)` : epochMs('$3')
  const over = `MOD(MOD(${since}, ${size}) + ${size}, ${size})`
  const template = `(CASE WHEN $1 >= 1 THEN TO_TIMESTAMP_LTZ(${epochMs('$3')} - ${over}, 3) END)`
  return { text: fill(template, args, context), fails: null }
}

const LAST_DAY_OF =
  'CAST(TIMESTAMPADD(DAY, -1, TIMESTAMPADD(MONTH, 1, FLOOR(CAST($1 AS DATE) TO MONTH))) AS TIMESTAMP_LTZ(3))'

export const LAST_DAY = LAST_DAY_OF
export const LAST_DAY_IN_ZONE = fromLocal(inZone(LAST_DAY_OF), '$2')

/** A timestamp out of milliseconds or seconds; Flink knows the years 1 to 9999, and has null beyond. */
export function fromEpoch(template: string): WriteSql {
  return (args, context) => {
    const text = fill(template, args, context)
    return { text, fails: fill(`(${text} IS NULL AND $1 IS NOT NULL)`, args, context) }
  }
}
