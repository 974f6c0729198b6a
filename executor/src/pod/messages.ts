import type { DeploymentSpec, TaskReport } from '@millrace/contracts'
import type { HeldLease } from '../agent/held-leases.ts'

/** What a supervisor asks of a worker. Tasks are named by the keys of their leases. */
export type ToWorker =
  /** Before the first task of a generation. */
  | { readonly kind: 'spec'; readonly spec: DeploymentSpec }
  | {
      readonly kind: 'start'
      readonly key: string
      readonly generation: number
      readonly stage: string
      readonly partition: number
      readonly lease: HeldLease
    }
  | ({ readonly kind: 'drain'; readonly key: string } & DrainOrder)
  /** One last commit, then `stopped`. */
  | { readonly kind: 'stop'; readonly key: string }
  /** It belongs to somebody else: nothing more is committed. */
  | { readonly kind: 'abandon'; readonly key: string }
  /** Twice a second: which leases are held, and are you there? Answered by `reports`. */
  | { readonly kind: 'look'; readonly leases: readonly (readonly [key: string, renewedAt: number])[] }

/** Whether a task drains; `order` tells a report which order it is about. */
export interface DrainOrder {
  readonly order: number
  readonly draining: boolean
  readonly upstreamDrained: boolean
}

/** What a worker tells its supervisor. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'reports'
      readonly reports: readonly (readonly [key: string, report: TaskReport, drainOrder: number])[]
    }
  | { readonly kind: 'stopped'; readonly key: string }
  /** The task ended by itself; see `TaskEndedError`. */
  | {
      readonly kind: 'ended'
      readonly key: string
      readonly reason: string
      readonly newer: number | null
    }

/** So many generations of a pipeline may run at once, and some more: one drains, one comes, one is taken back. */
const KEPT_SPECS = 4

/** Generations whose specs a worker forgets, by those that it was told: all but the newest few. */
export function outdated(told: Iterable<number>): number[] {
  return [...told].sort((a, b) => b - a).slice(KEPT_SPECS)
}
