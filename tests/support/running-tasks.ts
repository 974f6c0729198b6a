import {
  type DeploymentSpec,
  type InputMetrics,
  type MetricBatch,
  type Problem,
  redisKeys,
  topicNames,
} from '@millrace/contracts'
import { type Program, prepareProgram } from '@millrace/engine'
import type { NodeTypes } from '@millrace/testkit'
import type { Redis } from 'ioredis'
import { pino } from 'pino'
import { connectKafka, type KafkaClient } from '../../executor/src/kafka/wire/index.ts'
import { DriftBoard } from '../../executor/src/metrics/drift-board.ts'
import { FrameReader } from '../../executor/src/metrics/frame-reader.ts'
import { openRedis } from '../../executor/src/redis.ts'
import { type StateRedis, withStateCommands } from '../../executor/src/state/scripts.ts'
import { BacklogMonitor } from '../../executor/src/task/backlog-monitor.ts'
import { openProcessSession } from '../../executor/src/task/open-process-session.ts'
import { ProblemBoard } from '../../executor/src/task/problem-board.ts'
import type { Session } from '../../executor/src/task/session.ts'
import { SESSION_PARTS } from '../../executor/src/task/session-parts.ts'
import { SizeLimits } from '../../executor/src/task/size-limits.ts'
import { type TaskIdentity, tasksOf } from '../../executor/src/task/task-identity.ts'

/** Where the servers are. */
export interface TaskServers {
  readonly kafka: string
  readonly redis: string
}

interface Running {
  readonly identity: TaskIdentity
  readonly problems: ProblemBoard
  readonly session: Session
  /** Ends with the session, never rejects. */
  readonly end: Promise<unknown>
}

const log = pino({ level: process.env.MILLRACE_LOG ?? 'silent' })

/**
 * The processing tasks of a deployment, run in this process over real Kafka and Redis, with any node types. A crash drops
 * everything that is in memory and takes all tasks over anew.
 */
export class RunningTasks {
  readonly #spec: DeploymentSpec
  readonly #program: () => Program
  readonly #client: KafkaClient
  readonly #backlog: BacklogMonitor
  readonly #redis: StateRedis
  /** Bytes of state that each task may have in memory. */
  readonly #stateMemory: number
  readonly #drift = new DriftBoard(() => Date.now())
  readonly #frames: FrameReader
  readonly #publisher: NodeJS.Timeout
  #running: Running[] = []

  private constructor(
    spec: DeploymentSpec,
    types: NodeTypes,
    client: KafkaClient,
    redis: StateRedis,
    frames: Redis,
    stateMemory: number,
  ) {
    this.#spec = spec
    this.#stateMemory = stateMemory
    this.#program = () => prepareProgram(spec.graph, types.catalogue, types.runtimes)
    this.#client = client
    this.#backlog = new BacklogMonitor(client)
    this.#redis = redis
    this.#frames = new FrameReader(frames, this.#drift, log)
    this.#frames.start()
    this.#publisher = setInterval(() => void this.#publish(), 200)
  }

  /** Starts all tasks. */
  static async start(
    spec: DeploymentSpec,
    types: NodeTypes,
    servers: TaskServers,
    stateMemory = Number.POSITIVE_INFINITY,
  ): Promise<RunningTasks> {
    const client = await connectKafka({ brokers: [servers.kafka], clientId: 'tasks' })
    const redis = openRedis(servers.redis, 'tasks', log)
    await new Promise<void>((resolve) => redis.once('ready', () => resolve()))
    const frames = openRedis(servers.redis, 'frames', log)
    const tasks = new RunningTasks(spec, types, client, withStateCommands(redis), frames, stateMemory)
    try {
      await tasks.#open()
    } catch (error) {
      await tasks.stop()
      throw error
    }
    return tasks
  }

  /** What is wrong with the tasks now. */
  get problems(): readonly Problem[] {
    return this.#running.flatMap(({ problems: { current } }) => current ?? [])
  }

  /** The connection over which state copies are written. */
  get redis(): Redis {
    return this.#redis
  }

  /** Ends all tasks without a last commit, and takes them over anew, after what is to happen meanwhile. */
  async crash(meanwhile: () => Promise<void> = async () => {}): Promise<void> {
    for (const { session } of this.#running) session.abandon()
    await Promise.all(this.#running.map(({ end }) => end))
    await meanwhile()
    await this.#open()
  }

  /** The error with which a task ended by itself; null while all run. */
  async failure(): Promise<unknown> {
    const pending = Symbol('pending')
    const ends = await Promise.all(
      this.#running.map(({ end }) => Promise.race([end, Promise.resolve(pending)])),
    )
    return ends.find((end) => end !== pending) ?? null
  }

  /** Ends all tasks after one last commit, and closes the connections. */
  async stop(): Promise<void> {
    for (const { session } of this.#running) session.stop()
    await Promise.all(this.#running.map(({ end }) => end))
    clearInterval(this.#publisher)
    this.#frames.close()
    this.#backlog.close()
    this.#client.close()
    this.#redis.disconnect()
  }

  /** What the last frame said of the tasks' inputs. */
  inputs: readonly InputMetrics[] = []
  /** State rows in memory, as the last frame said. */
  stateRows = 0

  async #publish(): Promise<void> {
    const { deployment, generation } = this.#spec
    const tasks = this.#running.map(({ session }) => session.metrics())
    this.inputs = tasks.flatMap(({ inputs }) => inputs)
    this.stateRows = tasks.reduce((sum, { state }) => sum + state.rows, 0)
    const batch: MetricBatch = {
      deployment,
      generation,
      executor: 'tasks',
      at: Date.now(),
      interval: 200,
      tasks,
    }
    await this.#redis.xadd(redisKeys.metrics, '*', 'batch', JSON.stringify(batch)).catch(() => {})
  }

  /** The changelog topic of a stage. */
  changelog(stage: string): string {
    return topicNames.changelog(this.#spec, stage)
  }

  async #open(): Promise<void> {
    const all = tasksOf(this.#spec).filter(({ sink }) => sink === null)
    this.#running = await Promise.all(
      all.map(async (identity) => {
        const problems = new ProblemBoard(log)
        const session = await openProcessSession({
          ...{ identity, log, client: this.#client, backlog: this.#backlog, redis: this.#redis },
          program: this.#program(),
          problems,
          sizeLimits: new SizeLimits(),
          ...{ drift: this.#drift, parts: SESSION_PARTS },
          stateMemory: () => this.#stateMemory,
          stillMine: async () => true,
          draining: () => false,
          upstreamDrained: () => false,
          ending: new AbortController().signal,
        })
        const end = session.run().catch((error: unknown) => error)
        return { identity, problems, session, end }
      }),
    )
  }
}
