import type { CanvasParts, NodeGroup, PipelineGraph } from './model.ts'

const NO_PARTS: CanvasParts = { notes: [], groups: [] }

/** The notes and groups of a document; empty lists where there are none. */
export function partsOf(graph: PipelineGraph): CanvasParts {
  return graph.canvas ?? NO_PARTS
}

/** The document with these notes and groups: without the member where there are none, so that there is one way to say it. */
export function withParts(graph: PipelineGraph, parts: CanvasParts): PipelineGraph {
  const { canvas: _before, ...rest } = graph
  return parts.notes.length + parts.groups.length === 0 ? rest : { ...rest, canvas: parts }
}

/** The group that a node is in, if it is in one. */
export function groupOf(graph: PipelineGraph, nodeId: string): NodeGroup | undefined {
  return partsOf(graph).groups.find(({ nodes }) => nodes.includes(nodeId))
}

/**
 * Groups without members that do not exist or are in a group before it already, and without those that are empty then:
 * like positions of nodes that are gone, they mean nothing.
 */
export function soundGroups(
  groups: readonly NodeGroup[],
  nodeIds: ReadonlySet<string>,
): readonly NodeGroup[] {
  const grouped = new Set<string>()
  return groups
    .map((group) => {
      const nodes = group.nodes.filter((id) => nodeIds.has(id) && grouped.size < grouped.add(id).size)
      return nodes.length === group.nodes.length ? group : { ...group, nodes }
    })
    .filter(({ nodes }) => nodes.length > 0)
}
