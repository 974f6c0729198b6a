import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Workspace } from '../workspace/workspace.ts'
import { type Lights, lightsOf, NO_LIGHTS } from './neighbours.ts'

/** What lights up with the selection, for cards and edges to look up themselves. */
export type LightsStore = StoreApi<Lights>

/** Makes the store; nothing is lit before it follows a workspace. */
export function createLightsStore(): LightsStore {
  return createStore<Lights>(() => NO_LIGHTS)
}

/** Keeps the lights as selection and connections are; ends with the returned function. */
export function followSelection(lights: LightsStore, { document, view }: Workspace): () => void {
  const refresh = () => lights.setState(lightsOf(document.getState().graph, view.getState().nodes), true)
  refresh()
  const stops = [
    view.subscribe((state, before) => {
      if (state.nodes !== before.nodes) refresh()
    }),
    document.subscribe(({ graph }, before) => {
      if (graph.edges !== before.graph.edges) refresh()
    }),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
