import type { DeploymentSpec } from '@millrace/contracts'
import type { HeldLeases } from '../agent/held-leases.ts'
import { type FromWorker, outdated, type ToWorker } from '../pod/messages.ts'
import type { TaskEndedError } from '../task/stop-error.ts'
import { tasksOf } from '../task/task-identity.ts'
import type { TaskRunner } from '../task/task-runner.ts'
import type { LeasedTask } from '../task-starter.ts'

/** What a task host works with. */
export interface TaskHostOptions {
  readonly executor: string
  readonly leases: HeldLeases
  startTask(task: LeasedTask, ended: (error: TaskEndedError) => void): TaskRunner
  tell(message: FromWorker): void
}

interface Hosted {
  readonly runner: TaskRunner
  drainOrder: number
}

type Handlers = { readonly [Kind in ToWorker['kind']]: (message: Extract<ToWorker, { kind: Kind }>) => void }

/** Runs the tasks that the supervisor names, and answers it. */
export class TaskHost {
  readonly #options: TaskHostOptions
  readonly #specs = new Map<number, DeploymentSpec>()
  readonly #tasks = new Map<string, Hosted>()
  readonly #handlers: Handlers = {
    spec: ({ spec }) => {
      this.#specs.set(spec.generation, spec)
      for (const generation of outdated(this.#specs.keys())) this.#specs.delete(generation)
    },
    start: (message) => this.#start(message),
    drain: ({ key, order, draining, upstreamDrained }) => {
      const task = this.#tasks.get(key)
      if (task === undefined) return
      task.drainOrder = order
      task.runner.drain(draining, upstreamDrained)
    },
    stop: ({ key }) => void this.#stop(key),
    abandon: ({ key }) => {
      this.#tasks.get(key)?.runner.abandon()
      this.#forget(key)
    },
    look: ({ leases }) => this.#look(leases),
  }

  constructor(options: TaskHostOptions) {
    this.#options = options
  }

  /** The runners at work. */
  get runners(): readonly TaskRunner[] {
    return [...this.#tasks.values()].map(({ runner }) => runner)
  }

  /** Does what the supervisor asks. */
  take(message: ToWorker): void {
    const handle = this.#handlers[message.kind] as (message: ToWorker) => void
    handle(message)
  }

  #start({ key, generation, stage, partition, lease }: Extract<ToWorker, { kind: 'start' }>): void {
    const spec = this.#specs.get(generation)
    const identity =
      spec && tasksOf(spec).find((task) => task.stage === stage && task.partition === partition)
    if (identity === undefined) throw new Error(`no task ${stage}/${partition} in generation ${generation}`)
    this.#options.leases.hold(key, lease)
    const runner = this.#options.startTask({ identity, leaseKey: key }, ({ message, newer }) => {
      if (this.#tasks.get(key)?.runner !== runner) return
      this.#forget(key)
      this.#options.tell({ kind: 'ended', key, reason: message, newer })
    })
    this.#tasks.set(key, { runner, drainOrder: 0 })
  }

  async #stop(key: string): Promise<void> {
    const task = this.#tasks.get(key)
    await task?.runner.stop()
    // Abandoned meanwhile: the key may name another task by now.
    if (this.#tasks.get(key) !== task) return
    this.#forget(key)
    this.#options.tell({ kind: 'stopped', key })
  }

  #look(leases: readonly (readonly [string, number])[]): void {
    for (const [key, renewedAt] of leases) this.#options.leases.renewed(key, renewedAt)
    const reports = [...this.#tasks].map(
      ([key, { runner, drainOrder }]) => [key, runner.report(this.#options.executor), drainOrder] as const,
    )
    this.#options.tell({ kind: 'reports', reports })
  }

  #forget(key: string): void {
    this.#tasks.delete(key)
    this.#options.leases.forget(key)
  }
}
