import type { FastifyRateLimitStore } from '@fastify/rate-limit'
import type { Redis } from 'ioredis'

/** Keys that are counted in this process while Redis is down; the oldest go first. */
const LOCAL_KEYS = 10_000

// KEYS[1] counter   ARGV[1] window in ms   → count, ms until it ends
const COUNT = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { count, redis.call('PTTL', KEYS[1]) }`

// KEYS[1] counter   takes one off, and leaves its end as it is
const FORGIVE = `
if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then redis.call('DECR', KEYS[1]) end
return 0`

interface Count {
  readonly current: number
  readonly ttl: number
}

/** Counts requests in Redis, for all api processes together; while Redis is down, each process for itself. */
export class RateLimitStore implements FastifyRateLimitStore {
  readonly #redis: Redis
  readonly #local: Map<string, { count: number; endsAt: number }>

  constructor(redis: Redis) {
    this.#redis = redis
    this.#local = new Map()
  }

  incr(key: string, callback: (error: Error | null, result?: Count) => void, windowMs?: number): void {
    const window = windowMs ?? 60_000
    this.#count(key, window)
      .catch(() => this.#countLocally(key, window))
      .then((count) => callback(null, count))
      .catch((error: Error) => callback(error))
  }

  /** Takes one off a counter. While Redis is down, that is done for this process. */
  async forgive(key: string): Promise<void> {
    const local = this.#local.get(key)
    if (local && local.count > 0) local.count--
    await this.#redis.eval(FORGIVE, 1, counterKey(key)).catch(() => undefined)
  }

  /** Every route counts in the same store; the keys differ. */
  child(): this {
    return this
  }

  async #count(key: string, windowMs: number): Promise<Count> {
    const [current, ttl] = (await this.#redis.eval(COUNT, 1, counterKey(key), windowMs)) as [number, number]
    return { current, ttl }
  }

  #countLocally(key: string, windowMs: number): Count {
    const now = Date.now()
    const known = this.#local.get(key)
    const entry = known && known.endsAt > now ? known : { count: 0, endsAt: now + windowMs }
    entry.count++
    this.#local.delete(key)
    this.#local.set(key, entry)
    if (this.#local.size > LOCAL_KEYS) this.#local.delete(this.#local.keys().next().value as string)
    return { current: entry.count, ttl: entry.endsAt - now }
  }
}

function counterKey(key: string): string {
  return `mr:rate:${key}`
}
