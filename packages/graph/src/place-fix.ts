import type { ConfigFix } from './definition.ts'
import { editConfig } from './edit-config.ts'
import type { IssueFix } from './issue.ts'
import type { GraphNode } from './model.ts'

/** A fix of one value in a node's config as an edit of the graph; null where its path leads nowhere. */
export function placeFix(node: GraphNode, { label, path, value }: ConfigFix): IssueFix | null {
  const config = editConfig(node.config, { kind: 'set', path, value })
  return config && { label, change: { kind: 'set-config', nodeId: node.id, config } }
}
