import { type Catalogue, type GraphNode, inferSchemas, type PipelineGraph } from '@millrace/graph'
import type { NodeRuntime, RuntimeCatalogue } from '../operator.ts'

/** A place of a graph to which a test sends records. */
export interface TestSource {
  readonly node: GraphNode
  /** A generator makes its records itself; a reference is read by the node that looks things up in it. */
  readonly kind: 'source' | 'generator' | 'reference'
  /** Topic that the records are said to be from; empty for a generator. */
  readonly topic: string
  /** Connection of the topic; empty for a generator. */
  readonly connection: string
}

/** All places of a graph that take records, in the order of its nodes. */
export function testSources(
  graph: PipelineGraph,
  catalogue: Catalogue,
  runtimes: RuntimeCatalogue,
): readonly TestSource[] {
  // Nodes whose settings do not fit their schema have none: their runtimes must not be asked.
  const { nodes } = inferSchemas(graph, catalogue)
  return graph.nodes.flatMap((node) => {
    const runtime = runtimes.get(node.type)
    return runtime !== undefined && nodes.has(node.id) ? sourcesOf(node, runtime) : []
  })
}

function sourcesOf(node: GraphNode, runtime: NodeRuntime): readonly TestSource[] {
  switch (runtime.role) {
    case 'topic-source':
      return [{ node, kind: 'source', ...runtime.topic(node.config) }]
    case 'generator-source':
      return [{ node, kind: 'generator', topic: '', connection: '' }]
    case 'transform': {
      const reference = runtime.reference?.(node.config) ?? null
      return reference === null ? [] : [{ node, kind: 'reference', ...reference }]
    }
    default:
      return []
  }
}
