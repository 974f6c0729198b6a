import { TIMESTAMP_LIMIT } from './timestamp.ts'

/** How local clocks go in a time zone of the IANA database, as the platform knows it. */
export interface TimeZone {
  /** As it was asked for, e.g. `Europe/Berlin`. */
  readonly id: string
  /** Milliseconds that local clocks are ahead of UTC at an instant, epoch ms. */
  offsetAt(instant: number): number
  /**
   * The first instant at which local clocks show this time or a later one. `local` is what epoch ms would be if the
   * clocks showed UTC. Of a time that comes twice this is the earlier one; a time that is left out begins with the next
   * one there is, as in java.time's `atStartOfDay`.
   */
  firstAt(local: number): number
}

const DAY = 86_400_000

/** Days of which the offsets are remembered, per zone. */
const REMEMBERED = 4096

const zones = new Map<string, TimeZone | null>()

/** The time zone of this name; null where there is none. */
export function timeZone(id: string): TimeZone | null {
  let zone = zones.get(id)
  if (zone === undefined) {
    zone = makeZone(id)
    // Names come from settings: there are few, but nobody says so.
    if (zones.size >= 1000) zones.clear()
    zones.set(id, zone)
  }
  return zone
}

function makeZone(id: string): TimeZone | null {
  const read = offsetReader(id)
  return read && new PlatformZone(id, read)
}

/** Reads offsets as the platform writes them, such as `GMT-07:52:58`; null for what is no zone's name. */
function offsetReader(id: string): ((instant: number) => number) | null {
  // Offsets are no names; platforms differ in whether they take them.
  if (!/^[A-Za-z]/.test(id)) return null
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: id, timeZoneName: 'longOffset' })
  } catch {
    return null
  }
  return (instant) => {
    const part = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')
    const match = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(part?.value ?? '')
    if (match === null) return 0
    const [, sign, hours, minutes, seconds = '0'] = match
    const offset = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
    return sign === '-' ? -offset : offset
  }
}

/** The offset over a day of UTC: one, or two where the clocks are changed. */
interface DayOffsets {
  readonly before: number
  /** The first instant of `after`. */
  readonly change: number
  readonly after: number
}

class PlatformZone implements TimeZone {
  readonly id: string
  readonly #read: (instant: number) => number
  readonly #days = new Map<number, DayOffsets>()

  constructor(id: string, read: (instant: number) => number) {
    this.id = id
    this.#read = (instant) => read(Math.max(-TIMESTAMP_LIMIT, Math.min(instant, TIMESTAMP_LIMIT)))
  }

  offsetAt(instant: number): number {
    const { before, change, after } = this.#offsetsOf(Math.floor(instant / DAY))
    return instant < change ? before : after
  }

  firstAt(local: number): number {
    const instants = [local - DAY, local + DAY].map((near) => local - this.offsetAt(near))
    const [low, high] = [Math.min(...instants), Math.max(...instants)]
    const isReached = (instant: number) => instant + this.offsetAt(instant) >= local
    // Where the time comes twice, it is not reached all along between the two.
    return isReached(low) ? low : firstWhere(low, high, isReached)
  }

  #offsetsOf(day: number): DayOffsets {
    let offsets = this.#days.get(day)
    if (offsets === undefined) {
      offsets = this.#readDay(day * DAY)
      if (this.#days.size >= REMEMBERED) this.#days.clear()
      this.#days.set(day, offsets)
    }
    return offsets
  }

  #readDay(start: number): DayOffsets {
    const before = this.#read(start)
    const after = this.#read(start + DAY - 1)
    if (before === after) return { before, change: start, after }
    return {
      before,
      change: firstWhere(start, start + DAY - 1, (instant) => this.#read(instant) === after),
      after,
    }
  }
}

/** The first whole number within the bounds for which something holds that goes on to hold, as it does for `high`. */
function firstWhere(low: number, high: number, holds: (value: number) => boolean): number {
  let [from, to] = [low, high]
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    if (holds(middle)) to = middle
    else from = middle + 1
  }
  return from
}
