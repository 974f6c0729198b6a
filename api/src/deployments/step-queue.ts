import { setTimeout as sleep } from 'node:timers/promises'
import { DelayedError, type Job, Queue, Worker } from 'bullmq'
import type { FastifyBaseLogger } from 'fastify'
import type { Redis } from 'ioredis'
import { messageOf } from '../errors.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import { connectRedis, createRedis } from '../plugins/redis.ts'
import type { StepPlace } from './operations.ts'
import type { StepRunner } from './step-runner.ts'

const QUEUE = 'steps'
const PREFIX = 'mr:queue'

/** A step that is not done is looked at again after this time. */
const AGAIN_MS = 250

/**
 * A worker that dies holds its job for this long; then another one goes on. Steps never block the event loop, so a
 * live worker renews its lock in time.
 */
const LOCK_MS = 3_000

/** A worker that failed to begin is made anew after this time. */
const WORKER_AGAIN_MS = 500

/** Closing waits for Redis, which may be away. */
const CLOSE_MS = 2_000

/** Outbox rows that are moved in one go. */
const BATCH = 100

const JOB_OPTIONS = {
  // Nothing of a job is kept: what happened stands in Postgres, and the same job can be added again.
  removeOnComplete: true,
  removeOnFail: true,
  // A job fails only while Postgres is out of reach.
  attempts: 1_000_000,
  backoff: { type: 'fixed', delay: 1_000 },
} as const

/**
 * The queue of due steps. Jobs hold nothing but ids; Postgres decides what is done. BullMQ gives a connection up for good
 * whose first attempt fails, so its parts are made once Redis has answered, and anew where they fail to begin.
 */
export class StepQueue {
  readonly #runner: StepRunner
  readonly #log: FastifyBaseLogger
  readonly #commands: Redis
  readonly #blocking: Redis
  readonly #closing = new AbortController()
  #queue: Promise<Queue<StepPlace>> | null = null
  #worker: Worker<StepPlace> | null = null

  constructor(redisUrl: string, runner: StepRunner, log: FastifyBaseLogger) {
    this.#runner = runner
    this.#log = log
    this.#commands = createRedis(redisUrl, 'commands', log)
    this.#blocking = createRedis(redisUrl, 'worker', log)
  }

  /** Begins to carry out steps. */
  async start(): Promise<void> {
    await Promise.all([this.#commands, this.#blocking].map(connectRedis))
    void this.#work()
  }

  /** Adds a step; does nothing where it waits already. */
  async add(place: StepPlace): Promise<void> {
    this.#queue ??= this.#openQueue().catch((error: unknown) => {
      this.#queue = null
      throw error
    })
    const options = { ...JOB_OPTIONS, jobId: `${place.operationId}-${place.position}` }
    await (await this.#queue).add('step', place, options)
  }

  /** Moves what is due from the outbox to the queue. Two dispatchers never move the same row at the same time. */
  async dispatch(prisma: PrismaClient): Promise<void> {
    let moved = 0
    do {
      moved = await prisma.$transaction(async (tx) => {
        const rows = await tx.$queryRaw<{ id: bigint; operation_id: string; position: number }[]>`
          SELECT id, operation_id, position FROM outbox ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`
        for (const row of rows) await this.add({ operationId: row.operation_id, position: row.position })
        if (rows.length > 0)
          await tx.outboxRow.deleteMany({ where: { id: { in: rows.map(({ id }) => id) } } })
        return rows.length
      })
    } while (moved === BATCH)
  }

  /** Stops; steps under way are given a moment and are otherwise carried on by another process. */
  async close(): Promise<void> {
    this.#closing.abort()
    const closed = Promise.allSettled([this.#worker?.close(), this.#queue?.then((queue) => queue.close())])
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())])
    for (const connection of [this.#commands, this.#blocking]) connection.disconnect()
  }

  async #openQueue(): Promise<Queue<StepPlace>> {
    // Fails while Redis is out of reach.
    await this.#commands.ping()
    const queue = new Queue<StepPlace>(QUEUE, { connection: this.#commands, prefix: PREFIX })
    // Redis being out of reach is told by its connections.
    queue.on('error', (error) => this.#log.debug({ reason: messageOf(error) }, 'the step queue'))
    await queue.waitUntilReady()
    return queue
  }

  async #work(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      // Waits until Redis is back.
      await this.#blocking.ping().catch(() => {})
      if (signal.aborted) return
      const worker = this.#createWorker()
      this.#worker = worker
      try {
        await worker.waitUntilReady()
        await worker.run()
      } catch (error) {
        this.#log.debug({ reason: messageOf(error) }, 'the step worker begins anew')
        await worker.close(true).catch(() => {})
        await sleep(WORKER_AGAIN_MS, undefined, { signal }).catch(() => {})
      }
    }
  }

  #createWorker(): Worker<StepPlace> {
    const worker = new Worker<StepPlace>(QUEUE, (job, token) => carryOut(this.#runner, job, token), {
      connection: this.#blocking,
      prefix: PREFIX,
      concurrency: 8,
      lockDuration: LOCK_MS,
      stalledInterval: LOCK_MS / 3,
      maxStalledCount: 1_000_000,
      autorun: false,
    })
    worker.on('error', (error) => this.#log.debug({ reason: messageOf(error) }, 'the step worker'))
    return worker
  }
}

async function carryOut(runner: StepRunner, job: Job<StepPlace>, token: string | undefined): Promise<void> {
  if ((await runner.run(job.data)) === 'ended') return
  await job.moveToDelayed(Date.now() + AGAIN_MS, token)
  throw new DelayedError()
}
