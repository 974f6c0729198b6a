import {
  type DeploymentSpec,
  type DesiredState,
  LEASE_MS,
  type Problem,
  redisKeys,
  type Switchover,
  type TaskReport,
} from '@millrace/contracts'
import type { Redis } from 'ioredis'
import { pino } from 'pino'
import { plannedTasks } from '../deployments/internal-topics.ts'
import { createRedis } from '../plugins/redis.ts'

const ROUND_MS = 50

/** What the tasks of a generation do: run, stop with a problem, or say nothing. */
export type Behaviour = 'run' | 'silent' | Problem

/** A generation that ran at a moment. */
export interface Sighting {
  /** Epoch ms. */
  readonly at: number
  readonly deployment: string
  readonly generation: number
  readonly version: number
}

/**
 * Does to Redis what an executor does (leases, reports, phases of a change of generation) and processes nothing. For
 * faults and moments that real executors cannot be made to show; the real ones run in tests/.
 */
export class FakeExecutor {
  /** What the tasks of a spec do. */
  behave: (spec: DeploymentSpec) => Behaviour
  /** Records left to drain; while there are any, the drain goes on. */
  unread: number
  /** Every round in which all tasks of a generation ran. */
  readonly sightings: Sighting[]
  readonly #redis: Redis
  readonly #id: string
  readonly #held: Map<string, Set<string>>
  #isStopped: boolean
  #loop: Promise<void>

  constructor(redisUrl: string, id = 'executor-1') {
    this.behave = () => 'run'
    this.unread = 0
    this.sightings = []
    this.#redis = createRedis(redisUrl, 'worker', pino({ level: 'silent' }))
    this.#id = id
    this.#held = new Map()
    this.#isStopped = false
    this.#loop = Promise.resolve()
  }

  start(): this {
    this.#loop = this.#rounds()
    return this
  }

  /** Its connection, to look at what it sees. */
  get redis(): Redis {
    return this.#redis
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#loop
    this.#redis.disconnect()
  }

  async #rounds(): Promise<void> {
    while (!this.#isStopped) {
      await this.#round()
      await new Promise((resolve) => setTimeout(resolve, ROUND_MS))
    }
  }

  async #round(): Promise<void> {
    const [seconds] = await this.#redis.time()
    const heartbeat = {
      id: this.#id,
      host: 'here',
      pid: 1,
      startedAt: 1,
      at: Number(seconds) * 1_000,
      tasks: 1,
    }
    await this.#redis.hset(redisKeys.executors, this.#id, JSON.stringify({ ...heartbeat, leaving: false }))
    for (const id of await this.#redis.smembers(redisKeys.deployments)) await this.#attend(id)
  }

  async #attend(id: string): Promise<void> {
    const desired = await this.#read<DesiredState>(redisKeys.desired(id))
    const spec = desired && (await this.#read<DeploymentSpec>(redisKeys.spec(id, desired.generation)))
    if (!desired || !spec) return
    if (desired.state === 'stopped') return this.#letGo(id)
    const phase = await this.#phase(desired, spec)
    const draining =
      desired.drain && (await this.#read<DeploymentSpec>(redisKeys.spec(id, desired.drain.generation)))
    await this.#run(phase === 'drain' && draining ? draining : spec)
  }

  async #phase(desired: DesiredState, spec: DeploymentSpec): Promise<Switchover['phase']> {
    const key = redisKeys.switchover(desired.deployment)
    const known = await this.#read<Switchover>(key)
    const isKnown = known?.generation === desired.generation
    const phase = isKnown ? known.phase : desired.drain ? 'drain' : 'run'
    const next = phase === 'drain' && (this.unread === 0 || desired.drain?.discard) ? 'run' : phase
    const since = isKnown && known.phase === next ? known.since : Date.now()
    const { generation } = spec
    await this.#redis.set(key, JSON.stringify({ generation, phase: next, since, unread: this.unread }))
    return next
  }

  async #run(spec: DeploymentSpec): Promise<void> {
    const behaviour = this.behave(spec)
    if (behaviour === 'silent') return this.#letGo(spec.deployment)
    const tasks = plannedTasks(spec.plan).flatMap(({ stage, tasks: count }) =>
      Array.from({ length: count }, (_, partition) => ({ stage, partition })),
    )
    const now = Date.now()
    const pipeline = this.#redis.multi()
    for (const task of tasks) {
      const lease = redisKeys.lease(spec.deployment, task.stage, task.partition)
      pipeline.set(lease, JSON.stringify({ owner: this.#id }), 'PX', LEASE_MS)
      this.#held.set(spec.deployment, (this.#held.get(spec.deployment) ?? new Set()).add(lease))
      const report: TaskReport = {
        ...task,
        executor: this.#id,
        generation: spec.generation,
        state: behaviour === 'run' ? 'running' : 'stopped',
        since: now,
        at: now,
        drained: false,
        problem: behaviour === 'run' ? null : behaviour,
      }
      pipeline.hset(
        redisKeys.tasks(spec.deployment),
        `${task.stage}/${task.partition}`,
        JSON.stringify(report),
      )
    }
    await pipeline.exec()
    if (behaviour === 'run') {
      const { deployment, generation, version } = spec
      this.sightings.push({ at: now, deployment, generation, version })
    }
  }

  async #letGo(id: string): Promise<void> {
    const held = [...(this.#held.get(id) ?? [])]
    this.#held.delete(id)
    if (held.length > 0) await this.#redis.del(...held)
    await this.#redis.del(redisKeys.tasks(id))
  }

  async #read<T>(key: string): Promise<T | null> {
    const text = await this.#redis.get(key)
    return text === null ? null : (JSON.parse(text) as T)
  }
}
