import { partsOf } from './canvas-parts.ts'
import type { Issue } from './issue.ts'
import { issueOf } from './issue-codes.ts'
import { LIMITS } from './limits.ts'
import type { GraphEdge, PipelineGraph } from './model.ts'
import { counted, nodeName, quote } from './words.ts'

/** What is wrong with the skeleton of a document: ids in use twice, edges to or from nodes that do not exist. */
export function checkStructure(graph: PipelineGraph): readonly Issue[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const repeatedNodes = repeated(graph.nodes).map((node) =>
    issueOf(
      'duplicate_id',
      node.id,
      `The id of ${nodeName(node)}, ${quote(node.id)}, is in use by another node.`,
    ),
  )
  const repeatedEdges = repeated(graph.edges).map((edge) =>
    issueOf('duplicate_id', nodes.get(edge.to.node)?.id ?? null, `Two edges have the id ${quote(edge.id)}.`),
  )
  const dangling = graph.edges.flatMap((edge) => {
    const from = nodes.get(edge.from.node)
    const to = nodes.get(edge.to.node)
    return from && to
      ? []
      : [danglingEdge(edge, from?.id ?? to?.id ?? null, from ? edge.to.node : edge.from.node)]
  })
  return [...repeatedNodes, ...repeatedEdges, ...repeatedParts(graph), ...dangling]
}

/** Notes and groups share their ids with nothing: on the canvas they are picked like nodes. */
function repeatedParts(graph: PipelineGraph): readonly Issue[] {
  const { notes, groups } = partsOf(graph)
  const parts = [...notes, ...groups]
  const nodeIds = new Set(graph.nodes.map(({ id }) => id))
  const clashing = new Set([...repeated(parts), ...parts.filter(({ id }) => nodeIds.has(id))])
  return [...clashing].map(({ id }) =>
    issueOf('duplicate_id', null, `The id of a note or group, ${quote(id)}, is in use already.`),
  )
}

/** What is wrong with the size of a document, so much that nothing else is worth looking at. */
export function checkSize(graph: {
  readonly nodes: ArrayLike<unknown>
  readonly edges: ArrayLike<unknown>
}): readonly Issue[] {
  const issues: Issue[] = []
  if (graph.nodes.length > LIMITS.nodes) {
    const message = `A pipeline may have at most ${LIMITS.nodes} nodes; this one has ${graph.nodes.length}.`
    issues.push(issueOf('too_many_nodes', null, message))
  }
  if (graph.edges.length > LIMITS.edges) {
    const message = `A pipeline may have at most ${counted(LIMITS.edges, 'edge')}; this one has ${graph.edges.length}.`
    issues.push(issueOf('too_many_edges', null, message))
  }
  return issues
}

function repeated<T extends { readonly id: string }>(list: readonly T[]): T[] {
  const seen = new Set<string>()
  return list.filter(({ id }) => seen.size === seen.add(id).size)
}

function danglingEdge(edge: GraphEdge, nodeId: string | null, missing: string): Issue {
  const message = `The edge ${quote(edge.id)} leads from or to the node ${quote(missing)}, which does not exist.`
  const change = { kind: 'remove-edge', edgeId: edge.id } as const
  return issueOf('dangling_edge', nodeId, message, { fix: { label: 'Remove the edge', change } })
}
