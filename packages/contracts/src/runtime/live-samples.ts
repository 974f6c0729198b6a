import type { LiveSample } from '../rest/live.ts'

/** Events that one executor process saw of a deployment, sensitive fields left out. */
export interface LiveSampleBatch {
  readonly generation: number
  readonly samples: readonly LiveSample[]
}

/** Bounds of looking at live events, whoever looks. */
export const LIVE_SAMPLE_LIMITS = {
  /** Nodes of a deployment that are looked at at once; of more, those that were looked at last. */
  nodes: 4,
  /** Events that a task shows of each side and port of a node in a second. */
  perSecond: 5,
  /** Characters of one event; a longer one is told without its values. */
  characters: 4_096,
  /** Who looks says so more often than this, ms: without that nothing is sampled any more. */
  watchMs: 5_000,
  /** Batches are forgotten after so long, ms, and when there are so many. */
  keptMs: 15_000,
  keptBatches: 60,
} as const
