import { type CheckedNode, checkNode } from './check-node.ts'
import { checkPorts } from './check-ports.ts'
import type { Catalogue } from './definition.ts'
import { type GraphIndex, indexGraph } from './graph-index.ts'
import { inferInOrder } from './infer-schemas.ts'
import type { Issue } from './issue.ts'
import { type GraphIssueCode, issueOf } from './issue-codes.ts'
import { isLongerThan, LIMITS } from './limits.ts'
import type { PipelineGraph } from './model.ts'
import { checkSize, checkStructure } from './structure.ts'
import { findCycle, topologicalOrder } from './topology.ts'
import { inCircle } from './words.ts'

/**
 * Everything that can be told wrong about a pipeline without asking the world: first by node, in document order, then
 * what concerns the pipeline as a whole. The same graph and catalogue always give the same list. Takes time linear in
 * nodes and edges. A graph without errors may be published.
 */
export function validate(graph: PipelineGraph, catalogue: Catalogue): readonly Issue[] {
  const tooLarge = checkSize(graph)
  if (tooLarge.length > 0) return tooLarge
  const index = indexGraph(graph)
  const checked = new Map([...index.nodes.values()].map((node) => [node.id, checkNode(node, catalogue)]))
  const { order } = topologicalOrder(index)
  const issues = [
    ...checkStructure(graph),
    ...[...checked.values()].flatMap((node) => node.issues),
    ...[...index.nodes.values()].flatMap((node) => checkPorts(node, checked, index)),
    ...inferInOrder(index, order, (node) => usable(checked.get(node.id))).issues,
    ...checkCycle(index),
    ...checkWhole(graph, [...checked.values()]),
  ]
  return sortByNode(issues, index)
}

function usable(checked: CheckedNode | undefined) {
  return checked?.isUsable ? checked.definition : undefined
}

function checkCycle(index: GraphIndex): readonly Issue[] {
  const cycle = findCycle(index)
  if (cycle === null) return []
  const nodes = cycle.flatMap((nodeId) => index.nodes.get(nodeId) ?? [])
  const message = `Events would run in a circle: ${inCircle(nodes)}. Remove one of these connections.`
  return [issueOf('cycle', cycle[0] ?? null, message)]
}

function checkWhole(graph: PipelineGraph, nodes: readonly CheckedNode[]): readonly Issue[] {
  const found: [boolean, GraphIssueCode, string][] = [
    [lacks('source', nodes), 'no_source', 'There is nothing to run: add a source, so that events flow in.'],
    [lacks('sink', nodes), 'no_sink', 'There is nothing to run for: add a sink that takes what comes out.'],
    [
      graph.nodes.length > LIMITS.comfortableNodes,
      'many_nodes',
      `${graph.nodes.length} nodes are hard to read and slow to edit: split the pipeline, with a topic in between.`,
    ],
    [
      isLongerThan(graph.name, LIMITS.name),
      'text_too_long',
      `The name of the pipeline may have at most ${LIMITS.name} characters.`,
    ],
  ]
  return found.flatMap(([isWrong, code, message]) => (isWrong ? [issueOf(code, null, message)] : []))
}

/** A node of an unknown type may be what seems to be missing, and is an error of its own. */
function lacks(kind: 'source' | 'sink', nodes: readonly CheckedNode[]): boolean {
  return nodes.every(({ definition }) => definition !== undefined && definition.kind !== kind)
}

function sortByNode(issues: readonly Issue[], index: GraphIndex): readonly Issue[] {
  const ranks = new Map([...index.nodes.keys()].map((nodeId, rank) => [nodeId, rank]))
  const rankOf = ({ nodeId }: Issue) => (nodeId === null ? undefined : ranks.get(nodeId)) ?? ranks.size
  return issues.toSorted((a, b) => rankOf(a) - rankOf(b))
}
