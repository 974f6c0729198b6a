import { daysFromCivil, TIMESTAMP_LIMIT, type TimeZone } from '@millrace/expr'

/** How time is cut into spans that follow one another without gap or overlap. */
export interface Spans {
  /** The start of the span that a time belongs to. */
  startOf(time: number): number
  /** The end, not included, of the span that begins at `start`. */
  endOf(start: number): number
}

/** Spans of one length in ms, aligned to the epoch plus an offset; right for negative times too. */
export function fixedSpans(size: number, offset: number): Spans {
  // Most events belong to the span of the one before, and a division costs more than two comparisons.
  let last = offset
  return {
    startOf(time) {
      if (time < last || time >= last + size) last = floorTo(time - offset, size) + offset
      return last
    },
    endOf: (start) => start + size,
  }
}

/** The largest multiple of `size` that is not greater. */
export function floorTo(value: number, size: number): number {
  const rest = value % size
  return value - (rest < 0 ? rest + size : rest)
}

/** The smallest multiple of `size` that is not less. */
export function ceilTo(value: number, size: number): number {
  return -floorTo(-value, size)
}

/** Length of a span of the calendar. */
export type CalendarUnit = 'day' | 'week' | 'month'

const DAY = 86_400_000

/** By unit: the beginning of the span of a local time, and of the one behind it; both as if clocks showed UTC. */
const UNITS: Readonly<Record<CalendarUnit, { start(local: number): number; next(start: number): number }>> = {
  day: { start: (local) => floorTo(local, DAY), next: (start) => start + DAY },
  // 1970-01-05 was a Monday.
  week: { start: (local) => floorTo(local - 4 * DAY, 7 * DAY) + 4 * DAY, next: (start) => start + 7 * DAY },
  month: { start: (local) => monthStart(local, 0), next: (start) => monthStart(start, 1) },
}

function monthStart(local: number, later: number): number {
  // Local clocks may be beyond the last timestamp, but no more than a day: in the same month.
  const date = new Date(Math.max(-TIMESTAMP_LIMIT, Math.min(local, TIMESTAMP_LIMIT)))
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth() + later
  return daysFromCivil(Math.floor(month / 12), floorMod(month, 12) + 1, 1) * DAY
}

function floorMod(value: number, size: number): number {
  return value - floorTo(value, size)
}

/**
 * Days, weeks (from Monday) or months of local clocks: a span begins with the first instant at which they show its date
 * at midnight plus the offset, or a later time. So a day in which clocks are changed has 23 or 25 hours.
 */
export class CalendarSpans implements Spans {
  readonly #unit: CalendarUnit
  readonly #zone: TimeZone
  readonly #offset: number
  /** The span that was asked for last: most events belong to it. */
  #last = { start: 0, end: 0 }

  constructor(unit: CalendarUnit, zone: TimeZone, offset: number) {
    this.#unit = unit
    this.#zone = zone
    this.#offset = offset
  }

  startOf(time: number): number {
    return this.#spanOf(time).start
  }

  endOf(start: number): number {
    return this.#spanOf(start).end
  }

  /** What local clocks are meant to show when the span of a time begins, as if they showed UTC. */
  localStartOf(time: number): number {
    const local = time + this.#zone.offsetAt(time) - this.#offset
    let start = UNITS[this.#unit].start(local)
    // Around a change of the clocks the date that they show may be of a span that has ended or not begun.
    while (this.#instantOf(start) > time) start = UNITS[this.#unit].start(start - 1)
    for (let next = this.#next(start); this.#instantOf(next) <= time; next = this.#next(start)) start = next
    return start + this.#offset
  }

  #spanOf(time: number): { start: number; end: number } {
    if (time < this.#last.start || time >= this.#last.end) {
      const local = this.localStartOf(time) - this.#offset
      this.#last = { start: this.#instantOf(local), end: this.#instantOf(this.#next(local)) }
    }
    return this.#last
  }

  #next(start: number): number {
    return UNITS[this.#unit].next(start)
  }

  #instantOf(local: number): number {
    return this.#zone.firstAt(local + this.#offset)
  }
}
