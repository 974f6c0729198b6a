import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { inSlices, type Readable } from './in-slices.ts'
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

/** Reads from the newest moment; undefined before the first. Of many readers some hear of it a few frames later. */
export function useMoment<T>(select: (moment: Moment) => T): T | undefined {
  return useStore(slicedOf(useLiveStore()), ({ now }) => (now === null ? undefined : select(now)))
}

const sliced = new WeakMap<LiveStore, Readable<LiveState>>()

/** One for all readers: they share its frames. */
function slicedOf(store: LiveStore): Readable<LiveState> {
  const known = sliced.get(store) ?? inSlices(store)
  sliced.set(store, known)
  return known
}
