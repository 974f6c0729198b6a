import { DEFAULT_SETTINGS } from '@millrace/contracts'
import { describe, expect, test } from 'vitest'
import { CommitSchedule } from './commit-schedule.ts'

const nothing = { work: false, news: false, moved: false, records: 0, bytes: 0, waiting: 0 }

function scheduleSince(time: number): CommitSchedule {
  return new CommitSchedule(DEFAULT_SETTINGS, time)
}

describe('when a commit is due', () => {
  test('never without anything to commit', () => {
    expect(scheduleSince(0).isDue(nothing, 1e9)).toBe(false)
  })

  test('work and news wait for the interval', () => {
    const interval = DEFAULT_SETTINGS.commitIntervalMs
    for (const need of [
      { ...nothing, work: true },
      { ...nothing, news: true },
    ]) {
      expect(scheduleSince(0).isDue(need, interval - 1)).toBe(false)
      expect(scheduleSince(0).isDue(need, interval)).toBe(true)
    }
  })

  test('a task that is far behind takes five intervals, and no longer than that', () => {
    const interval = DEFAULT_SETTINGS.commitIntervalMs
    const behind = { ...nothing, work: true, records: 100, waiting: 1_001 }
    expect(scheduleSince(0).isDue(behind, 5 * interval - 1)).toBe(false)
    expect(scheduleSince(0).isDue(behind, 5 * interval)).toBe(true)
  })

  test('a task that is far behind commits every half second at least, or as often as it is told to', () => {
    const behind = { ...nothing, work: true, records: 100, waiting: 1_001 }
    const schedule = (commitIntervalMs: number) =>
      new CommitSchedule({ ...DEFAULT_SETTINGS, commitIntervalMs }, 0)
    expect(schedule(200).isDue(behind, 499)).toBe(false)
    expect(schedule(200).isDue(behind, 500)).toBe(true)
    expect(schedule(900).isDue(behind, 899)).toBe(false)
    expect(schedule(900).isDue(behind, 900)).toBe(true)
  })

  test('a task is not far behind when a tenth of what waits is done, or when it does nothing', () => {
    const interval = DEFAULT_SETTINGS.commitIntervalMs
    const near = { ...nothing, work: true, records: 100, waiting: 1_000 }
    expect(scheduleSince(0).isDue(near, interval)).toBe(true)
    expect(scheduleSince(0).isDue({ ...nothing, news: true, waiting: 1_000 }, interval)).toBe(true)
  })

  test('a position that moved alone waits two seconds', () => {
    const moved = { ...nothing, moved: true }
    expect(scheduleSince(0).isDue(moved, 1_999)).toBe(false)
    expect(scheduleSince(0).isDue(moved, 2_000)).toBe(true)
  })

  test('a large transaction is committed at once', () => {
    const { commitRecords, commitBytes } = DEFAULT_SETTINGS
    expect(scheduleSince(0).isDue({ ...nothing, work: true, records: commitRecords }, 0)).toBe(true)
    expect(scheduleSince(0).isDue({ ...nothing, work: true, bytes: commitBytes }, 0)).toBe(true)
    expect(scheduleSince(0).isDue({ ...nothing, work: true, records: commitRecords - 1 }, 0)).toBe(false)
  })

  test('the interval counts from the beginning of the last commit', () => {
    const schedule = scheduleSince(0)
    schedule.began(1_000)
    expect(schedule.isDue({ ...nothing, work: true }, 1_050)).toBe(false)
  })
})
