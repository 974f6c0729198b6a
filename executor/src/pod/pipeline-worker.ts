import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Leases } from '../agent/leases.ts'
import type { WantedTask } from '../agent/wanted-tasks.ts'
import { monotonicMs } from '../monotonic.ts'
import { TaskEndedError } from '../task/stop-error.ts'
import { type FromWorker, outdated } from './messages.ts'
import { RemoteTask } from './remote-task.ts'
import type { TaskHandle } from './task-handle.ts'
import type { WorkerProcess } from './worker-process.ts'

/** What a pipeline's worker works with. */
export interface PipelineWorkerOptions {
  readonly deployment: string
  readonly leases: Leases
  readonly log: Logger
  /** A process that is up or coming up. */
  takeProcess(): WorkerProcess
  /** Told when it has no task left and its process was let go. */
  idle(): void
}

const LOOK_MS = 500
/** So many questions without an answer: the process hangs. One that starts on a busy machine may take longer. */
const UNANSWERED = { atWork: 20, starting: 120 } as const
/** The first end within this time is followed by a new process at once, the next ones by longer and longer pauses. */
const PAUSES = { withinMs: 60_000, first: 1_000, most: 30_000 } as const

/**
 * The worker process of one pipeline on this pod. When the process ends, another one goes on with the same tasks, at
 * once the first time; other pipelines do not notice.
 */
export class PipelineWorker {
  readonly #options: PipelineWorkerOptions
  readonly #tasks = new Map<string, RemoteTask>()
  readonly #timer: NodeJS.Timeout
  readonly #toldSpecs = new Set<number>()
  readonly #ends: number[] = []
  #process: WorkerProcess | null = null
  #unanswered = 0
  #isClosed = false

  constructor(options: PipelineWorkerOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.#look(), LOOK_MS)
    this.#begin()
  }

  /** Its process; undefined while there is none. */
  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** Starts a task whose lease is held. */
  start({ identity, leaseKey: key }: WantedTask, ended: (error: TaskEndedError) => void): TaskHandle {
    const task: RemoteTask = new RemoteTask({
      ...{ identity, key, ended },
      send: (message) => this.#process?.send(message),
      gone: () => this.#forget(key, task),
    })
    this.#tasks.set(key, task)
    this.#give(key, task)
    return task
  }

  #begin(): void {
    this.#toldSpecs.clear()
    this.#unanswered = 0
    const started = this.#options.takeProcess()
    this.#process = started
    started.listen({
      told: (message) => this.#told(message),
      ended: (how) => {
        if (this.#process === started) this.#processEnded(how)
      },
    })
  }

  #give(key: string, task: RemoteTask): void {
    const lease = this.#options.leases.get(key)
    // Lost in between: the agent learns of it at the next renewal.
    if (lease === undefined || this.#process === null) return
    const { spec, stage, partition } = task.identity
    if (!this.#toldSpecs.has(spec.generation)) this.#process.send({ kind: 'spec', spec })
    this.#toldSpecs.add(spec.generation)
    for (const old of outdated(this.#toldSpecs)) this.#toldSpecs.delete(old)
    const { generation } = spec
    this.#process.send({ kind: 'start', key, generation, stage, partition, lease })
    task.isGiven()
  }

  #look(): void {
    if (this.#process === null) return
    if (this.#unanswered++ >= UNANSWERED[this.#process.isReady ? 'atWork' : 'starting']) {
      this.#options.log.warn({ deployment: this.#options.deployment }, 'the worker does not answer')
      this.#process.kill()
      return
    }
    const leases = [...this.#tasks.keys()].flatMap((key) => {
      const lease = this.#options.leases.get(key)
      return lease === undefined ? [] : [[key, lease.renewedAt] as const]
    })
    this.#process.send({ kind: 'look', leases })
  }

  #told(message: FromWorker): void {
    this.#unanswered = 0
    if (message.kind === 'ready') return
    if (message.kind === 'reports') {
      for (const [key, report, order] of message.reports) this.#tasks.get(key)?.isReported(report, order)
      return
    }
    const task = this.#tasks.get(message.key)
    if (message.kind === 'stopped') task?.isGone()
    else task?.hasEnded(new TaskEndedError(message.reason, message.newer))
  }

  #processEnded(how: string): void {
    this.#process = null
    const { deployment, log } = this.#options
    const now = monotonicMs()
    const lately = this.#ends.filter((at) => now - at < PAUSES.withinMs)
    this.#ends.splice(0, this.#ends.length, ...lately, now)
    const pause = lately.length === 0 ? 0 : Math.min(PAUSES.first * 2 ** (lately.length - 1), PAUSES.most)
    log.error({ deployment, how, pause }, 'the worker process has ended')
    const message = `The worker process of the pipeline has ended (${how}). Another one goes on where it was${pause === 0 ? '' : ` in ${pause / 1_000} s`}.`
    for (const task of [...this.#tasks.values()]) task.isWithoutProcess(message)
    if (!this.#isClosed) void this.#beginAgain(pause)
  }

  /** Only under leases that are newer than the end of the last process. */
  async #beginAgain(pause: number): Promise<void> {
    await sleep(pause)
    if (this.#isClosed) return
    this.#begin()
    for (const [key, task] of [...this.#tasks]) void this.#giveAgain(key, task)
  }

  async #giveAgain(key: string, task: RemoteTask): Promise<void> {
    const { leases } = this.#options
    const into = this.#process
    while (this.#process === into && this.#tasks.get(key) === task) {
      try {
        if (await leases.confirm(key)) {
          if (this.#process === into && !task.isStopping) this.#give(key, task)
          return
        }
      } catch {
        // Redis is away: the task waits until the lease can be confirmed.
      }
      await sleep(LOOK_MS)
    }
  }

  #forget(key: string, task: RemoteTask): void {
    if (this.#tasks.get(key) === task) this.#tasks.delete(key)
    if (this.#tasks.size > 0 || this.#isClosed) return
    this.#isClosed = true
    clearInterval(this.#timer)
    const last = this.#process
    this.#process = null
    last?.close()
    this.#options.idle()
  }
}
