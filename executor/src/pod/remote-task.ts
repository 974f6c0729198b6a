import type { Problem, TaskReport } from '@millrace/contracts'
import type { TaskEndedError } from '../task/stop-error.ts'
import type { TaskIdentity } from '../task/task-identity.ts'
import type { DrainOrder, ToWorker } from './messages.ts'
import type { TaskHandle } from './task-handle.ts'

/** What a remote task works with. */
export interface RemoteTaskOptions {
  readonly identity: TaskIdentity
  /** The key of its lease, which names it. */
  readonly key: string
  send(message: ToWorker): void
  /** Told once, when the task has ended in whatever way: it belongs to the worker no longer. */
  gone(): void
  /** Told once, when it ended by itself. */
  ended(error: TaskEndedError): void
}

const NO_ORDER: DrainOrder = { order: 0, draining: false, upstreamDrained: false }

/** A task that runs in a worker process. It outlives the process: the next one goes on with it. */
export class RemoteTask implements TaskHandle {
  readonly identity: TaskIdentity
  readonly #options: RemoteTaskOptions
  readonly #stopped = Promise.withResolvers<void>()
  #drain: DrainOrder = NO_ORDER
  #report: TaskReport | null = null
  #reportedOrder = -1
  #problem: Problem | null = null
  #since = Date.now()
  #isStopping = false

  constructor(options: RemoteTaskOptions) {
    this.#options = options
    this.identity = options.identity
  }

  /** True once it is to end: no process starts it again. */
  get isStopping(): boolean {
    return this.#isStopping
  }

  drain(draining: boolean, upstreamDrained: boolean): void {
    const { order, ...before } = this.#drain
    if (before.draining === draining && before.upstreamDrained === upstreamDrained) return
    this.#drain = { order: order + 1, draining, upstreamDrained }
    this.#tellDrain()
  }

  stop(): Promise<void> {
    this.#isStopping = true
    if (this.#problem === null) this.#options.send({ kind: 'stop', key: this.#options.key })
    else this.isGone()
    return this.#stopped.promise
  }

  abandon(): void {
    this.#isStopping = true
    this.#options.send({ kind: 'abandon', key: this.#options.key })
    this.isGone()
  }

  report(executor: string): TaskReport {
    const { spec, stage, partition } = this.identity
    const { draining, order } = this.#drain
    return {
      ...{ stage, partition, generation: spec.generation },
      ...{ state: this.#problem === null ? 'restoring' : 'waiting', since: this.#since, at: Date.now() },
      problem: this.#problem,
      ...this.#report,
      // What was true under an order that is no longer so is not told.
      drained: draining && this.#reportedOrder === order && (this.#report?.drained ?? false),
      executor,
    }
  }

  /** A process has the task: it is told what it must know beside the start. */
  isGiven(): void {
    this.#problem = null
    this.#since = Date.now()
    if (this.#drain !== NO_ORDER) this.#tellDrain()
  }

  /** The worker says how the task is. */
  isReported(report: TaskReport, drainOrder: number): void {
    this.#report = report
    this.#reportedOrder = drainOrder
  }

  /** Its process has ended. */
  isWithoutProcess(message: string): void {
    this.#report = null
    this.#since = Date.now()
    this.#problem = { code: 'worker_ended', nodeId: null, message, since: this.#since }
    if (this.#isStopping) this.isGone()
  }

  /** The worker ended it by itself. */
  hasEnded(error: TaskEndedError): void {
    this.isGone()
    this.#options.ended(error)
  }

  /** The worker has it no longer. */
  isGone(): void {
    this.#options.gone()
    this.#stopped.resolve()
  }

  #tellDrain(): void {
    this.#options.send({ kind: 'drain', key: this.#options.key, ...this.#drain })
  }
}
