import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { BuildActions } from './build-actions.ts'
import type { ConnectState, ConnectStore } from './connect-store.ts'
import type { LightsStore } from './lights-store.ts'
import type { Lights } from './neighbours.ts'
import type { PartActions } from './part-actions.ts'

/** What the parts of the Build page share. */
export interface Build {
  readonly actions: BuildActions
  readonly connecting: ConnectStore
  readonly lights: LightsStore
  readonly parts: PartActions
}

/** The Build page around. */
export const BuildContext = createContext<Build | null>(null)

/** What the parts of the Build page share; only within that page. */
export function useBuild(): Build {
  const build = useContext(BuildContext)
  if (build === null) throw new Error('outside the Build page')
  return build
}

/** Reads from the connection that is being drawn. */
export function useConnecting<T>(select: (state: ConnectState) => T): T {
  return useStore(useBuild().connecting, select)
}

/** Reads from what lights up with the selection. */
export function useLights<T>(select: (lights: Lights) => T): T {
  return useStore(useBuild().lights, select)
}
