import type { GraphEdge, JsonValue, PipelineGraph } from './model.ts'

/**
 * The document as text that reads well in a line diff: members sorted by name (UTF-16 order), two-space indent, the
 * notes, groups, layout and tests apart at the end, one line feed at the end. The same document gives the same text,
 * whatever the order in which its members were made. `parseGraph(JSON.parse(text))` gives the document back.
 */
export function serializeGraph(graph: PipelineGraph): string {
  const { layout, canvas, tests, ...content } = graph
  const drawing = { ...(canvas && { canvas: sortMembers(canvas) }), layout: sortMembers(layout) }
  const apart = { ...drawing, ...(tests && { tests: sortMembers(tests) }) }
  return `${JSON.stringify({ ...sortMembers(content), ...apart }, null, 2)}\n`
}

/**
 * Canonical text of what a pipeline means, for checksums and to tell whether something is unpublished: without
 * layout, notes, groups and tests, and equal for two documents that differ only in the order of their nodes or edges or in the ids of edges.
 */
export function contentText(graph: PipelineGraph): string {
  const nodes = graph.nodes.toSorted((a, b) => compare(a.id, b.id))
  const edges = graph.edges.map(edgeKey).sort(compare)
  return JSON.stringify(sortMembers({ format: graph.format, name: graph.name, nodes, edges }))
}

/** What an edge means: its two ends, as one text. Two edges with the same ends have the same key. */
export function edgeKey({ from, to }: GraphEdge): string {
  return JSON.stringify([from.node, from.port, to.node, to.port])
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function sortMembers(value: object): object {
  return sorted(value as JsonValue) as object
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).sort(([a], [b]) => compare(a, b))
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]))
}
