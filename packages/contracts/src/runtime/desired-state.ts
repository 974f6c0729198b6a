/** What should be true of a deployment. Written by the api as one value; the newest generation wins. */
export interface DesiredState {
  readonly deployment: string
  readonly generation: number
  readonly state: 'running' | 'stopped'
  /** A generation that must run to the end of its internal topics before this one starts; null: no need. */
  readonly drain: DrainOrder | null
  /** So many executors at most carry its tasks; null: all that there are. Holds at once, without a new generation. */
  readonly maxExecutors: number | null
}

/** The largest `maxExecutors`: more than anybody has. */
export const MAX_EXECUTORS = 1_000

/** How the generation before ends. */
export interface DrainOrder {
  readonly generation: number
  /** True once the user chose to give up what is left in the internal topics. */
  readonly discard: boolean
}

/** How far executors are with a change of generation. */
export interface Switchover {
  readonly generation: number
  readonly phase: SwitchoverPhase
  /** Epoch ms when the phase began. */
  readonly since: number
  /** Records still unread in internal topics, while draining. */
  readonly unread: number
}

/** `drain`: the old generation empties its internal topics; `seal`: its stages are closed for good; `run`: done. */
export type SwitchoverPhase = 'drain' | 'seal' | 'run'

/** Tells one life of the data in Redis from another. */
export interface Incarnation {
  /** Random. */
  readonly id: string
  /** Clock of Redis when it was written, epoch ms. */
  readonly at: number
}

/** A worker process of an executor. */
export interface WorkerInfo {
  readonly deployment: string
  readonly pid: number
}

/** An executor says that it is alive. Counts as dead after `EXECUTOR_TIMEOUT_MS`. */
export interface ExecutorHeartbeat {
  readonly id: string
  readonly host: string
  readonly pid: number
  /** Its worker processes at work: one for each pipeline that has tasks there. */
  readonly workers: readonly WorkerInfo[]
  /** Epoch ms. */
  readonly startedAt: number
  readonly at: number
  readonly tasks: number
  /** Set while the executor hands over its tasks and takes no more. */
  readonly leaving: boolean
  /**
   * Before this time (by the clock of Redis, epoch ms) it takes no task: owners that it has not seen may still show their
   * leases. Missing in heartbeats of older executors.
   */
  readonly takesFrom?: number
}

/** Without a heartbeat for this long an executor is dead. */
export const EXECUTOR_TIMEOUT_MS = 3_000

/** A lease on a task. */
export interface Lease {
  /** Executor id. */
  readonly owner: string
  /** Unique per acquisition. */
  readonly token: string
  readonly generation: number
}

/** A lease that is not renewed for this long is free. */
export const LEASE_MS = 3_000
