import type { NodeConfig } from '@millrace/graph'
import { DEFAULTS } from './settings.ts'

/** Leads the settings of an older version up to this one: all that was added since has its default. */
export function migrate(config: NodeConfig): NodeConfig {
  return { ...DEFAULTS, ...config }
}
