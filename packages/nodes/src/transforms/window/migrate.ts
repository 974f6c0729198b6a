import type { NodeConfig } from '@millrace/graph'

/** What version 1 did, in words of version 2: its windows were tumbling, of a fixed length, with final results. */
const ADDED = {
  length: 'fixed',
  timeZone: 'UTC',
  slide: 60_000,
  step: 60_000,
  gap: 1_800_000,
  output: 'final',
  earlyUpdates: null,
  earlyClock: 'event',
  fillGaps: false,
} as const satisfies NodeConfig

/** Leads the settings of an older version up to this one. */
export function migrate(config: NodeConfig): NodeConfig {
  return { ...ADDED, ...config }
}
