import { setTimeout as sleep } from 'node:timers/promises'
import type { LiveSample, TaskMetrics, TaskReport, TaskState } from '@millrace/contracts'
import type { Program, SinkConnector } from '@millrace/engine'
import { ReferenceTooLargeError } from '@millrace/nodes'
import type { Logger } from 'pino'
import { openDeliverySession } from '../delivery/open-delivery-session.ts'
import { KafkaError } from '../kafka/wire/index.ts'
import type { KafkaAccess } from '../kafka-clients.ts'
import { monotonicMs } from '../monotonic.ts'
import type { TaskHandle } from '../pod/task-handle.ts'
import { RedisDownError } from '../state/redis-down.ts'
import { openProcessSession } from './open-process-session.ts'
import { ProblemBoard } from './problem-board.ts'
import type { Session, SessionOptions } from './session.ts'
import { SizeLimits } from './size-limits.ts'
import { TaskEndedError, TaskStopError } from './stop-error.ts'
import { type TaskIdentity, taskName } from './task-identity.ts'

/** What a runner is made with. */
export interface TaskRunnerOptions
  extends Pick<
    SessionOptions,
    'identity' | 'redis' | 'log' | 'stillMine' | 'stateMemory' | 'drift' | 'parts'
  > {
  /** Prepared anew for every life: a graph that cannot run is told as a problem of the task. */
  program(): Program
  kafka(): Promise<KafkaAccess>
  /** Of a delivery task; null for one that processes. */
  readonly connector: SinkConnector | null
  /** When the lease was renewed last (`monotonicMs`); undefined where it is lost. */
  leaseRenewedAt(): number | undefined
  /** Told once when the task ended by itself: another generation or owner has it. */
  ended(error: TaskEndedError): void
}

const BACKOFF_MS = { least: 200, most: 5_000 } as const
/** A lease that was renewed within this time counts as held. */
const LEASE_FRESH_MS = 2_500
/** So many times fenced in so much time, under an unbroken lease: somebody else uses our transactional id. */
const FENCED_LIMIT = { times: 3, withinMs: 60_000 } as const
/** A broker that starts may not know a topic yet: so many lives in a row may end for that. */
const MISSED_LIMIT = 3

/** Runs one leased task through as many lives as it takes. */
export class TaskRunner implements TaskHandle {
  readonly identity: TaskIdentity
  readonly #options: TaskRunnerOptions
  readonly #problems: ProblemBoard
  readonly #log: Logger
  readonly #sizeLimits = new SizeLimits()
  #fencedAt: readonly number[] = []
  readonly #running: Promise<void>
  #session: Session | null = null
  #state: TaskState = 'restoring'
  #since = Date.now()
  #stopping = false
  #draining = false
  #upstreamDrained = false
  /** Lives in a row that ended because a topic was not there. */
  #missed = 0
  #wake = new AbortController()

