import { LIVE_SAMPLE_LIMITS, type LiveSample, type LiveSampleBatch, redisKeys } from '@millrace/contracts'
import type { Redis } from 'ioredis'

const LOOK_MS = 1_000
/** Batches read at once. */
const BATCHES = 50

/** What to look at. */
export interface SampleWatchOptions {
  readonly redis: Redis
  readonly deployment: string
  readonly nodeId: string
  send(samples: readonly LiveSample[]): void
}

/**
 * Looks at live events of one node: says so in Redis, so that executors sample it, and hands on what they found. Once it
 * is stopped, and so is everybody else, executors stop within seconds too.
 */
export class SampleWatch {
  readonly #options: SampleWatchOptions
  readonly #timer: NodeJS.Timeout
  #last = '-'
  #isLooking = false
  #isStopped = false

  constructor(options: SampleWatchOptions) {
    this.#options = options
    this.#timer = setInterval(() => void this.#look(), LOOK_MS)
    void this.#look()
  }

  stop(): void {
    this.#isStopped = true
    clearInterval(this.#timer)
  }

  /** Redis that is away is asked again. */
  async #look(): Promise<void> {
    if (this.#isLooking || this.#isStopped) return
    this.#isLooking = true
    try {
      await this.#say()
      const samples = await this.#read()
      if (samples.length > 0 && !this.#isStopped) this.#options.send(samples)
    } catch {
      // The stream goes on once Redis is back.
    } finally {
      this.#isLooking = false
    }
  }

  async #say(): Promise<void> {
    const { redis, deployment, nodeId } = this.#options
    const key = redisKeys.watched(deployment)
    const now = Date.now()
    await redis
      .multi()
      .zremrangebyscore(key, '-inf', now)
      .zadd(key, now + LIVE_SAMPLE_LIMITS.watchMs, nodeId)
      .pexpire(key, LIVE_SAMPLE_LIMITS.watchMs)
      .exec()
  }

  async #read(): Promise<readonly LiveSample[]> {
    const { redis, deployment, nodeId } = this.#options
    const entries = await redis.xrange(redisKeys.samples(deployment), this.#last, '+', 'COUNT', BATCHES)
    const newest = entries.at(-1)?.[0]
    if (newest !== undefined) this.#last = `(${newest}`
    return entries.flatMap(([, [, text = '']]) => samplesIn(text).filter((one) => one.nodeId === nodeId))
  }
}

/** One bad entry must not hold up those behind it. */
function samplesIn(text: string): readonly LiveSample[] {
  try {
    const { samples } = JSON.parse(text) as LiveSampleBatch
    return Array.isArray(samples) ? samples : []
  } catch {
    return []
  }
}
