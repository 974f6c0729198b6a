import { intersects, type Lineage, type NodePreview, type Preview, type PreviewRow } from '@millrace/engine'

/** What became of the events that are followed in one node. */
export interface PathStep {
  readonly nodeId: string
  /** By input port index: the rows that came in; a few of them. */
  readonly in: readonly (readonly PreviewRow[])[]
  /** By output port index. */
  readonly out: readonly (readonly PreviewRow[])[]
  /** Of all, not only of those listed. */
  readonly counts: { readonly in: number; readonly out: number }
  /** Why rows went no further, the reasons without repeats. */
  readonly dropped: readonly string[]
  readonly late: boolean
}

/** Rows listed of each port. */
const LISTED = 20

/**
 * Where events of the sample went: the nodes that a row reached in which one of them had a part, in the order of the
 * result. Rows beyond those that a preview keeps are not found.
 */
export function followEvents(preview: Preview, events: Lineage): readonly PathStep[] {
  return [...preview].flatMap(([nodeId, node]) => {
    const step = stepOf(nodeId, node, events)
    const isReached = step.counts.in + step.counts.out > 0 || step.dropped.length > 0 || step.late
    return isReached ? [step] : []
  })
}

function stepOf(nodeId: string, node: NodePreview, events: Lineage): PathStep {
  const isFollowed = (row: PreviewRow) => intersects(row.events, events)
  const [into, out] = [node.in, node.out].map((ports) => ports.map((rows) => rows.filter(isFollowed)))
  return {
    nodeId,
    in: (into ?? []).map((rows) => rows.slice(0, LISTED)),
    out: (out ?? []).map((rows) => rows.slice(0, LISTED)),
    counts: { in: countOf(into ?? []), out: countOf(out ?? []) },
    dropped: [...new Set(node.dropped.filter(isFollowed).map(({ cause }) => cause))],
    late: node.late.some(isFollowed),
  }
}

function countOf(ports: readonly (readonly unknown[])[]): number {
  return ports.reduce((sum, rows) => sum + rows.length, 0)
}
