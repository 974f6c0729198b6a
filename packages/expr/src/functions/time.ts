import { lastDayOfMonth } from '../calendar.ts'
import type { Int64 } from '../int64.ts'
import {
  addInZone,
  addUnits,
  fromLocal,
  lastDayInZone,
  startInZone,
  startOf,
  startOfRun,
  toLocal,
  unitsBetween,
  unitsBetweenInZone,
} from '../local-time.ts'
import {
  ADD,
  addedInZone,
  DATE_BIN,
  differenceInUnits,
  differenceInZone,
  EPOCH_MS,
  EPOCH_S,
  FORMAT_IN_ZONE,
  FROM_LOCAL,
  fromEpoch,
  inZone,
  LAST_DAY,
  LAST_DAY_IN_ZONE,
  ofClock,
  ofDate,
  PARSE,
  PARSE_IN_ZONE,
  TO_LOCAL,
  truncated,
  truncatedInZone,
} from '../sql/time.ts'
import { timeParts } from '../time-parts.ts'
import type { TimePattern } from '../time-pattern.ts'
import type { TimeZone } from '../time-zone.ts'
import { timestampInRange } from '../timestamp.ts'
import { type FunctionRow, type Implementation, lazy, prepared, row, strict } from './function.ts'
import type { FixedUnit, TimeUnit } from './literal-parameter.ts'

type Field = (time: number) => number

/** A field of a time that is read on the clocks of a zone. */
function local(field: Field): Implementation {
  return prepared((zone: TimeZone) => (time: number) => field(toLocal(time, zone)))
}

const eventTimeSql = (_: unknown, { eventTime }: { readonly eventTime: string }) => ({
  text: eventTime,
  fails: null,
})

/**
 * Functions of time. Without a zone everything is in UTC. A zone is the name of one in the IANA database; a pattern is
 * made of letters of Java's DateTimeFormatter (see time-pattern.ts).
 */
