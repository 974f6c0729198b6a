import { TIMESTAMP_LIMIT } from '@millrace/expr'
import { describe, expect, it, vi } from 'vitest'
import { stream } from '../../config/definitions.test-helper.ts'
import { window } from './definition.ts'
import type { WindowConfig } from './settings.ts'
import { WindowDriver } from './window-driver.test-helper.ts'

const input = stream({ k: 'string' })

function driverOf(change: Partial<WindowConfig>): WindowDriver {
  return new WindowDriver({ ...window.defaults, groupBy: ['k'], ...change }, input)
}

/** Start, end and count of results. */
function short(records: readonly { row: readonly unknown[] }[]): unknown[] {
  return records.map(({ row }) => row.slice(1, 4))
}

describe('an event', () => {
  it.each<[Partial<WindowConfig>]>([
    [{ kind: 'tumbling', size: 1000 }],
    [{ kind: 'hopping', size: 1000, slide: 1000 }],
    [{ kind: 'hopping', size: 1000, slide: 1 }],
    [{ kind: 'cumulative', size: 1000, step: 1000 }],
    [{ kind: 'cumulative', size: 1000, step: 1 }],
    [{ kind: 'session', gap: 1000 }],
  ])('changes one state row, however many windows hold it: %o', (change) => {
    const driver = driverOf(change)
    driver.feed(['a'], 500)
    const put = vi.spyOn(driver.state, 'put')
    for (let i = 0; i < 10; i++) driver.feed(['a'], 500)
    expect(put).toHaveBeenCalledTimes(10)
  })

  it.each<[Partial<WindowConfig>, number[]]>([
    [{ kind: 'tumbling', size: 1000 }, [TIMESTAMP_LIMIT]],
    [{ kind: 'tumbling', length: 'month', timeZone: 'Asia/Tokyo' }, [TIMESTAMP_LIMIT, -TIMESTAMP_LIMIT]],
    [{ kind: 'hopping', size: 1000, slide: 300 }, [TIMESTAMP_LIMIT - 899, 500 - TIMESTAMP_LIMIT]],
    [{ kind: 'cumulative', size: 1000, step: 10 }, [TIMESTAMP_LIMIT]],
    [{ kind: 'session', gap: 1000 }, [TIMESTAMP_LIMIT - 999]],
  ])('of which a window is beyond the range of timestamps is an error: %o', (change, times) => {
    const driver = driverOf(change)
    for (const time of times) {
      expect(() => driver.feed(['a'], time)).toThrow(
        expect.objectContaining({ code: 'timestamp_out_of_range' }),
      )
    }
    expect(driver.state.stored).toEqual([])
  })
})

describe('a publish', () => {
  it('that gives open windows more time lets their results wait', () => {
    const before = driverOf({ size: 100 })
    before.feed(['a'], 50)
    const after = driverOf({ size: 100, allowedLateness: 30 })
    after.state.stored = before.state.stored
    expect(after.advance(99)).toEqual([])
    expect(short(after.advance(129))).toEqual([[0, 100, 1]])
    expect(after.state.stored).toEqual([])
  })

  it('that gives them less closes them when their time has come', () => {
    const before = driverOf({ size: 100, allowedLateness: 30 })
    before.feed(['a'], 50)
    const after = driverOf({ size: 100 })
    after.state.stored = before.state.stored
    expect(after.advance(128)).toEqual([])
    expect(after.advance(129)).toHaveLength(1)
  })

  it('that asks for updating results goes on with the windows that are open, and back', () => {
    const final = driverOf({ kind: 'hopping', size: 20, slide: 10 })
    final.feed(['a'], 5)
    const updating = driverOf({
      kind: 'hopping',
      size: 20,
      slide: 10,
      output: 'updating',
      allowedLateness: 5,
    })
    updating.state.stored = final.state.stored
    expect(short(updating.advance(9))).toEqual([[-10, 10, 1]])
    expect(short(updating.feed(['a'], 6).emitted)).toEqual([[-10, 10, 2]])
    const again = driverOf({ kind: 'hopping', size: 20, slide: 10 })
    again.state.stored = updating.state.stored
    expect(short(again.advance(100))).toEqual([[0, 20, 2]])
    expect(again.state.stored).toEqual([])
  })
})

