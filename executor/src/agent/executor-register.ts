import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { type ExecutorHeartbeat, type Incarnation, redisKeys, type WorkerInfo } from '@millrace/contracts'
import type { Redis } from 'ioredis'

/** An executor whose heartbeat is this old is forgotten. */
const FORGET_MS = 60_000

/** This executor among the others, by heartbeats in Redis. Times are those of Redis, so that clocks need not agree. */
export class ExecutorRegister {
  readonly #redis: Redis
  readonly #id: string
  readonly #startedAt = Date.now()
  #incarnation: Incarnation | null = null
  #now = 0
  #tasks = 0
  #workers: readonly WorkerInfo[] = []
  #all: ExecutorHeartbeat[] = []

  constructor(redis: Redis, id: string) {
    this.#redis = redis
    this.#id = id
  }

  /** Says that this executor is alive, and looks who else is. */
  async beat(tasks: number, workers: readonly WorkerInfo[]): Promise<void> {
    this.#tasks = tasks
    this.#workers = workers
    const [seconds, micros] = await this.#redis.time()
    this.#now = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)
    await this.#write(false)
    await this.#readIncarnation()
    const all = await this.#redis.hgetall(redisKeys.executors)
    this.#all = Object.values(all).map((text) => JSON.parse(text) as ExecutorHeartbeat)
    const dead = this.#all.filter(({ at }) => this.#now - at > FORGET_MS).map(({ id }) => id)
    if (dead.length > 0) await this.#redis.hdel(redisKeys.executors, ...dead)
  }

  /** Ids of the executors that are alive and staying. */
  staying(timeoutMs: number): string[] {
    return this.#all
      .filter(({ at, leaving }) => !leaving && this.#now - at < timeoutMs)
      .map(({ id }) => id)
      .sort()
  }

  /** Says that this executor hands its tasks over. */
  leave(): Promise<void> {
    return this.#write(true)
  }

  /** Says that it is gone. */
  async remove(): Promise<void> {
    await this.#redis.hdel(redisKeys.executors, this.#id)
  }

  /** True where Redis has been the same for longer than this. */
  incarnationIsOlderThan(ms: number): boolean {
    return this.#incarnation !== null && this.#now - this.#incarnation.at > ms
  }

  async #readIncarnation(): Promise<void> {
    const fresh = JSON.stringify({ id: randomUUID(), at: this.#now } satisfies Incarnation)
    await this.#redis.set(redisKeys.incarnation, fresh, 'NX')
    const text = (await this.#redis.get(redisKeys.incarnation)) ?? fresh
    this.#incarnation = JSON.parse(text) as Incarnation
  }

  async #write(leaving: boolean): Promise<void> {
    const heartbeat: ExecutorHeartbeat = {
      ...{ id: this.#id, host: hostname(), pid: process.pid, startedAt: this.#startedAt },
      ...{ at: this.#now, tasks: this.#tasks, workers: this.#workers, leaving },
    }
    await this.#redis.hset(redisKeys.executors, this.#id, JSON.stringify(heartbeat))
  }
}
