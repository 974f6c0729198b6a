import { useEffect } from 'react'
import { useMatch } from 'react-router'
import { onlySelected } from '../workspace/view-store.ts'
import { useWorkspace, type Workspace } from '../workspace/workspace.ts'
import { tour as ownTour, type TourStore } from './tour-store.ts'

/** Tells the tour what is done in the open pipeline. */
export function useTourWatcher(tour: TourStore = ownTour): void {
  const workspace = useWorkspace()
  const monitors = useMatch('/pipelines/:pipelineId/monitor') !== null
  useEffect(() => watchTour(workspace, tour), [workspace, tour])
  useEffect(() => {
    if (monitors) tour.reached('watch')
    // A step that begins while its page is open is done at once.
    return tour.subscribe(() => monitors && tour.reached('watch'))
  }, [monitors, tour])
}

/** Follows an open pipeline until the returned function is called. */
export function watchTour({ document, facts, preview, view }: Workspace, tour: TourStore): () => void {
  tour.reached('pick')
  const sees = () => {
    const { rows } = preview.store.getState()
    if (rows !== null && rows.nodeId === onlySelected(view.getState())) tour.reached('see')
  }
  const stops = [
    preview.store.subscribe(sees),
    document.subscribe(({ graph }, before) => {
      const earlier = new Map(before.graph.nodes.map(({ id, config }) => [id, config]))
      const isChanged = graph.nodes.some(({ id, config }) => earlier.has(id) && earlier.get(id) !== config)
      if (isChanged) tour.reached('change')
    }),
    facts.subscribe(({ live }, before) => {
      if (live !== null && live.version !== before.live?.version) tour.reached('publish')
    }),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
