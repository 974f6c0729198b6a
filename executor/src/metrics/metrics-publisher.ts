import {
  LIVE_SAMPLE_LIMITS,
  type LiveSampleBatch,
  type MetricBatch,
  redisKeys,
  type TaskMetrics,
} from '@millrace/contracts'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { TaskRunner } from '../task/task-runner.ts'

const INTERVAL_MS = 1_000
/** Batches kept in the stream: minutes for a handful of pipelines. The api keeps what lasts longer. */
const KEPT_BATCHES = 5_000

/** Publishes what the tasks of this process measured, once a second and per deployment, as long as it lives. */
export class MetricsPublisher {
  readonly #redis: Redis
  readonly #executor: string
  readonly #runners: () => readonly TaskRunner[]
  readonly #log: Logger
  #publishedAt = performance.now()

  constructor(redis: Redis, executor: string, runners: () => readonly TaskRunner[], log: Logger) {
    this.#redis = redis
    this.#executor = executor
    this.#runners = runners
    this.#log = log
    setInterval(() => this.#publish(), INTERVAL_MS)
  }

  #publish(): void {
    const now = performance.now()
    const interval = Math.round(now - this.#publishedAt)
    this.#publishedAt = now
    const byGeneration = Map.groupBy(this.#runners(), ({ identity: { spec } }) => spec)
    for (const [{ deployment, generation }, runners] of byGeneration) {
      void this.#sample(deployment, generation, runners)
      const tasks = runners
        .map((runner) => runner.metrics())
        .filter((metrics): metrics is TaskMetrics => metrics !== null)
      if (tasks.length === 0) continue
      this.#send({ deployment, generation, executor: this.#executor, at: Date.now(), interval, tasks })
    }
  }

  /** Publishes a few events of the nodes that somebody looks at. */
  async #sample(deployment: string, generation: number, runners: readonly TaskRunner[]): Promise<void> {
    const { keptBatches, keptMs, nodes } = LIVE_SAMPLE_LIMITS
    try {
      const key = redisKeys.watched(deployment)
      const found = await this.#redis.zrevrangebyscore(key, '+inf', Date.now(), 'LIMIT', 0, nodes)
      const watched = new Set(found)
      const samples = runners.flatMap((runner) => runner.sample(watched))
      if (samples.length === 0) return
      const batch: LiveSampleBatch = { generation, samples }
      const stream = redisKeys.samples(deployment)
      await this.#redis
        .multi()
        .xadd(stream, 'MAXLEN', keptBatches, '*', 'batch', JSON.stringify(batch))
        .pexpire(stream, keptMs)
        .exec()
    } catch (error) {
      this.#log.debug({ err: error }, 'sampled events were not taken')
    }
  }

  /** Lossy by design: what Redis does not take now is not kept. */
  #send(batch: MetricBatch): void {
    const fields = ['batch', JSON.stringify(batch)]
    this.#redis
      .xadd(redisKeys.metrics, 'MAXLEN', '~', KEPT_BATCHES, '*', ...fields)
      .catch((error: unknown) => {
        this.#log.debug({ err: error }, 'a metric batch was not taken')
      })
  }
}
