import { perLanguage, t } from '../i18n/t.ts'
import { counted, formatTenth } from './numbers.ts'

// English with the clock of 24 hours and the day before the month.
const localeOf = (code: string) => (code === 'en' ? 'en-GB' : code)
const clock = perLanguage(
  (code) =>
    new Intl.DateTimeFormat(localeOf(code), { hour: '2-digit', minute: '2-digit', second: '2-digit' }),
)
const shortClock = perLanguage(
  (code) => new Intl.DateTimeFormat(localeOf(code), { hour: '2-digit', minute: '2-digit' }),
)
const day = perLanguage(
  (code) => new Intl.DateTimeFormat(localeOf(code), { day: 'numeric', month: 'short', year: 'numeric' }),
)

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY_MS = 24 * HOUR

/** The largest time that JavaScript's dates reach, ms from the epoch. */
const LIMIT = 8.64e15

/** `14:02:31`, local time. */
export function formatClock(ms: number): string {
  return isDate(ms) ? clock().format(ms) : '–'
}

/** `14:02`, local time. */
export function formatShortClock(ms: number): string {
  return isDate(ms) ? shortClock().format(ms) : '–'
}

/** `31 Jan 2026, 14:02:31`, local time. */
export function formatDateTime(ms: number): string {
  return isDate(ms) ? `${day().format(ms)}, ${clock().format(ms)}` : '–'
}

/** ISO 8601 in UTC, for tooltips and JSON. */
export function formatIso(ms: number): string {
  return isDate(ms) ? new Date(ms).toISOString() : String(ms)
}

/** A clock time for today, with the date on other days. */
export function formatMoment(ms: number, now: number): string {
  const isToday = isDate(ms) && new Date(ms).toDateString() === new Date(now).toDateString()
  return isToday ? formatClock(ms) : formatDateTime(ms)
}

/** A length of time with its two largest units: `38 ms`, `7.6 s`, `1 min 55 s`, `4 h 41 min`, `3 days`. */
export function formatDuration(ms: number): string {
  const length = Math.max(0, ms)
  if (length < SECOND) return `${Math.round(length)} ms`
  if (length < 10 * SECOND) return `${formatTenth(length / SECOND)} s`
  if (length < MINUTE) return `${Math.round(length / SECOND)} s`
  if (length < HOUR) return twoUnits(length, MINUTE, 'min', SECOND, 's')
  if (length < 2 * DAY_MS) return twoUnits(length, HOUR, 'h', MINUTE, 'min')
  return counted(Math.round(length / DAY_MS), 'day')
}

function twoUnits(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % large) / small)
  const head = `${Math.floor(ms / large)} ${largeName}`
  return rest === 0 ? head : `${head} ${rest} ${smallName}`
}

/** How long ago: `just now`, `5 min ago`, `2 h ago`, `3 days ago`. */
export function formatAgo(ms: number, now: number): string {
  const age = now - ms
  if (age < MINUTE) return t('just now')
  if (age < HOUR) return t('{minutes} min ago', { minutes: Math.floor(age / MINUTE) })
  if (age < 2 * DAY_MS) return t('{hours} h ago', { hours: Math.floor(age / HOUR) })
  return t('{days} days ago', { days: Math.floor(age / DAY_MS) })
}

function isDate(ms: number): boolean {
  return Number.isFinite(ms) && Math.abs(ms) <= LIMIT
}
