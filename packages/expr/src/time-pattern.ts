import { floorMod, isoDayOfWeek } from './calendar.ts'
import { timeParts } from './time-parts.ts'
import { daysFromCivil, daysInMonth } from './timestamp.ts'

/** What a text can say about a time; `half` is 0 before noon and 1 after it, `offset` is in milliseconds. */
type Part =
  | 'year'
  | 'month'
  | 'day'
  | 'hour'
  | 'halfDayHour'
  | 'half'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'offset'

/** A run of one letter: how it is written for a local time, the shape of such a text, and what it says. */
interface Field {
  write(local: number, offset: number): string
  readonly shape: string
  /** Null where the text only repeats what other fields say; it is compared in the end. */
  readonly part: Part | null
  read(text: string): number
}

function number(width: number, part: Part, of: (local: number) => number): Field {
  return {
    write: (local) => String(of(local)).padStart(width, '0'),
    shape: width === 1 ? '\\d{1,2}' : `\\d{${width}}`,
    part,
    read: Number,
  }
}

function name(names: readonly string[], part: Part | null, of: (local: number) => number): Field {
  return {
    write: (local) => names[of(local) - 1] as string,
    shape: names.join('|'),
    part,
    read: (text) => names.indexOf(text) + 1,
  }
}

function fraction(digits: number): Field {
  return {
    write: (local) => String(floorMod(local, 1000)).padStart(3, '0').slice(0, digits),
    shape: `\\d{${digits}}`,
    part: 'millisecond',
    read: (text) => Number(text.padEnd(3, '0')),
  }
}

const HALF: Field = {
  write: (local) => (hourOf(local) < 12 ? 'AM' : 'PM'),
  shape: 'AM|PM',
  part: 'half',
  read: (text) => (text === 'PM' ? 1 : 0),
}

const OFFSET: Field = {
  write: (_, offset) => writeOffset(offset),
  shape: 'Z|[+-]\\d\\d:\\d\\d',
  part: 'offset',
  read: readOffset,
}

function writeOffset(offset: number): string {
  const minutes = Math.abs(Math.trunc(offset / 60_000))
  if (minutes === 0) return 'Z'
  const digits = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'))
  return `${offset < 0 ? '-' : '+'}${digits.join(':')}`
}

function readOffset(text: string): number {
  if (text === 'Z') return 0
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(4))
  return (text.startsWith('-') ? -minutes : minutes) * 60_000
}

const {
  hour: hourOf,
  minute: minuteOf,
  second: secondOf,
  year: yearOf,
  month: monthOf,
  day: dayOf,
} = timeParts
const halfDayHourOf = (local: number) => ((hourOf(local) + 11) % 12) + 1

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)
const WEEKDAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ')

function short(names: readonly string[]): string[] {
  return names.map((one) => one.slice(0, 3))
}

/** The letters of a pattern, a part of those of Java's DateTimeFormatter, with the same meaning. */
const FIELDS: ReadonlyMap<string, Field> = new Map([
  ['yyyy', number(4, 'year', yearOf)],
  ['M', number(1, 'month', monthOf)],
  ['MM', number(2, 'month', monthOf)],
  ['MMM', name(short(MONTHS), 'month', monthOf)],
  ['MMMM', name(MONTHS, 'month', monthOf)],
  ['d', number(1, 'day', dayOf)],
  ['dd', number(2, 'day', dayOf)],
  ['EEE', name(short(WEEKDAYS), null, isoDayOfWeek)],
  ['EEEE', name(WEEKDAYS, null, isoDayOfWeek)],
  ['H', number(1, 'hour', hourOf)],
  ['HH', number(2, 'hour', hourOf)],
  ['h', number(1, 'halfDayHour', halfDayHourOf)],
  ['hh', number(2, 'halfDayHour', halfDayHourOf)],
  ['a', HALF],
  ['m', number(1, 'minute', minuteOf)],
  ['mm', number(2, 'minute', minuteOf)],
  ['s', number(1, 'second', secondOf)],
  ['ss', number(2, 'second', secondOf)],
  ['S', fraction(1)],
  ['SS', fraction(2)],
  ['SSS', fraction(3)],
  ['XXX', OFFSET],
])

