import type { NodeConfig } from '@millrace/graph'

/** What version 1 did, in words of version 2: it knew nothing but topics that are held in memory. */
const ADDED = {
  reference: 'topic',
  table: '',
  separator: 'comma',
  columns: [],
  furtherKeys: [],
} as const satisfies NodeConfig

/** Leads the settings of an older version up to this one. */
export function migrate(config: NodeConfig): NodeConfig {
  return { ...ADDED, ...config }
}
