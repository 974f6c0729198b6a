import { RecordError } from '@millrace/engine'
import { formatTimestamp, parseTimestamp } from '@millrace/expr'

/** How a sink spreads its documents over indices. */
export type IndexKind = 'single' | 'daily'

/** Lower case, digits, `-` and `_`, not leading; room for a date within Elasticsearch's 255 bytes. */
const ALIAS = /^[a-z0-9][a-z0-9_-]{0,199}$/

const SINGLE_SUFFIX = 'all'
const DATE = /^\d{4}-\d\d-\d\d$/
const DAY = 86_400_000

/** True for an alias from which index names can be made. Documents are read through it. */
export function isAlias(alias: string): boolean {
  return ALIAS.test(alias)
}

/** The name of the only index of a sink. */
export function singleIndex(alias: string): string {
  return `${alias}-${SINGLE_SUFFIX}`
}

/**
 * The name of the index of a day, in UTC.
 *
 * @throws RecordError where the year does not have four digits
 */
export function dailyIndex(alias: string, time: number): string {
  const date = formatTimestamp(time).slice(0, 10)
  if (DATE.test(date)) return `${alias}-${date}`
  throw new RecordError('index_date_out_of_range', 'The date of the index is not within the years 0 to 9999.')
}

/** The day of an index, epoch ms; null where the name is none of this alias's daily indices. */
export function dayOfIndex(alias: string, index: string): number | null {
  const date = index.startsWith(`${alias}-`) ? index.slice(alias.length + 1) : ''
  return DATE.test(date) ? parseTimestamp(date) : null
}

/** True for the names of the indices that a sink with this alias writes. */
export function isIndexOf(alias: string, index: string): boolean {
  return index === singleIndex(alias) || dayOfIndex(alias, index) !== null
}

/**
 * True where an index holds only days before the retention: it is to be dropped, and documents for it go to dead
 * letters. Today counts as the first day of the retention.
 *
 * @param now epoch ms
 */
export function isExpired(alias: string, index: string, retentionDays: number | null, now: number): boolean {
  const day = dayOfIndex(alias, index)
  if (day === null || retentionDays === null) return false
  return day < Math.floor(now / DAY) * DAY - (retentionDays - 1) * DAY
}
