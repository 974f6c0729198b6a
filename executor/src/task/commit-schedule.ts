import type { RunSettings } from '@millrace/contracts'

/** Movement of positions alone, by markers and control records, is worth a transaction only this often. */
const QUIET_COMMIT_MS = 2_000
/**
 * A task that is behind lets so many intervals pass between two commits, while so many times as many records wait as a
 * commit would hold. Their results come a tenth later by that, and a state row that changes all the time is written less often.
 */
const BEHIND = { intervals: 5, mostMs: 500, times: 10 } as const

/** What has happened since the last commit. */
export interface CommitNeed {
  /** Records taken in or written, or state changed. */
  readonly work: boolean
  /** There is news for other tasks that may be told now. */
  readonly news: boolean
  /** Some position moved. */
  readonly moved: boolean
  /** Size of the transaction that is being filled. */
  readonly records: number
  readonly bytes: number
  /** Records that can be read and are still to be worked through. */
  readonly waiting: number
}

/** Decides when a task commits: by time, and earlier when the transaction grows large. Clocks are monotonic, ms. */
export class CommitSchedule {
  readonly #settings: RunSettings
  #last: number

  constructor(settings: RunSettings, now: number) {
    this.#settings = settings
    this.#last = now
  }

  /** True when a commit is due. */
  isDue(need: CommitNeed, now: number): boolean {
    const elapsed = now - this.#last
    if (this.isFull(need)) return true
    if (need.work || need.news) return elapsed >= this.#interval(need)
    return need.moved && elapsed >= QUIET_COMMIT_MS
  }

  #interval({ records, waiting }: CommitNeed): number {
    const { commitIntervalMs } = this.#settings
    const isBehind = records > 0 && waiting > BEHIND.times * records
    return isBehind
      ? Math.max(commitIntervalMs, Math.min(BEHIND.mostMs, BEHIND.intervals * commitIntervalMs))
      : commitIntervalMs
  }

  /** True when the transaction should not grow further. */
  isFull({ records, bytes }: Pick<CommitNeed, 'records' | 'bytes'>): boolean {
    return records >= this.#settings.commitRecords || bytes >= this.#settings.commitBytes
  }

  /** Says that a commit began. */
  began(now: number): void {
    this.#last = now
  }
}
