import type { RuntimeCatalogue, TopicRef } from '@millrace/engine'
import type { Catalogue, GraphNode, PipelineGraph } from '@millrace/graph'
import { Check } from 'typebox/value'

/** A topic that a node uses. */
export interface UsedTopic extends TopicRef {
  readonly nodeId: string
  readonly use: 'source' | 'reference' | 'sink'
}

/** An index behind an alias that a node writes. */
export interface UsedAlias {
  readonly nodeId: string
  readonly connection: string
  readonly alias: string
}

/** What the nodes of a graph use outside, as far as their settings are filled in. */
export interface UsedSystems {
  readonly topics: readonly UsedTopic[]
  readonly aliases: readonly UsedAlias[]
}

/** Reads from a graph which topics and aliases it uses. */
export function usedSystems(
  graph: PipelineGraph,
  catalogue: Catalogue,
  runtimes: RuntimeCatalogue,
): UsedSystems {
  const usable = graph.nodes.filter((node) => {
    const definition = catalogue.get(node.type)
    return definition?.version === node.typeVersion && Check(definition.config, node.config)
  })
  return {
    topics: usable.flatMap((node) => topicOf(node, runtimes) ?? []),
    aliases: usable.flatMap((node) => aliasOf(node) ?? []),
  }
}

function topicOf(node: GraphNode, runtimes: RuntimeCatalogue): UsedTopic | null {
  const runtime = runtimes.get(node.type)
  const found = (use: UsedTopic['use'], ref: TopicRef | null | undefined) =>
    ref && ref.topic !== '' && ref.connection !== '' ? { nodeId: node.id, use, ...ref } : null
  switch (runtime?.role) {
    case 'topic-source':
      return found('source', runtime.topic(node.config))
    case 'topic-sink':
      return found('sink', runtime.topic(node.config))
    case 'transform':
      return found('reference', runtime.reference?.(node.config))
    default:
      return null
  }
}

/** The one sink outside Kafka so far. */
function aliasOf({ id, type, config }: GraphNode): UsedAlias | null {
  const { connection, alias } = config
  if (type !== 'elasticsearch' || typeof connection !== 'string' || typeof alias !== 'string') return null
  return connection === '' || alias === '' ? null : { nodeId: id, connection, alias }
}
