import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { LiveState, LiveStore, Moment } from './live-store.ts'

/** The metrics of the page around. */
export const LiveContext = createContext<LiveStore | null>(null)

/** The metrics of the page around; only within the Monitor page. */
export function useLiveStore(): LiveStore {
  const store = useContext(LiveContext)
  if (store === null) throw new Error('outside the Monitor page')
  return store
}

/** Reads from the metrics. */
export function useLive<T>(select: (state: LiveState) => T): T {
  return useStore(useLiveStore(), select)
}

/** Reads from the newest moment; undefined before the first. */
export function useMoment<T>(select: (moment: Moment) => T): T | undefined {
  return useLive(({ now }) => (now === null ? undefined : select(now)))
}
