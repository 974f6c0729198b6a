import type { NodeConfig } from '@millrace/graph'

/** What version 1 did, in words of version 2: it kept the first by arrival. */
const ADDED = { keep: 'first', order: 'arrival' } as const satisfies NodeConfig

/** Leads the settings of an older version up to this one. */
export function migrate(config: NodeConfig): NodeConfig {
  return { ...ADDED, ...config }
}