  constructor(options: TaskRunnerOptions) {
    this.#options = options
    this.identity = options.identity
    const { spec, stage, partition } = options.identity
    this.#log = options.log.child({
      deployment: spec.deployment,
      stage,
      partition,
      generation: spec.generation,
    })
    this.#problems = new ProblemBoard(this.#log)
    this.#running = this.#live().finally(() => {
      // Not waited for: a delivery may be under way to a system that does not answer.
      options.connector?.close().catch(() => {})
    })
  }

  /** Lets sources stand still; the task works off what is in its internal topics. */
  drain(draining: boolean, upstreamDrained: boolean): void {
    this.#draining = draining
    this.#upstreamDrained = upstreamDrained
  }

  /** Ends the task after one last commit. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#session?.stop()
    this.#wake.abort()
    await this.#running
  }

  /** Ends the task at once: it belongs to somebody else. */
  abandon(): void {
    this.#stopping = true
    this.#session?.abandon()
    this.#wake.abort()
  }

  /** What to tell of the task. */
  report(executor: string): TaskReport {
    const { spec, stage, partition } = this.identity
    const problem = this.#problems.current
    const waits = this.#session?.needsPerson ?? false
    return {
      ...{ stage, partition, executor, generation: spec.generation },
      ...(waits
        ? { state: 'stopped', since: problem?.since ?? this.#since }
        : { state: this.#state, since: this.#since }),
      ...{ at: Date.now(), drained: this.#draining && (this.#session?.drained ?? false), problem },
    }
  }

  /** Measurements since the last call; null while nothing runs. */
  metrics(): TaskMetrics | null {
    return this.#session?.metrics() ?? null
  }

  /** Events of these nodes since the last call, and from now on of these. */
  sample(watched: ReadonlySet<string>): readonly LiveSample[] {
    return this.#session?.sample?.(watched) ?? []
  }

  async #live(): Promise<void> {
    let wait: number = BACKOFF_MS.least
    while (!this.#stopping) {
      const began = performance.now()
      try {
        this.#enter('restoring')
        this.#session = await this.#opened()
        if (this.#stopping) this.#session.stop()
        this.#problems.clearAll()
        this.#missed = 0
        this.#enter('running')
        await this.#session.run()
      } catch (error) {
        if (!(await this.#recoverFrom(error))) return
      } finally {
        this.#session = null
      }
      if (this.#stopping) return
      if (performance.now() - began > BACKOFF_MS.most) wait = BACKOFF_MS.least
      await this.#awaitLeaseAfter(monotonicMs(), wait)
      wait = Math.min(wait * 2, BACKOFF_MS.most)
    }
  }

  /** Opens a session. Where the task is to end before it is there, nobody waits for it: it closes itself. */
  async #opened(): Promise<Session> {
    const { signal } = this.#wake
    const ended = Promise.withResolvers<never>()
    const end = () => ended.reject(signal.reason)
    signal.addEventListener('abort', end, { once: true })
    try {
      return await Promise.race([this.#open(), ended.promise])
    } finally {
      signal.removeEventListener('abort', end)
    }
  }

  async #open(): Promise<Session> {
    const options = {
      ...this.#options,
      ...(await this.#options.kafka()),
      program: this.#options.program(),
      log: this.#log,
      problems: this.#problems,
      sizeLimits: this.#sizeLimits,
      draining: () => this.#draining,
      upstreamDrained: () => this.#upstreamDrained,
      ending: this.#wake.signal,
    }
    const { connector } = this.#options
    if (connector === null) return openProcessSession(options)
    return openDeliverySession({ ...options, connector, leaseHeld: () => this.#leaseIsFresh() })
  }

  /** False where the task is over for this process. */
  async #recoverFrom(error: unknown): Promise<boolean> {
    if (this.#stopping) return false
    if (error instanceof TaskEndedError) {
      this.#log.info({ reason: error.message }, `task ${taskName(this.identity)} ended`)
      this.#options.ended(error)
      return false
    }
    const stop = error instanceof TaskStopError ? error : this.#asStop(error)
    // Whatever else was wrong concerned the work that has ended.
    this.#problems.clearAll(stop.code)
    this.#problems.raise(stop.code, stop.message, stop.nodeId, error)
    this.#enter(stop.resumes ? 'waiting' : 'stopped')
    if (stop.resumes) return true
    await new Promise<void>((resolve) =>
      this.#wake.signal.addEventListener('abort', () => resolve(), { once: true }),
    )
    return false
  }

  #asStop(error: unknown): TaskStopError {
    if (error instanceof RedisDownError)
      return new TaskStopError('redis_unreachable', `${error.message}; the task waits.`)
    if (error instanceof ReferenceTooLargeError)
      return new TaskStopError('reference_too_large', error.message)
    if (!(error instanceof KafkaError)) {
      const message = error instanceof Error ? error.message : String(error)
      return new TaskStopError('internal', `The task failed and starts over: ${message}`)
    }
    if (error.fenced) return this.#fenced()
    if (error.code === 'UNKNOWN_TOPIC_OR_PARTITION' && ++this.#missed > MISSED_LIMIT) {
      const message = `Topic ${error.context.topic} does not exist any more. Create it again, then stop and start the pipeline afresh.`
      return new TaskStopError('topic_missing', message)
    }
    if (error.code === 'MESSAGE_TOO_LARGE') this.#sizeLimits.refused(error.context.topic ?? '')
    if (error.code === 'CORRUPT_BATCH' || error.code === 'BATCH_OVER_LIMIT') {
      return new TaskStopError('batch_unreadable', `A batch of records cannot be read: ${error.message}`)
    }
    return new TaskStopError('kafka_unreachable', `Kafka refused or did not answer: ${error.message}`)
  }

  #fenced(): TaskStopError {
    const now = performance.now()
    const lately = [...this.#fencedAt.filter((at) => now - at < FENCED_LIMIT.withinMs), now]
    this.#fencedAt = lately
    if (lately.length < FENCED_LIMIT.times)
      return new TaskStopError('fenced', 'Another owner took the task over; looking again.')
    const message = 'Another client uses our transactional id again and again, though the lease is ours.'
    return new TaskStopError('transactional_id_taken', message)
  }

  /** A failed task is taken over again only under a lease that is newer than the failure. */
  async #awaitLeaseAfter(failedAt: number, wait: number): Promise<void> {
    await this.#pause(wait)
    while (!this.#stopping && (this.#options.leaseRenewedAt() ?? 0) < failedAt)
      await this.#pause(BACKOFF_MS.least)
  }

  #pause(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.#wake.signal }).catch(() => {})
  }

  #leaseIsFresh(): boolean {
    const renewedAt = this.#options.leaseRenewedAt()
    return renewedAt !== undefined && monotonicMs() - renewedAt < LEASE_FRESH_MS
  }

  #enter(state: TaskState): void {
    if (state === this.#state) return
    this.#state = state
    this.#since = Date.now()
  }
}
