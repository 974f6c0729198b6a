import { type GraphNode, indexGraph, type PipelineGraph, successors } from '@millrace/graph'

/** A line of the outline. */
export interface OutlineRow {
  readonly node: GraphNode
  /** From 1; deeper by one behind every fork. */
  readonly level: number
  /** True where lines of the next level belong to it. */
  readonly isFork: boolean
  /** The labels of the nodes that it feeds and that stand elsewhere, because something else feeds them too. */
  readonly joins: readonly string[]
}

/**
 * The pipeline as a tree to be read from top to bottom: from each source along the connections. What follows a node
 * stands below it on the same level; where the stream forks, each branch is a level deeper. A node with several inputs
 * stands where the stream first comes to it.
 */
export function outlineOf(graph: PipelineGraph): readonly OutlineRow[] {
  const index = indexGraph(graph)
  const placed = new Set<string>()
  const rows: OutlineRow[] = []
  const sources = graph.nodes.filter(({ id }) => (index.incoming.get(id) ?? []).length === 0)
  // What stands on a circle has no source: it comes last.
  for (const start of [...sources, ...graph.nodes]) {
    const open = [{ id: start.id, level: 1 }]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const node = index.nodes.get(next.id)
      if (node === undefined || placed.has(next.id)) continue
      placed.add(next.id)
      const fed = [...new Set(successors(index, next.id))]
      const own = fed.filter((id) => !placed.has(id) && !open.some((waiting) => waiting.id === id))
      const level = fed.length > 1 ? next.level + 1 : next.level
      rows.push({
        node,
        level: next.level,
        isFork: fed.length > 1 && own.length > 0,
        joins: fed.filter((id) => !own.includes(id)).map((id) => index.nodes.get(id)?.label ?? id),
      })
      open.push(...own.toReversed().map((id) => ({ id, level })))
    }
  }
  return rows
}

/** The lines that are seen while some forks are closed. */
export function openRows(rows: readonly OutlineRow[], closed: ReadonlySet<string>): readonly OutlineRow[] {
  let hiddenBelow = Number.POSITIVE_INFINITY
  return rows.filter(({ node, level, isFork }) => {
    if (level > hiddenBelow) return false
    hiddenBelow = isFork && closed.has(node.id) ? level : Number.POSITIVE_INFINITY
    return true
  })
}

/** The lines whose label holds all that was typed, as a plain list. */
export function foundRows(rows: readonly OutlineRow[], text: string): readonly OutlineRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return rows
    .filter(({ node }) => words.every((word) => `${node.label} ${node.id}`.toLowerCase().includes(word)))
    .map((row) => ({ ...row, level: 1, isFork: false }))
}

/** The fork that a line belongs to; null on the first level. */
export function parentOf(rows: readonly OutlineRow[], at: number): OutlineRow | null {
  const level = rows[at]?.level ?? 1
  return rows.slice(0, at).findLast((row) => row.level < level) ?? null
}