describe('gaps', () => {
  const minutes = { size: 60_000, fillGaps: true }
  const MINUTE = 60_000

  it('of a thousand windows are filled, longer ones are not', () => {
    const driver = driverOf(minutes)
    driver.feed(['a'], 0)
    driver.feed(['a'], 1001 * MINUTE)
    driver.feed(['b'], 0)
    driver.feed(['b'], 1002 * MINUTE)
    const sent = driver.advance(1e10).map(({ row }) => row[0])
    expect(sent.filter((key) => key === 'a')).toHaveLength(1002)
    expect(sent.filter((key) => key === 'b')).toHaveLength(2)
    expect(driver.state.stored).toEqual([])
  })

  it('are remembered over a restart, for a thousand windows', () => {
    const driver = driverOf(minutes)
    driver.feed(['a'], 0)
    driver.advance(MINUTE)
    driver.restart()
    driver.feed(['a'], 3 * MINUTE)
    expect(short(driver.advance(4 * MINUTE))).toEqual([
      [MINUTE, 2 * MINUTE, 0],
      [2 * MINUTE, 3 * MINUTE, 0],
      [3 * MINUTE, 4 * MINUTE, 1],
    ])
    expect(driver.state.stored).toHaveLength(1)
    driver.advance(1010 * MINUTE)
    expect(driver.state.stored).toEqual([])
  })

  it('of months are filled in the calendar', () => {
    const driver = driverOf({ length: 'month', timeZone: 'Europe/Berlin', fillGaps: true })
    driver.feed(['a'], Date.UTC(2026, 0, 15))
    driver.feed(['a'], Date.UTC(2026, 3, 15))
    const starts = driver
      .advance(Date.UTC(2027, 0))
      .map(({ row }) => new Date(row[1] as number).toISOString())
    expect(starts.map((start) => start.slice(0, 13))).toEqual([
      '2025-12-31T23',
      '2026-01-31T23',
      '2026-02-28T23',
      '2026-03-31T22',
    ])
  })
})

describe('the timer of a session', () => {
  it('moves once in a gap, not with every event', () => {
    const driver = driverOf({ kind: 'session', gap: 1000 })
    const times = new Set<number | undefined>()
    for (let time = 0; time < 10_000; time += 10) {
      driver.feed(['a'], time)
      times.add(driver.state.stored[0]?.timer)
    }
    expect(times.size).toBeLessThanOrEqual(11)
    expect(driver.advance(10_988)).toEqual([])
    expect(short(driver.advance(10_989))).toEqual([[0, 10_990, 1000]])
  })
})

describe('early updates by the wall clock', () => {
  it.each<[Partial<WindowConfig>, unknown[], unknown[]]>([
    [{ kind: 'tumbling', size: 100 }, [[0, 100, 1]], [[0, 100, 2]]],
    [{ kind: 'session', gap: 100 }, [[50, 150, 1]], [[50, 160, 2]]],
    [
      { kind: 'hopping', size: 100, slide: 50 },
      [
        [0, 100, 1],
        [50, 150, 1],
      ],
      [
        [0, 100, 2],
        [50, 150, 2],
      ],
    ],
  ])('tell what there is of open windows, once for each change: %o', (change, first, second) => {
    const driver = driverOf({ ...change, output: 'updating', earlyUpdates: 5, earlyClock: 'processing' })
    driver.feed(['a'], 50)
    expect(short(driver.tick(5))).toEqual(first)
    expect(driver.tick(10)).toEqual([])
    driver.feed(['a'], 60)
    const again = driver.tick(15)
    expect([short(again), again.map(({ kind }) => kind)]).toEqual([second, second.map(() => 'update')])
    driver.feed(['a'], 55)
    const closed = driver.advance(1000)
    expect(closed.every(({ kind }) => kind === 'update')).toBe(true)
    expect(driver.tick(20)).toEqual([])
    expect(driver.state.stored).toEqual([])
  })
})
