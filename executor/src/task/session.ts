import type { InputMetrics, LiveSample, TaskMetrics } from '@millrace/contracts'
import type { Program } from '@millrace/engine'
import type { Logger } from 'pino'
import type { KafkaClient } from '../kafka/wire/index.ts'
import type { DriftView } from '../metrics/drift-board.ts'
import type { StateRedis } from '../state/scripts.ts'
import type { BacklogMonitor } from './backlog-monitor.ts'
import type { ProblemBoard } from './problem-board.ts'
import type { SessionParts } from './session-parts.ts'
import type { SizeLimits } from './size-limits.ts'
import type { TaskIdentity } from './task-identity.ts'

/** What every session of a task shares with the rest of the process. */
export interface SessionOptions {
  readonly identity: TaskIdentity
  readonly program: Program
  readonly client: KafkaClient
  readonly redis: StateRedis
  readonly backlog: BacklogMonitor
  readonly problems: ProblemBoard
  readonly log: Logger
  /** Outlives a session, so that nothing loops. */
  readonly sizeLimits: SizeLimits
  /** How far the partitions of all tasks are. */
  readonly drift: DriftView
  readonly parts: SessionParts
  /** About how many bytes the state of this task may take in memory, now. */
  stateMemory(): number
  /** Asks Redis whether lease and generation are still ours; throws where it does not answer. */
  stillMine(): Promise<boolean>
  /** True where sources stand still and the task only works off what is in its internal topics. */
  draining(): boolean
  /** True where every task that feeds this one has nothing left to say. */
  upstreamDrained(): boolean
  /** Aborted when the task is to end: a session that is not at work by then has nothing to commit and is not opened. */
  readonly ending: AbortSignal
}

/** One life of a task: from a take-over until it ends or fails. */
export interface Session {
  /** Works until `stop` or a fault; rejects with the fault. */
  run(): Promise<void>
  /** Ends after one last commit. */
  stop(): void
  /** Drops everything at once: the task is no longer ours. */
  abandon(): void
  /** While draining: true once nothing is left to do. */
  readonly drained: boolean
  /** True while it waits for a person, and tries now and then whether somebody has acted. */
  readonly needsPerson: boolean
  /** Measurements since the last call. */
  metrics(): TaskMetrics
  /** As `TaskMeter.sample`; absent where no events pass by. */
  sample?(watched: ReadonlySet<string>): readonly LiveSample[]
}

/** The part of an input that the metrics show. */
export type InputFacts = InputMetrics