/** Letters, texts in quotes, and all between. */
const PIECES = /([A-Za-z])\1*|'((?:[^']|'')*)'|[^A-Za-z']+/gy

/** Most characters of a pattern. */
const MAX_LENGTH = 100

/** How times are written and read. A local time is what epoch ms would be if local clocks showed UTC. */
export class TimePattern {
  /** As it was written. */
  readonly text: string
  readonly #pieces: readonly (string | Field)[]
  readonly #fields: readonly Field[]
  readonly #shape: RegExp

  constructor(text: string, pieces: readonly (string | Field)[]) {
    this.text = text
    this.#pieces = pieces
    this.#fields = pieces.filter((piece) => typeof piece !== 'string')
    const shapes = pieces.map((piece) => (typeof piece === 'string' ? escaped(piece) : `(${piece.shape})`))
    this.#shape = new RegExp(`^${shapes.join('')}$`, 'u')
  }

  /** True where the pattern says this. */
  says(part: Part): boolean {
    return this.#fields.some((field) => field.part === part)
  }

  /** A local time, so many milliseconds ahead of UTC, as text. */
  write(local: number, offset: number): string {
    return this.#pieces
      .map((piece) => (typeof piece === 'string' ? piece : piece.write(local, offset)))
      .join('')
  }

  /**
   * The local time of a text and its offset, null where it has none; null as a whole where the text is not just what
   * `write` would make of that time.
   */
  read(text: string): { readonly local: number; readonly offset: number | null } | null {
    const match = this.#shape.exec(text)
    if (match === null) return null
    const parts = new Map(this.#fields.map((field, i) => [field.part, field.read(match[i + 1] as string)]))
    const local = localTimeOf((part) => parts.get(part))
    const offset = parts.get('offset') ?? null
    return local !== null && this.write(local, offset ?? 0) === text ? { local, offset } : null
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

function localTimeOf(get: (part: Part) => number | undefined): number | null {
  const [year = 0, month = 1, day = 1] = [get('year'), get('month'), get('day')]
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
  const hour = get('hour') ?? ((get('halfDayHour') ?? 0) % 12) + (get('half') ?? 0) * 12
  const [minute = 0, second = 0, millisecond = 0] = [get('minute'), get('second'), get('millisecond')]
  if (hour > 23 || minute > 59 || second > 59) return null
  return (((daysFromCivil(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000 + millisecond
}

/**
 * The pattern of a text such as `yyyy-MM-dd HH:mm`, in which letters that are meant as such stand in single quotes; or in
 * words what is wrong with it.
 */
export function readTimePattern(text: string): TimePattern | string {
  if (text === '' || text.length > MAX_LENGTH) return `A time pattern has 1 to ${MAX_LENGTH} characters`
  const pieces: (string | Field)[] = []
  let end = 0
  for (const match of text.matchAll(PIECES)) {
    const [whole, letter, quoted] = match
    const field = FIELDS.get(whole)
    if (letter !== undefined && field === undefined) return noField(whole)
    pieces.push(field ?? (quoted === undefined ? whole : quoted === '' ? "'" : quoted.replaceAll("''", "'")))
    end = match.index + whole.length
  }
  return end === text.length ? new TimePattern(text, pieces) : 'A quote in the time pattern is not closed'
}

function noField(letters: string): string {
  const known = [...FIELDS.keys()].join(', ')
  return `A time pattern has no ${letters}: it is made of ${known}, and of texts in single quotes`
}

/** What a pattern lacks to say a whole date, in words; null where it lacks nothing. */
export function missingForDate(pattern: TimePattern): string | null {
  const missing = (['year', 'month', 'day'] as const).filter((part) => !pattern.says(part))
  if (missing.length > 0) return missing.join(' and ')
  return pattern.says('halfDayHour') === pattern.says('half') ? null : 'AM or PM with the hour'
}
