import type { NodeConfig } from '@millrace/graph'
import { valueAt } from './form-context.ts'

/** The text of another setting in the same object as the one at `path`; empty where there is none. */
export function siblingValue(config: NodeConfig, path: readonly string[], name: string): string {
  const value = valueAt(config, [...path.slice(0, -1), name])
  return typeof value === 'string' ? value : ''
}
