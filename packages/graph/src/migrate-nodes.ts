import type { Catalogue, NodeDefinition } from './definition.ts'
import type { GraphNode, PipelineGraph } from './model.ts'

/** A graph whose nodes have been led up to the versions of the catalogue, as far as they could be. */
export interface MigratedNodes {
  readonly graph: PipelineGraph
  /** Nodes whose migration threw: they stay as they were, and `validate` says so. */
  readonly failures: readonly NodeMigrationFailure[]
}

/** Why the settings of a node could not be led up; for the log. */
export interface NodeMigrationFailure {
  readonly nodeId: string
  readonly cause: unknown
}

/**
 * Leads the config of every node up to the version of its definition. Nodes of an unknown type or a newer version
 * stay as they are. Gives the very same graph where there is nothing to do.
 */
export function migrateNodes(graph: PipelineGraph, catalogue: Catalogue): MigratedNodes {
  const failures: NodeMigrationFailure[] = []
  const nodes = graph.nodes.map((node) => {
    const definition = catalogue.get(node.type)
    if (!definition?.migrate || node.typeVersion >= definition.version) return node
    try {
      return migrateNode(node, definition)
    } catch (cause) {
      // Old settings come from outside and were never checked against the schema of their time.
      failures.push({ nodeId: node.id, cause })
      return node
    }
  })
  const isChanged = nodes.some((node, i) => node !== graph.nodes[i])
  return { graph: isChanged ? { ...graph, nodes } : graph, failures }
}

function migrateNode(node: GraphNode, definition: NodeDefinition): GraphNode {
  const config = definition.migrate?.(node.config, node.typeVersion) ?? node.config
  return { ...node, config, typeVersion: definition.version }
}
