import { setTimeout as sleep } from 'node:timers/promises'
import {
  LEASE_MS,
  type Lease,
  MAX_EXECUTORS,
  REPORT_TIMEOUT_MS,
  redisKeys,
  type TaskReport,
  type WorkerInfo,
} from '@millrace/contracts'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { TaskHandle } from '../pod/task-handle.ts'
import type { TaskEndedError } from '../task/stop-error.ts'
import { taskName } from '../task/task-identity.ts'
import { assign, type SharedTask } from './assignment.ts'
import type { Deployments, DeploymentView } from './deployments.ts'
import { drainedStages, upstreamStages } from './drain-order.ts'
import type { ExecutorRegister } from './executor-register.ts'
import type { Leases } from './leases.ts'
import { readReports, type Switchovers } from './switchover.ts'
import { type WantedTask, wantedTasks } from './wanted-tasks.ts'

const ROUND_MS = 500
const LEASE_RENEW_MS = 1_000

/** What an agent works with. */
export interface AgentOptions {
  readonly executor: string
  readonly redis: Redis
  readonly leases: Leases
  readonly deployments: Deployments
  readonly register: ExecutorRegister
  readonly switchovers: Switchovers
  readonly log: Logger
  /** The worker processes at work. */
  workers(): readonly WorkerInfo[]
  /** Starts a leased task; `ended` is called when it ends by itself. */
  startTask(wanted: WantedTask, ended: (error: TaskEndedError) => void): TaskHandle
}

interface Running {
  readonly runner: TaskHandle
  /** Settled once the task has ended and its lease is free; null until it is told to end. */
  ending: Promise<void> | null
}

/** A task of this executor with what its deployment asks of it now. */
interface Mine {
  readonly runner: TaskHandle
  readonly drains: boolean
}

/**
 * Makes this executor do its share of what should run: in rounds it renews its leases, compares what it runs with
 * what is desired, takes and hands over tasks, and reports. While Redis is out of reach everything goes on as it is.
 */
export class Agent {
  readonly #options: AgentOptions
  readonly #running = new Map<string, Running>()
  readonly #stop = new AbortController()
  #redisIsUp = true
  #renewedAt = Number.NEGATIVE_INFINITY
  #loop: Promise<void> | null = null

  constructor(options: AgentOptions) {
    this.#options = options
  }

  /** Begins to work. */
  start(): void {
    this.#loop = this.#work()
  }

