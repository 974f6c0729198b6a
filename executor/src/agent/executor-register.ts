import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import {
  EXECUTOR_TIMEOUT_MS,
  type ExecutorHeartbeat,
  type Incarnation,
  LEASE_MS,
  redisKeys,
  type WorkerInfo,
} from '@millrace/contracts'
import type { Redis } from 'ioredis'
import { monotonicMs } from '../monotonic.ts'

/** An executor whose heartbeat is this old is forgotten. */
const FORGET_MS = 60_000
/** For so long Redis must have been up, and the same, before a process takes tasks that may have an owner. */
const SEEN_MS = 2 * LEASE_MS

/** This executor among the others, by heartbeats in Redis. Times are those of Redis, so that clocks need not agree. */
export class ExecutorRegister {
  readonly #redis: Redis
  readonly #id: string
  readonly #startedAt = Date.now()
  readonly #clock: () => number
  /** The life of Redis that this process sees, and since when (`#clock`) without a break. */
  #seen: { readonly id: string; readonly since: number } | null = null
  #wasLost = false
  #now = 0
  #tasks = 0
  #workers: readonly WorkerInfo[] = []
  #all: ExecutorHeartbeat[] = []

  /** `clock`: monotonic, ms. */
  constructor(redis: Redis, id: string, clock: () => number = monotonicMs) {
    this.#redis = redis
    this.#id = id
    this.#clock = clock
  }

  /** Says that this executor is alive, and looks who else is. */
  async beat(tasks: number, workers: readonly WorkerInfo[]): Promise<void> {
    this.#tasks = tasks
    this.#workers = workers
    const [seconds, micros] = await this.#redis.time()
    this.#now = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)
    await this.#readIncarnation()
    await this.#write(false)
    const all = await this.#redis.hgetall(redisKeys.executors)
    this.#all = Object.values(all).map((text) => JSON.parse(text) as ExecutorHeartbeat)
    const dead = this.#all.filter(({ at }) => this.#now - at > FORGET_MS).map(({ id }) => id)
    if (dead.length > 0) await this.#redis.hdel(redisKeys.executors, ...dead)
  }

  /** Redis is out of reach: nobody knows what becomes of it meanwhile. */
  lost(): void {
    this.#seen = null
    this.#wasLost = true
  }

  /** Ids of the executors that are alive, stay, and take tasks now or within so many ms. */
  taking(withinMs: number): string[] {
    const isTaking = ({ at, leaving, takesFrom = 0 }: ExecutorHeartbeat) =>
      !leaving && this.#now - at < EXECUTOR_TIMEOUT_MS && takesFrom <= this.#now + withinMs
    return this.#all
      .filter(isTaking)
      .map(({ id }) => id)
      .sort()
  }

  /**
   * True where Redis was up, and the same, for two lease periods: every owner has had time to show its leases again,
   * whatever Redis had lost (exactly-once.md P2). A process that has just started takes Redis at its word for that; one
   * that lost sight of Redis must see it itself, for others may have lost it too.
   */
  get mayTake(): boolean {
    return this.#untilTaking === 0
  }

  /** Says that this executor hands its tasks over. */
  leave(): Promise<void> {
    return this.#write(true)
  }

  /** Says that it is gone. */
  async remove(): Promise<void> {
    await this.#redis.hdel(redisKeys.executors, this.#id)
  }

  get #untilTaking(): number {
    return this.#seen === null ? SEEN_MS : Math.max(0, this.#seen.since + SEEN_MS - this.#clock())
  }

  async #readIncarnation(): Promise<void> {
    const fresh = JSON.stringify({ id: randomUUID(), at: this.#now } satisfies Incarnation)
    await this.#redis.set(redisKeys.incarnation, fresh, 'NX')
    const text = (await this.#redis.get(redisKeys.incarnation)) ?? fresh
    const { id, at } = JSON.parse(text) as Incarnation
    if (this.#seen?.id === id) return
    const before = this.#wasLost ? 0 : Math.min(this.#now - at, await this.#uptime())
    this.#seen = { id, since: this.#clock() - Math.max(0, before) }
  }

  /** How long Redis is up at least, ms. */
  async #uptime(): Promise<number> {
    const [, seconds = '0'] = /^uptime_in_seconds:(\d+)/m.exec(await this.#redis.info('server')) ?? []
    return (Number(seconds) - 1) * 1000
  }

  async #write(leaving: boolean): Promise<void> {
    const heartbeat: ExecutorHeartbeat = {
      ...{ id: this.#id, host: hostname(), pid: process.pid, startedAt: this.#startedAt },
      ...{ at: this.#now, tasks: this.#tasks, workers: this.#workers, leaving },
      takesFrom: Math.ceil(this.#now + this.#untilTaking),
    }
    await this.#redis.hset(redisKeys.executors, this.#id, JSON.stringify(heartbeat))
  }
}
