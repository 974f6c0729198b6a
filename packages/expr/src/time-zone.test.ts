import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type TimeZone, timeZone } from './time-zone.ts'
import { formatTimestamp, TIMESTAMP_LIMIT } from './timestamp.ts'

function zoneOf(id: string): TimeZone {
  const zone = timeZone(id)
  if (zone === null) throw new Error(`there is no zone ${id}`)
  return zone
}

const HOUR = 3_600_000

describe('a time zone', () => {
  it.each(['', '+05:30', 'Mars/Olympus', 'Europe/Berlin ', '__proto__', '-'])('is none: %j', (id) => {
    expect(timeZone(id)).toBe(null)
  })

  it.each([
    ['UTC', '2026-07-01T00:00:00Z', 0],
    ['Europe/Berlin', '2026-01-01T00:00:00Z', HOUR],
    ['Europe/Berlin', '2026-07-01T00:00:00Z', 2 * HOUR],
    // The clocks are changed at 01:00 UTC.
    ['Europe/Berlin', '2026-03-29T00:59:59.999Z', HOUR],
    ['Europe/Berlin', '2026-03-29T01:00:00.000Z', 2 * HOUR],
    ['Europe/Berlin', '2026-10-25T00:59:59.999Z', 2 * HOUR],
    ['Europe/Berlin', '2026-10-25T01:00:00.000Z', HOUR],
    ['Asia/Kolkata', '1999-12-31T23:59:59.999Z', 5.5 * HOUR],
    ['America/St_Johns', '2026-07-01T00:00:00Z', -2.5 * HOUR],
    ['Australia/Lord_Howe', '2026-01-01T00:00:00Z', 11 * HOUR],
    ['America/Los_Angeles', '1850-01-01T00:00:00Z', -(7 * HOUR + 52 * 60_000 + 58_000)],
  ])('%s is ahead of UTC at %s by %d ms', (id, instant, offset) => {
    expect(zoneOf(id).offsetAt(Date.parse(instant))).toBe(offset)
  })

  it.each([
    ['UTC', '2026-03-29T00:00:00Z', '2026-03-29T00:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29T00:00:00Z', '2026-03-28T23:00:00.000Z'],
    ['Europe/Berlin', '2026-03-30T00:00:00Z', '2026-03-29T22:00:00.000Z'],
    // 02:00 to 03:00 is left out; 02:00 to 03:00 comes twice.
    ['Europe/Berlin', '2026-03-29T02:30:00Z', '2026-03-29T01:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29T03:00:00Z', '2026-03-29T01:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25T02:30:00Z', '2026-10-25T00:30:00.000Z'],
    ['Europe/Berlin', '2026-10-25T03:00:00Z', '2026-10-25T02:00:00.000Z'],
    // Midnight is left out: the day begins at one o'clock.
    ['America/Sao_Paulo', '2018-11-04T00:00:00Z', '2018-11-04T03:00:00.000Z'],
    // Midnight comes twice: at 01:00 it is 00:00 again.
    ['America/Havana', '2026-11-01T00:00:00Z', '2026-11-01T04:00:00.000Z'],
    // At 00:01 it was 23:01 of the day before.
    ['America/St_Johns', '2010-11-07T00:00:00Z', '2010-11-07T02:30:00.000Z'],
    // A whole day was left out.
    ['Pacific/Apia', '2011-12-30T00:00:00Z', '2011-12-30T10:00:00.000Z'],
    ['Pacific/Apia', '2011-12-31T00:00:00Z', '2011-12-30T10:00:00.000Z'],
  ])('%s shows %s first at %s', (id, local, instant) => {
    expect(formatTimestamp(zoneOf(id).firstAt(Date.parse(local)))).toBe(instant)
  })

  it('goes on to the limits of timestamps', () => {
    const zone = zoneOf('Asia/Tokyo')
    expect(zone.offsetAt(TIMESTAMP_LIMIT)).toBe(9 * HOUR)
    expect(zone.firstAt(TIMESTAMP_LIMIT)).toBe(TIMESTAMP_LIMIT - 9 * HOUR)
    expect(zoneOf('America/New_York').offsetAt(-TIMESTAMP_LIMIT)).toBeLessThan(0)
  })

  it('shows a time at its first instant and not before, whatever the zone and the time', () => {
    const ids = [
      'Europe/Berlin',
      'America/Sao_Paulo',
      'Pacific/Apia',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
    ]
    const time = fc.integer({ min: Date.UTC(1930, 0), max: Date.UTC(2040, 0) })
    fc.assert(
      fc.property(fc.constantFrom(...ids), time, (id, local) => {
        const zone = zoneOf(id)
        const shown = (instant: number) => instant + zone.offsetAt(instant)
        const first = zone.firstAt(local)
        expect(shown(first)).toBeGreaterThanOrEqual(local)
        expect(shown(first - 1)).toBeLessThan(local)
      }),
      { numRuns: 300 },
    )
  })

  it('agrees with the platform on the date and time of any instant', () => {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'America/New_York',
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    const zone = zoneOf('America/New_York')
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2090, 0) }), (instant) => {
        const local = new Date(instant + zone.offsetAt(instant)).toISOString()
        expect(local.replace('T', ' ').slice(0, 19)).toBe(format.format(instant))
      }),
      { numRuns: 300 },
    )
  })
})
