import type { WorkerInfo } from '@millrace/contracts'
import type { Logger } from 'pino'
import type { Leases } from '../agent/leases.ts'
import type { WantedTask } from '../agent/wanted-tasks.ts'
import type { TaskEndedError } from '../task/stop-error.ts'
import { PipelineWorker } from './pipeline-worker.ts'
import type { TaskHandle } from './task-handle.ts'
import { WorkerProcess, type WorkerSettings } from './worker-process.ts'

/** What a pool works with. */
export interface WorkerPoolOptions extends WorkerSettings {
  readonly leases: Leases
  readonly log: Logger
}

/**
 * The worker processes of this pod: one for each pipeline that has tasks here, so that one that needs too much memory or
 * crashes takes no other one with it, and a spare one that has loaded everything, so that going on takes no start.
 */
export class WorkerPool {
  readonly #options: WorkerPoolOptions
  readonly #workers = new Map<string, PipelineWorker>()
  #spare: WorkerProcess | null
  #isClosed = false

  constructor(options: WorkerPoolOptions) {
    this.#options = options
    this.#spare = new WorkerProcess(options)
  }

  /** Starts a task whose lease is held; `ended` is called when it ends by itself. */
  start(wanted: WantedTask, ended: (error: TaskEndedError) => void): TaskHandle {
    const { deployment } = wanted.identity.spec
    const worker = this.#workers.get(deployment) ?? this.#open(deployment)
    return worker.start(wanted, ended)
  }

  /** The processes at work. */
  get atWork(): readonly WorkerInfo[] {
    return [...this.#workers].flatMap(([deployment, { pid }]) =>
      pid === undefined ? [] : [{ deployment, pid }],
    )
  }

  /** Ends the spare process; the others end with their last tasks. */
  close(): void {
    this.#isClosed = true
    this.#spare?.close()
    this.#spare = null
  }

  #open(deployment: string): PipelineWorker {
    const { leases, log } = this.#options
    const worker: PipelineWorker = new PipelineWorker({
      ...{ deployment, leases, log },
      takeProcess: () => this.#take(),
      idle: () => {
        if (this.#workers.get(deployment) === worker) this.#workers.delete(deployment)
      },
    })
    this.#workers.set(deployment, worker)
    return worker
  }

  #take(): WorkerProcess {
    const taken = this.#spare?.alive ? this.#spare : new WorkerProcess(this.#options)
    this.#spare = this.#isClosed ? null : new WorkerProcess(this.#options)
    return taken
  }
}
