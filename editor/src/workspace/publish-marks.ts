import { diffGraphs, type PipelineGraph } from '@millrace/graph'

/** How far a node's last edit has come: only in this page, saved in the draft, or live. */
export type PublishMark = 'unsaved' | 'saved' | 'live'

/**
 * The mark of every node. A node counts as changed where it or one of the edges into it differs; where it stands on the
 * canvas does not matter. Without a live version everything that is saved is not published.
 */
export function publishMarks(
  graph: PipelineGraph,
  saved: PipelineGraph,
  live: PipelineGraph | null,
): ReadonlyMap<string, PublishMark> {
  const unsaved = changedNodes(saved, graph)
  const unpublished = live && changedNodes(live, graph)
  return new Map(
    graph.nodes.map(({ id }) => {
      if (unsaved.has(id)) return [id, 'unsaved']
      return [id, unpublished === null || unpublished.has(id) ? 'saved' : 'live']
    }),
  )
}

function changedNodes(before: PipelineGraph, after: PipelineGraph): ReadonlySet<string> {
  if (before === after) return new Set()
  const { added, changed, edgesAdded, edgesRemoved } = diffGraphs(before, after)
  return new Set([
    ...added,
    ...changed.map(({ nodeId }) => nodeId),
    ...[...edgesAdded, ...edgesRemoved].map(({ to }) => to.node),
  ])
}
