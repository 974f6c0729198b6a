import type { Int64 } from '../int64.ts'
import { daysFromCivil, timestampInRange } from '../timestamp.ts'
import { type FunctionRow, lazy, type Prepared, prepared, row, strict } from './function.ts'

/** Functions of time. Calendar fields are those of UTC. */
// biome-ignore format: one row a line, columns aligned
export const TIME_FUNCTIONS: readonly FunctionRow[] = [
  row('date_trunc',    ['unit', 'timestamp'], 'timestamp', 'any',   prepared(truncateTo),       'The start of the second, minute, hour, day, week (Monday), month, quarter or year, in UTC.', "date_trunc('hour', timestamp '2026-01-31T10:42:00Z') = '2026-01-31T10:00:00Z'"),
  row('day',           ['timestamp'],         'int64',     'any',   strict(dayOf),              'The day of the month, 1 to 31, in UTC.',          "day(timestamp '2026-01-31') = 31"),
  row('event_time',    [],                    'timestamp', 'never', lazy(() => (_, context) => context.time), 'The event time of the record.',    'event_time() is not null'),
  row('from_epoch_ms', ['int64'],             'timestamp', 'any',   strict(fromEpochMs),        'The timestamp so many milliseconds after 1970.',  "from_epoch_ms(0) = '1970-01-01'"),
  row('hour',          ['timestamp'],         'int64',     'any',   strict((t: number) => floorMod(Math.floor(t / 3_600_000), 24)), 'The hour of the day, 0 to 23, in UTC.', "hour(timestamp '2026-01-31T10:42:00Z') = 10"),
  row('minute',        ['timestamp'],         'int64',     'any',   strict((t: number) => floorMod(Math.floor(t / 60_000), 60)),    'The minute, 0 to 59, in UTC.',         "minute(timestamp '2026-01-31T10:42:00Z') = 42"),
  row('month',         ['timestamp'],         'int64',     'any',   strict(monthOf),            'The month, 1 to 12, in UTC.',                     "month(timestamp '2026-01-31') = 1"),
  row('second',        ['timestamp'],         'int64',     'any',   strict((t: number) => floorMod(Math.floor(t / 1000), 60)),      'The second, 0 to 59.',                 "second(timestamp '2026-01-31T10:42:07.9Z') = 7"),
  row('to_epoch_ms',   ['timestamp'],         'int64',     'any',   strict((t: number) => t),   'The milliseconds since 1970.',                    "to_epoch_ms(timestamp '1970-01-01T00:00:01Z') = 1000"),
  row('year',          ['timestamp'],         'int64',     'any',   strict(yearOf),             'The year, in UTC.',                               "year(timestamp '2026-01-31') = 2026"),
]

const MINUTE = 60_000
const DAY = 86_400_000

const TRUNCATIONS: ReadonlyMap<string, (time: number) => number> = new Map([
  ['second', toMultiple(1000, 0)],
  ['minute', toMultiple(MINUTE, 0)],
  ['hour', toMultiple(60 * MINUTE, 0)],
  ['day', toMultiple(DAY, 0)],
  // 1970-01-05 was a Monday.
  ['week', toMultiple(7 * DAY, 4 * DAY)],
  ['month', toMonth(1)],
  ['quarter', toMonth(3)],
  ['year', toMonth(12)],
])

function truncateTo(unit: string): Prepared {
  const truncate = TRUNCATIONS.get(unit.toLowerCase())
  if (truncate === undefined)
    return { ok: false, message: `Expected one of ${[...TRUNCATIONS.keys()].join(', ')}` }
  return { ok: true, call: (time: number) => timestampInRange(truncate(time)) }
}

function toMultiple(size: number, origin: number): (time: number) => number {
  return (time) => time - floorMod(time - origin, size)
}

function toMonth(months: number): (time: number) => number {
  return (time) => {
    const date = new Date(time)
    return daysFromCivil(date.getUTCFullYear(), floorTo(date.getUTCMonth(), months) + 1, 1) * DAY
  }
}

function floorTo(value: number, size: number): number {
  return value - (value % size)
}

function floorMod(value: number, size: number): number {
  return value - Math.floor(value / size) * size
}

function yearOf(time: number): number {
  return new Date(time).getUTCFullYear()
}

function monthOf(time: number): number {
  return new Date(time).getUTCMonth() + 1
}

function dayOf(time: number): number {
  return new Date(time).getUTCDate()
}

function fromEpochMs(milliseconds: Int64): number {
  return timestampInRange(Number(milliseconds))
}