// biome-ignore format: one row a line, columns aligned
export const TIME_FUNCTIONS: readonly FunctionRow[] = [
  row('date_bin',         ['int64', 'fixed_unit', 'timestamp'],        'timestamp', 'always', prepared((unit: FixedUnit) => (count: Int64, time: number) => startOfRun(Number(count), unit, time)), DATE_BIN, 'The start of the run of so many units that a time falls in, counted from 1970 in UTC, weeks from a Monday; null below one unit.', "date_bin(15, 'minute', timestamp '2026-01-31T10:42:00Z') = '2026-01-31T10:30:00Z'"),
  row('date_trunc',       ['unit', 'timestamp'],                       'timestamp', 'any', prepared((unit: TimeUnit) => (time: number) => timestampInRange(startOf(unit, time))), truncated, 'The start of the second, minute, hour, day, week (Monday), month, quarter or year.', "date_trunc('hour', timestamp '2026-01-31T10:42:00Z') = '2026-01-31T10:00:00Z'"),
  row('date_trunc',       ['unit', 'timestamp', 'zone'],               'timestamp', 'any', prepared((unit: TimeUnit, zone: TimeZone) => (time: number) => timestampInRange(startInZone(unit, time, zone))), truncatedInZone, 'The start of the second, minute, hour, day, week (Monday), month, quarter or year, in UTC or a zone.', "date_trunc('day', timestamp '2026-07-01T23:00:00Z', 'Europe/Berlin') = '2026-07-01T22:00:00Z'"),
  row('day',              ['timestamp'],                               'int64', 'any', strict(timeParts.day), ofDate('DAY'), 'The day of the month, 1 to 31.', "day(timestamp '2026-01-31') = 31"),
  row('day',              ['timestamp', 'zone'],                       'int64', 'any', local(timeParts.day), inZone(ofDate('DAY')), 'The day of the month, 1 to 31, in UTC or a zone.', "day(timestamp '2026-01-31T23:30:00Z', 'Europe/Berlin') = 1"),
  row('day_of_week',      ['timestamp'],                               'int64', 'any', strict(timeParts.isodow), ofDate('ISODOW'), 'The day of the week, 1 for Monday to 7 for Sunday.', "day_of_week(timestamp '2026-01-31') = 6"),
  row('day_of_week',      ['timestamp', 'zone'],                       'int64', 'any', local(timeParts.isodow), inZone(ofDate('ISODOW')), 'The day of the week, 1 for Monday to 7 for Sunday, in UTC or a zone.', "day_of_week(timestamp '2026-01-31T23:30:00Z', 'Europe/Berlin') = 7"),
  row('day_of_year',      ['timestamp'],                               'int64', 'any', strict(timeParts.doy), ofDate('DOY'), 'The day of the year, 1 to 366.', "day_of_year(timestamp '2026-02-01') = 32"),
  row('day_of_year',      ['timestamp', 'zone'],                       'int64', 'any', local(timeParts.doy), inZone(ofDate('DOY')), 'The day of the year, 1 to 366, in UTC or a zone.', "day_of_year(timestamp '2026-01-31T23:30:00Z', 'Europe/Berlin') = 32"),
  row('event_time',       [],                                          'timestamp', 'never', lazy(() => (_, context) => context.time), eventTimeSql, 'The event time of the record.', 'event_time() is not null'),
  row('format_timestamp', ['timestamp', 'time_format'],                'string', 'any', prepared((pattern: TimePattern) => (time: number) => pattern.write(time, 0)), 'DATE_FORMAT($1, $2)', 'The time as text by a pattern.', "format_timestamp(timestamp '2026-01-31', 'dd.MM.yyyy') = '31.01.2026'"),
  row('format_timestamp', ['timestamp', 'time_format', 'zone'],        'string', 'any', prepared(formatInZone), FORMAT_IN_ZONE, "The time in UTC or a zone as text by a pattern, such as 'yyyy-MM-dd HH:mm:ss'.", "format_timestamp(timestamp '2026-01-31T10:00:00Z', 'HH:mm XXX', 'Asia/Tokyo') = '19:00 +09:00'"),
  row('from_epoch_ms',    ['int64'],                                   'timestamp', 'any', strict((ms: Int64) => timestampInRange(Number(ms))), fromEpoch('TO_TIMESTAMP_LTZ($1, 3)'), 'The timestamp so many milliseconds after 1970.', "from_epoch_ms(0) = '1970-01-01'"),
  row('from_epoch_s',     ['int64'],                                   'timestamp', 'any', strict((s: Int64) => timestampInRange(Number(s) * 1000)), fromEpoch('CAST(TO_TIMESTAMP_LTZ($1, 0) AS TIMESTAMP_LTZ(3))'), 'The timestamp so many seconds after 1970.', "from_epoch_s(60) = '1970-01-01T00:01:00Z'"),
  row('from_local',       ['timestamp', 'zone'],                       'timestamp', 'any', prepared((zone: TimeZone) => (time: number) => fromLocal(time, zone)), FROM_LOCAL, 'The instant at which the clocks of a zone show this time; the earlier one if they do so twice.', "from_local(timestamp '2026-01-31T10:00:00', 'Asia/Tokyo') = '2026-01-31T01:00:00Z'"),
  row('hour',             ['timestamp'],                               'int64', 'any', strict(timeParts.hour), ofClock('HOUR'), 'The hour of the day, 0 to 23.', "hour(timestamp '2026-01-31T10:42:00Z') = 10"),
  row('hour',             ['timestamp', 'zone'],                       'int64', 'any', local(timeParts.hour), inZone(ofClock('HOUR')), 'The hour of the day, 0 to 23, in UTC or a zone.', "hour(timestamp '2026-01-31T10:42:00Z', 'Asia/Tokyo') = 19"),
  row('last_day',         ['timestamp'],                               'timestamp', 'any', strict((time: number) => timestampInRange(lastDayOfMonth(time))), LAST_DAY, 'The start of the last day of the month.', "last_day(timestamp '2024-02-10') = '2024-02-29'"),
  row('last_day',         ['timestamp', 'zone'],                       'timestamp', 'any', prepared((zone: TimeZone) => (time: number) => timestampInRange(lastDayInZone(time, zone))), LAST_DAY_IN_ZONE, 'The start of the last day of the month, in UTC or a zone.', "last_day(timestamp '2024-02-10', 'Asia/Tokyo') = '2024-02-28T15:00:00Z'"),
  row('millisecond',      ['timestamp'],                               'int64', 'any', strict(timeParts.millisecond), ofClock('MILLISECOND'), 'The millisecond, 0 to 999.', "millisecond(timestamp '2026-01-31T10:42:07.9Z') = 900"),
  row('minute',           ['timestamp'],                               'int64', 'any', strict(timeParts.minute), ofClock('MINUTE'), 'The minute, 0 to 59.', "minute(timestamp '2026-01-31T10:42:00Z') = 42"),
  row('minute',           ['timestamp', 'zone'],                       'int64', 'any', local(timeParts.minute), inZone(ofClock('MINUTE')), 'The minute, 0 to 59, in UTC or a zone.', "minute(timestamp '2026-01-31T10:42:00Z', 'Asia/Kolkata') = 12"),
  row('month',            ['timestamp'],                               'int64', 'any', strict(timeParts.month), ofDate('MONTH'), 'The month, 1 to 12.', "month(timestamp '2026-01-31') = 1"),
  row('month',            ['timestamp', 'zone'],                       'int64', 'any', local(timeParts.month), inZone(ofDate('MONTH')), 'The month, 1 to 12, in UTC or a zone.', "month(timestamp '2026-01-31T23:30:00Z', 'Europe/Berlin') = 2"),
  row('parse_timestamp',  ['string', 'date_format'],                   'timestamp', 'always', prepared((pattern: TimePattern) => (text: string) => parseInZone(text, pattern, null)), PARSE, 'The timestamp of a text by a pattern; null if the text is not just what the pattern writes.', "parse_timestamp('31.01.2026', 'dd.MM.yyyy') = '2026-01-31'"),
  row('parse_timestamp',  ['string', 'date_format', 'zone'],           'timestamp', 'always', prepared((pattern: TimePattern, zone: TimeZone) => (text: string) => parseInZone(text, pattern, zone)), PARSE_IN_ZONE, "The timestamp of a text in UTC or a zone by a pattern, such as 'yyyy-MM-dd HH:mm:ss'; null if the text is not just what the pattern writes.", "parse_timestamp('31.01.2026 10:00', 'dd.MM.yyyy HH:mm', 'Asia/Tokyo') = '2026-01-31T01:00:00Z'"),
  row('quarter',          ['timestamp'],                               'int64', 'any', strict(timeParts.quarter), ofDate('QUARTER'), 'The quarter of the year, 1 to 4.', "quarter(timestamp '2026-05-01') = 2"),
  row('quarter',          ['timestamp', 'zone'],                       'int64', 'any', local(timeParts.quarter), inZone(ofDate('QUARTER')), 'The quarter of the year, 1 to 4, in UTC or a zone.', "quarter(timestamp '2026-03-31T23:30:00Z', 'Europe/Berlin') = 2"),
  row('second',           ['timestamp'],                               'int64', 'any', strict(timeParts.second), ofClock('SECOND'), 'The second, 0 to 59.', "second(timestamp '2026-01-31T10:42:07.9Z') = 7"),
  row('timestamp_add',    ['unit', 'int64', 'timestamp'],              'timestamp', 'any', prepared((unit: TimeUnit) => (count: Int64, time: number) => addUnits(unit, Number(count), time)), ADD, 'The time moved by so many units.', "timestamp_add('month', 1, timestamp '2026-01-31') = '2026-02-28'"),
  row('timestamp_add',    ['unit', 'int64', 'timestamp', 'zone'],      'timestamp', 'any', prepared((unit: TimeUnit, zone: TimeZone) => (count: Int64, time: number) => addInZone(unit, Number(count), time, zone)), addedInZone, 'The time moved by so many units, days and longer ones on the clocks of UTC or a zone.', "timestamp_add('day', 1, timestamp '2026-03-28T12:00:00Z', 'Europe/Berlin') = '2026-03-29T11:00:00Z'"),
  row('timestamp_diff',   ['unit', 'timestamp', 'timestamp'],          'int64', 'any', prepared((unit: TimeUnit) => (from: number, to: number) => unitsBetween(unit, from, to)), differenceInUnits, 'The complete units from one time to another.', "timestamp_diff('day', timestamp '2026-01-01', timestamp '2026-01-31') = 30"),
  row('timestamp_diff',   ['unit', 'timestamp', 'timestamp', 'zone'],  'int64', 'any', prepared((unit: TimeUnit, zone: TimeZone) => (from: number, to: number) => unitsBetweenInZone(unit, from, to, zone)), differenceInZone, 'The complete units from one time to another, days and longer ones on the clocks of UTC or a zone.', "timestamp_diff('day', timestamp '2026-03-28T11:00:00Z', timestamp '2026-03-29T10:00:00Z', 'Europe/Berlin') = 1"),
  row('to_epoch_ms',      ['timestamp'],                               'int64', 'any', strict((time: number) => time), EPOCH_MS, 'The milliseconds since 1970.', "to_epoch_ms(timestamp '1970-01-01T00:00:01Z') = 1000"),
  row('to_epoch_s',       ['timestamp'],                               'int64', 'any', strict(timeParts.epoch), EPOCH_S, 'The complete seconds since 1970.', "to_epoch_s(timestamp '1970-01-01T00:01:00Z') = 60"),
  row('to_local',         ['timestamp', 'zone'],                       'timestamp', 'any', prepared((zone: TimeZone) => (time: number) => toLocal(time, zone)), TO_LOCAL, 'What the clocks of a zone show, as if it were UTC.', "to_local(timestamp '2026-01-31T10:00:00Z', 'Asia/Tokyo') = '2026-01-31T19:00:00'"),
  row('week_of_year',     ['timestamp'],                               'int64', 'any', strict(timeParts.week), ofDate('WEEK'), 'The week of the year by ISO 8601, 1 to 53.', "week_of_year(timestamp '2026-01-31') = 5"),
  row('week_of_year',     ['timestamp', 'zone'],                       'int64', 'any', local(timeParts.week), inZone(ofDate('WEEK')), 'The week of the year by ISO 8601, 1 to 53, in UTC or a zone.', "week_of_year(timestamp '2026-02-01T23:30:00Z', 'Europe/Berlin') = 6"),
  row('year',             ['timestamp'],                               'int64', 'any', strict(timeParts.year), ofDate('YEAR'), 'The year.', "year(timestamp '2026-01-31') = 2026"),
  row('year',             ['timestamp', 'zone'],                       'int64', 'any', local(timeParts.year), inZone(ofDate('YEAR')), 'The year, in UTC or a zone.', "year(timestamp '2026-12-31T23:30:00Z', 'Europe/Berlin') = 2027"),
  row('year_of_week',     ['timestamp'],                               'int64', 'any', strict(timeParts.isoyear), ofDate('ISOYEAR'), 'The year that the week belongs to by ISO 8601.', "year_of_week(timestamp '2027-01-01') = 2026"),
  row('year_of_week',     ['timestamp', 'zone'],                       'int64', 'any', local(timeParts.isoyear), inZone(ofDate('ISOYEAR')), 'The year that the week belongs to by ISO 8601, in UTC or a zone.', "year_of_week(timestamp '2027-01-03T23:30:00Z', 'Europe/Berlin') = 2027"),
]

function formatInZone(pattern: TimePattern, zone: TimeZone): (time: number) => string {
  return (time) => pattern.write(toLocal(time, zone), zone.offsetAt(time))
}

/** An offset in the text counts more than the zone. */
function parseInZone(text: string, pattern: TimePattern, zone: TimeZone | null): number | null {
  const read = pattern.read(text)
  if (read === null) return null
  const { local: time, offset } = read
  return offset === null && zone !== null ? fromLocal(time, zone) : timestampInRange(time - (offset ?? 0))
}