  /** Hands everything over: each task commits once more, then its lease is free; nobody takes it before. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#loop
    await this.#options.register.leave().catch(() => {})
    // Without Redis they expire by themselves.
    const renewing = setInterval(() => this.#renewLeases().catch(() => {}), LEASE_RENEW_MS)
    await Promise.all([...this.#running].map(([key, running]) => this.#end(key, running)))
    clearInterval(renewing)
  }

  async #work(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      try {
        await this.#round()
        this.#redisIsUp = true
      } catch (error) {
        if (this.#redisIsUp) this.#options.log.warn({ err: error }, 'Redis is out of reach; tasks go on')
        this.#redisIsUp = false
        this.#options.register.lost()
      }
      await sleep(ROUND_MS, undefined, { signal }).catch(() => {})
    }
  }

  async #round(): Promise<void> {
    const { register, deployments } = this.#options
    await register.beat(this.#running.size, this.#options.workers())
    if (performance.now() - this.#renewedAt >= LEASE_RENEW_MS) await this.#renewLeases()
    const views = await deployments.read()
    const wanted = new Map(views.flatMap(wantedTasks).map((task) => [task.leaseKey, task]))
    this.#dropUnwanted(views, wanted)
    await this.#share(views, wanted)
    for (const view of views) await this.#attend(view, wanted)
  }

  async #renewLeases(): Promise<void> {
    const sentAt = performance.now()
    for (const key of await this.#options.leases.renewAll()) {
      const running = this.#running.get(key)
      if (running === undefined) continue
      this.#options.log.warn({ lease: key }, 'the lease went to somebody else; the task is given up')
      running.runner.abandon()
      this.#running.delete(key)
    }
    this.#renewedAt = sentAt
  }

  /** Ends tasks that should not run (any more), and those of an older generation: the new one takes them over. */
  #dropUnwanted(views: readonly DeploymentView[], wanted: ReadonlyMap<string, WantedTask>): void {
    const known = new Set(views.map(({ desired }) => desired.deployment))
    for (const [key, running] of this.#running) {
      const { spec } = running.runner.identity
      // A desired state that is missing means carry on: only an explicit stop stops.
      if (!known.has(spec.deployment)) continue
      const task = wanted.get(key)
      if (task?.identity.spec.generation !== spec.generation) void this.#end(key, running)
    }
  }

  async #share(views: readonly DeploymentView[], wanted: ReadonlyMap<string, WantedTask>): Promise<void> {
    const { leases, register, executor } = this.#options
    const [now, soon] = [register.taking(0), register.taking(LEASE_MS)]
    const tasks = await this.#owned(wanted, new Set(soon))
    const movesAmong = (executors: readonly string[]) =>
      assign({ tasks, executors, limits: limitsOf(views), self: executor })
    this.#handOverOne(movesAmong(now).giveUp, now.length)
    if (!register.mayTake) return
    // Those that started together do not let the first one take everything, to hand it over then.
    for (const key of movesAmong(soon).take) {
      const task = wanted.get(key) as WantedTask
      if (await leases.take(key, task.identity.spec.generation)) this.#start(key, task)
    }
  }

  /** The tasks that should run, with the executors that hold them now. */
  async #owned(wanted: ReadonlyMap<string, WantedTask>, staying: ReadonlySet<string>): Promise<SharedTask[]> {
    const keys = [...wanted.keys()]
    const leased = keys.length === 0 ? [] : await this.#options.redis.mget(keys)
    return [...wanted].map(([key, { identity }], i) => {
      const { stage, spec } = identity
      const text = leased[i] ?? null
      const isMine = this.#running.has(key)
      const owner = isMine ? this.#options.executor : ownerIn(text)
      const isStaying = owner !== null && staying.has(owner) && isMine === (owner === this.#options.executor)
      return {
        ...{ key, deployment: spec.deployment, stage, owner: isStaying ? owner : null },
        isFree: text === null && !isMine,
      }
    })
  }

  #start(key: string, wanted: WantedTask): void {
    const runner = this.#options.startTask(wanted, (error) => {
      // What is not noted now shows again at the next attempt.
      this.#onEnded(key, runner, error).catch((fault: unknown) =>
        this.#options.log.debug({ err: fault }, 'the end of a task could not be noted'),
      )
    })
    this.#running.set(key, { runner, ending: null })
  }

  /** Surplus tasks go one by one: the next one when the one before has committed and its lease is free. */
  #handOverOne(surplus: readonly string[], executors: number): void {
    if ([...this.#running.values()].some(({ ending }) => ending !== null)) return
    const [key] = surplus
    const running = key === undefined ? undefined : this.#running.get(key)
    if (key === undefined || running === undefined) return
    this.#options.log.info({ lease: key, executors }, 'the task is handed over')
    void this.#end(key, running)
  }

  /** Ends a task; settles with the end that is under way, where there is one. */
  #end(key: string, running: Running): Promise<void> {
    running.ending ??= running.runner.stop().then(() => this.#forget(key, running.runner))
    return running.ending
  }

  async #onEnded(key: string, runner: TaskHandle, error: TaskEndedError): Promise<void> {
    await this.#forget(key, runner)
    const { spec } = runner.identity
    const view = (await this.#options.deployments.read()).find(
      ({ desired }) => desired.deployment === spec.deployment,
    )
    // The new generation has committed already: the record of the phase was lost with Redis.
    if (view !== undefined && error.newer === view.desired.generation && view.switchover.phase !== 'run') {
      await this.#options.deployments.setSwitchover(spec.deployment, { ...view.switchover, phase: 'run' })
    }
  }

  async #forget(key: string, runner: TaskHandle): Promise<void> {
    if (this.#running.get(key)?.runner === runner) this.#running.delete(key)
    const { spec } = runner.identity
    await Promise.all([
      this.#options.leases.release(key),
      this.#options.redis.hdel(redisKeys.tasks(spec.deployment), taskName(runner.identity)),
    ]).catch(() => {
      // Redis is away: the lease expires by itself.
    })
  }

  /** Looks after one deployment: tells tasks that drain what is done upstream, and leads its change of generation. */
  async #attend(view: DeploymentView, wanted: ReadonlyMap<string, WantedTask>): Promise<void> {
    const { deployment } = view.desired
    const mine = [...this.#running]
      .filter(([, { runner }]) => runner.identity.spec.deployment === deployment)
      .map(([key, { runner }]) => ({ runner, drains: wanted.get(key)?.drains ?? false }))
    await this.#report(deployment, mine)
    if (view.switchover.phase === 'run' || view.desired.state === 'stopped') {
      for (const { runner } of mine) runner.drain(false, false)
      // Held for longer it would keep a stop waiting.
      await this.#options.leases.release(redisKeys.deploymentLease(deployment))
      return
    }
    const reports = await readReports(this.#options.redis, deployment, Date.now() - REPORT_TIMEOUT_MS)
    this.#tellDrained(view, mine, reports)
    if (await this.#leads(deployment, view.desired.generation)) this.#advance(view, reports)
  }

  /** Not waited for: closing stages takes a while, and leases must be renewed meanwhile. */
  #advance(view: DeploymentView, reports: readonly TaskReport[]): void {
    const { deployment } = view.desired
    this.#options.switchovers.advance(view, reports).catch((error: unknown) => {
      this.#options.log.warn({ deployment, err: error }, 'the change of generation waits and is tried again')
    })
  }

  #tellDrained({ draining }: DeploymentView, mine: readonly Mine[], reports: readonly TaskReport[]): void {
    if (draining === null) return
    const drained = drainedStages(draining, reports)
    for (const { runner, drains } of mine) {
      const upstream = upstreamStages(draining, runner.identity.stage)
      runner.drain(
        drains,
        upstream.every((stage) => drained.has(stage)),
      )
    }
  }

  async #leads(deployment: string, generation: number): Promise<boolean> {
    const key = redisKeys.deploymentLease(deployment)
    if (await this.#options.leases.confirm(key)) return true
    return this.#options.leases.take(key, generation)
  }

  async #report(deployment: string, mine: readonly Mine[]): Promise<void> {
    if (mine.length === 0) return
    const reports = mine.map(({ runner }) => [
      taskName(runner.identity),
      JSON.stringify(runner.report(this.#options.executor)),
    ])
    await this.#options.redis.hset(redisKeys.tasks(deployment), Object.fromEntries(reports))
  }
}

/** How many executors may carry a deployment, where it says so. */
function limitsOf(views: readonly DeploymentView[]): Map<string, number> {
  // What an older api wrote has no such member.
  return new Map(views.map(({ desired }) => [desired.deployment, desired.maxExecutors ?? MAX_EXECUTORS]))
}

function ownerIn(lease: string | null): string | null {
  return lease === null ? null : (JSON.parse(lease) as Lease).owner
}
