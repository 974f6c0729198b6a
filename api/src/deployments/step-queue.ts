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

/** The queue of due steps. Jobs hold nothing but ids; Postgres decides what is done. */
export class StepQueue {
  readonly #queue: Queue<StepPlace>
  readonly #worker: Worker<StepPlace>
  readonly #connections: readonly Redis[]

  constructor(redisUrl: string, runner: StepRunner, log: FastifyBaseLogger) {
    const [commands, blocking] = [
      createRedis(redisUrl, 'commands', log),
      createRedis(redisUrl, 'worker', log),
    ]
    this.#connections = [commands, blocking]
    this.#queue = new Queue(QUEUE, { connection: commands, prefix: PREFIX })
    this.#worker = new Worker(QUEUE, (job, token) => carryOut(runner, job, token), {
      connection: blocking,
      prefix: PREFIX,
      concurrency: 8,
      lockDuration: LOCK_MS,
      stalledInterval: LOCK_MS / 3,
      maxStalledCount: 1_000_000,
      autorun: false,
    })
    // Redis being out of reach is told by its connections.
    this.#queue.on('error', (error) => log.debug({ reason: messageOf(error) }, 'the step queue'))
    this.#worker.on('error', (error) => log.debug({ reason: messageOf(error) }, 'the step worker'))
  }

  /** Begins to carry out steps. */
  async start(): Promise<void> {
    await Promise.all(this.#connections.map(connectRedis))
    void this.#worker.run()
  }

  /** Adds a step; does nothing where it waits already. */
  async add(place: StepPlace): Promise<void> {
    await this.#queue.add('step', place, { ...JOB_OPTIONS, jobId: `${place.operationId}-${place.position}` })
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
    const closed = Promise.allSettled([this.#worker.close(), this.#queue.close()])
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())])
    for (const connection of this.#connections) connection.disconnect()
  }
}

async function carryOut(runner: StepRunner, job: Job<StepPlace>, token: string | undefined): Promise<void> {
  if ((await runner.run(job.data)) === 'ended') return
  await job.moveToDelayed(Date.now() + AGAIN_MS, token)
  throw new DelayedError()
}
