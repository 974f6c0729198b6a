import type { InputDefinition, NodeDefinition } from './definition.ts'
import type { GraphIndex } from './graph-index.ts'
import type { DefinitionOf, NodeSchemas } from './infer-schemas.ts'
import type { Issue } from './issue.ts'
import { issueOf } from './issue-codes.ts'
import type { GraphEdge, GraphNode } from './model.ts'
import { ownMember } from './own-member.ts'
import { placeFix } from './place-fix.ts'
import type { StreamSchema, StreamUpdates } from './stream-schema.ts'
import { nodeName } from './words.ts'

/** What is known upstream of a node. */
export interface Upstream {
  readonly index: GraphIndex
  readonly inferred: ReadonlyMap<string, NodeSchemas>
  readonly definitionOf: DefinitionOf
}

/** An edge with what flows along it; null while that is unknown. */
export interface FedEdge {
  readonly edge: GraphEdge
  readonly schema: StreamSchema | null
}

/** What keeps one of the streams out of an input because of its updates; null where nothing does. */
export function checkUpdates(
  node: GraphNode,
  { updates: handling }: InputDefinition,
  edges: readonly FedEdge[],
  upstream: Upstream,
): Issue | null {
  if (handling === 'by-key') return null
  const isRefused = ({ schema }: FedEdge) =>
    schema?.updates && !(handling === 'with-before' && schema.updates.before)
  const { edge, schema } = edges.find(isRefused) ?? {}
  if (edge === undefined || !schema?.updates) return null
  const origin = findOrigin(edge, schema.updates, handling === 'with-before', upstream)
  const source = origin ? nodeName(origin) : 'what feeds it'
  const message =
    handling === 'with-before'
      ? `${nodeName(node)} must be told what a corrected row was before, and ${source} no longer tells.`
      : `${nodeName(node)} takes only rows that are final: ${handling.refused}. But ${source} corrects rows that it has sent.`
  const fix = origin && finalFix(origin, upstream.definitionOf(origin))
  return issueOf('updates_refused', node.id, message, fix ? { fix } : {})
}

/** The node that made final rows into an updating stream, or, with `forgets`, the one that lost what rows were before. */
function findOrigin(
  start: GraphEdge,
  updates: StreamUpdates,
  forgets: boolean,
  { index, inferred }: Upstream,
): GraphNode | undefined {
  let edge = start
  for (;;) {
    const id = edge.from.node
    const next = index.incoming.get(id)?.find(({ to: { port } }) => {
      const before = ownMember(inferred.get(id)?.inputs ?? {}, port)?.updates
      return before !== undefined && (!forgets || before.before === updates.before)
    })
    if (next === undefined) return index.nodes.get(id)
    edge = next
  }
}

function finalFix(origin: GraphNode, definition: NodeDefinition | undefined) {
  const fix = definition?.finalFix?.(origin.config)
  return fix ? placeFix(origin, fix) : null
}
