import {
  type Catalogue,
  inferSchemas,
  type PipelineGraph,
  type SensitiveFields,
  sensitiveFields,
} from '@millrace/graph'

/** What of the records and errors of a node is not shown. */
export type Hidden = Pick<SensitiveFields, 'anywhere' | 'inErrors'>

/** Tells what is not shown of a node; of one that is not in the graph, all that is sensitive anywhere in it. */
export function hiddenIn(graph: PipelineGraph, catalogue: Catalogue): (nodeId: string) => Hidden {
  const found = sensitiveFields(graph, catalogue, inferSchemas(graph, catalogue).nodes)
  const all = new Set([...found.values()].flatMap(({ anywhere }) => [...anywhere]))
  return (nodeId) => found.get(nodeId) ?? { anywhere: all, inErrors: all.size > 0 }
}
