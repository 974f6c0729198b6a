import type { RunSettings } from '@millrace/contracts'
import type { StageRuntime } from '@millrace/engine'
import type { TaskMeter } from '../metrics/task-meter.ts'
import type { TaskState } from '../state/task-state.ts'
import type { Announcer } from './announcer.ts'
import type { BacklogMonitor } from './backlog-monitor.ts'
import { type CommitNeed, CommitSchedule } from './commit-schedule.ts'
import type { Committer } from './committer.ts'
import type { InputCursor } from './input-cursor.ts'

const TOMBSTONES_PER_COMMIT = 10_000

/** What a commit loop works on. */
export interface CommitLoopOptions {
  readonly settings: RunSettings
  readonly committer: Committer
  readonly runtime: StageRuntime
  /** Null where no node keeps state. */
  readonly state: TaskState | null
  readonly announcer: Announcer
  readonly meter: TaskMeter
  readonly cursors: readonly InputCursor[]
  readonly backlog: BacklogMonitor
  /** Told of the fault that ends the task's life. */
  failed(error: unknown): void
}

/** Commits a running stage, time and again: while one transaction is under way the next is being filled. */
export class CommitLoop {
  readonly #options: CommitLoopOptions
  readonly #schedule: CommitSchedule
  #inFlight: Promise<void> | null = null
  #worked = 0

  constructor(options: CommitLoopOptions) {
    this.#options = options
    this.#schedule = new CommitSchedule(options.settings, performance.now())
  }

  /** Notes records that were worked through since the last commit. */
  worked(records: number): void {
    this.#worked += records
  }

  /** True when all that was done is committed. */
  get settled(): boolean {
    const { work, moved } = this.#need(performance.now())
    return this.#inFlight === null && !work && !moved
  }

  /**
   * To be called where a commit may fall: begins one if it is due. Waits for the one under way only when the next
   * transaction is already full.
   */
  async point(): Promise<void> {
    const now = performance.now()
    const need = this.#need(now)
    if (!this.#schedule.isDue(need, now)) return
    if (this.#inFlight !== null && this.#schedule.isFull(need)) await this.#inFlight
    if (this.#inFlight === null) this.#begin()
  }

  /** Commits what is left and waits until it is done. */
  async finish(): Promise<void> {
    await this.#inFlight
    if (!this.settled) this.#begin()
    await this.#inFlight
  }

  #need(now: number): CommitNeed {
    const { committer, announcer, cursors } = this.#options
    const { records, bytes } = committer.buffer
    return {
      work: this.#worked > 0 || records > 0,
      news: announcer.isDue(now),
      moved: cursors.some(({ done, committed }) => done !== committed),
      records: Math.max(records, this.#worked),
      bytes,
      waiting: waitingIn(cursors),
    }
  }

  #begin(): void {
    this.#inFlight = this.#commit()
      .catch((error: unknown) => this.#options.failed(error))
      .finally(() => {
        this.#inFlight = null
      })
  }

  /** Everything up to the first await belongs to this commit; what happens later, to the next. */
  async #commit(): Promise<void> {
    const { committer, runtime, state, announcer, meter, cursors } = this.#options
    const now = performance.now()
    this.#schedule.began(now)
    this.#worked = 0
    runtime.flush()
    if (announcer.isDue(now)) announcer.write(committer.buffer, now)
    this.#noteBacklog()
    const changes = [...runtime.states.values()].flatMap((nodeState) => nodeState.takeChanges())
    const facts = { counters: runtime.counters(), watermarks: runtime.watermarks().operators }
    const done = cursors.map((cursor) => cursor.done)
    const tombstones = state?.takeForeignKeys(TOMBSTONES_PER_COMMIT) ?? []
    const result = await committer.commit({ changes, tombstones, progress: runtime.progress() })
    for (const [i, cursor] of cursors.entries()) cursor.committed = done[i] as number
    state?.committed(changes, result.end)
    meter.committed(result, facts)
  }

  #noteBacklog(): void {
    for (const { topic, records } of this.#options.committer.buffer.writes()) {
      this.#options.backlog.wrote(topic, records.recordCount, records.byteLength())
    }
  }
}

/** Of inputs that stand still nothing is worked off. */
function waitingIn(cursors: readonly InputCursor[]): number {
  let waiting = 0
  for (const { kind, paused, lag } of cursors) {
    if (paused === null && (kind === 'source' || kind === 'repartition')) waiting += lag
  }
  return waiting
}
