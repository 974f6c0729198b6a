import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { BuildActions } from './build-actions.ts'
import type { ConnectState, ConnectStore } from './connect-store.ts'

/** What the parts of the Build page share. */
export interface Build {
  readonly actions: BuildActions
  readonly connecting: ConnectStore
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
