import { type DeploymentSpec, topicNames } from '@millrace/contracts'
import { encodeWatermark, type StageRuntime, stageOf } from '@millrace/engine'
import type { TaskIdentity } from './task-identity.ts'
import type { TransactionBuffer } from './transaction-buffer.ts'

const LEAST_INTERVAL_MS = 200
/** Control records that a deployment may write per second, all tasks together. */
const RECORDS_PER_SECOND = 5_000

/**
 * Tells the tasks behind, and those beside, how far this task is: control records in its own transactions, after the
 * data they vouch for; once after each take-over, then when something changed, and not too often (exactly-once.md P6).
 */
export class Announcer {
  readonly #identity: TaskIdentity
  readonly #runtime: StageRuntime
  readonly #interval: number
  #open = false
  #said: string | null = null
  #saidAt = Number.NEGATIVE_INFINITY

  constructor(identity: TaskIdentity, runtime: StageRuntime) {
    this.#identity = identity
    this.#runtime = runtime
    this.#interval = intervalOf(identity.spec, identity.stage)
  }

  /** Allows announcements: what the last owner left over is done. */
  open(): void {
    this.#open = true
  }

  /** True where there is news that may be told now. `now` is a monotonic clock, ms. */
  isDue(now: number): boolean {
    return this.#open && now - this.#saidAt >= this.#interval && this.#news() !== this.#said
  }

  /** Adds the control records to a transaction that holds everything they vouch for. */
  write(buffer: TransactionBuffer, now: number): void {
    this.#said = this.#news()
    this.#saidAt = now
    const { spec, stage, partition } = this.#identity
    const wallClock = Date.now()
    for (const { cut, progress } of this.#runtime.cutProgress()) {
      const vouching = { input: cut.input, stage: this.#runtime.voucherOf(cut), task: partition }
      const message = encodeWatermark({ ...vouching, ...progress })
      const topic = topicNames.repartition(spec, cut.stage)
      for (let i = 0; i < stageOf(spec.plan, cut.stage).tasks; i++)
        buffer.append(topic, i, null, message, wallClock)
    }
    if (!stageOf(spec.plan, stage).control) return
    for (const { input, progress } of this.#runtime.sourceProgress()) {
      const message = encodeWatermark({ input, stage, task: partition, ...progress })
      buffer.append(topicNames.control(spec, stage), 0, `${partition}/${input}`, message, wallClock)
    }
  }

  /** Everything that could be told, as text to compare. */
  #news(): string {
    const { control } = stageOf(this.#identity.spec.plan, this.#identity.stage)
    const cuts = this.#runtime.cutProgress().map(({ progress }) => progress)
    if (cuts.length === 0 && !control) return ''
    return JSON.stringify([cuts, control ? this.#runtime.sourceProgress() : []])
  }
}

function intervalOf({ plan }: DeploymentSpec, stage: string): number {
  const { tasks, cuts, control } = stageOf(plan, stage)
  const readers = cuts.reduce((sum, cut) => sum + stageOf(plan, cut.stage).tasks, control ? 1 : 0)
  return Math.max(LEAST_INTERVAL_MS, (tasks * readers * 1000) / RECORDS_PER_SECOND)
}
