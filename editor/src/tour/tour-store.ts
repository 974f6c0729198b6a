import { createStore, type StoreApi } from 'zustand/vanilla'
import { type Message, msg } from '../i18n/t.ts'

/** The steps of the tour, in order; each ends by itself when what it asks for is done. */
export const TOUR_STEPS = [
  {
    id: 'pick',
    title: msg('Pick an example'),
    text: msg(
      'Use a template: it opens as a pipeline of your own, with sample events, and the preview writes nothing.',
    ),
  },
  {
    id: 'see',
    title: msg('See events flow'),
    text: msg(
      'Select a node. Below the canvas stands which events go into it, come out of it, and are dropped, with the reason.',
    ),
  },
  {
    id: 'change',
    title: msg('Change a setting'),
    text: msg(
      'Change a condition or a number in the settings at the right. The preview answers at once; Ctrl Z takes it back.',
    ),
  },
  {
    id: 'publish',
    title: msg('Publish'),
    text: msg(
      'Press Publish…, read what will be created and what happens to state, then press the one button.',
    ),
  },
  {
    id: 'watch',
    title: msg('Watch it run'),
    text: msg('Open Monitor: counts, delays and dead letters of each node, as they are now.'),
  },
] as const satisfies readonly { readonly id: string; readonly title: Message; readonly text: Message }[]

/** Id of a step. */
export type TourStep = (typeof TOUR_STEPS)[number]['id']

/** How far somebody is: `step` counts from 0, and is the number of steps once all are done. */
export interface TourState {
  /** `new`: it was never offered an answer. `left`: not to be shown until it is asked for. */
  readonly status: 'new' | 'running' | 'left'
  readonly step: number
}

/** The tour of this browser. */
export interface TourStore extends StoreApi<TourState> {
  /** Starts it, or goes on where it was left; from the beginning where it was done. */
  start(): void
  /** Not now: it is not offered again. */
  leave(): void
  next(): void
  back(): void
  /** Tells that something was done: where the tour waits for it, it goes on. */
  reached(step: TourStep): void
}

const KEY = 'millrace.tour'
const LAST = TOUR_STEPS.length

/** Makes the tour of a browser that remembers in `storage`. */
export function createTourStore(storage: Pick<Storage, 'getItem' | 'setItem'>): TourStore {
  const store = createStore<TourState>(() => read(storage))
  const set = (next: TourState) => {
    store.setState(next)
    try {
      storage.setItem(KEY, JSON.stringify(next))
    } catch {
      // A browser that keeps nothing offers the tour again; that is all.
    }
  }
  const go = (step: number) => set({ status: 'running', step: Math.min(LAST, Math.max(0, step)) })
  return Object.assign(store, {
    start: () => go(store.getState().step >= LAST ? 0 : store.getState().step),
    leave: () => set({ ...store.getState(), status: 'left' }),
    next: () => go(store.getState().step + 1),
    back: () => go(store.getState().step - 1),
    reached: (step: TourStep) => {
      const now = store.getState()
      if (now.status === 'running' && TOUR_STEPS[now.step]?.id === step) go(now.step + 1)
    },
  })
}

function read(storage: Pick<Storage, 'getItem'>): TourState {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? 'null') as Partial<TourState> | null
    const isStatus = kept?.status === 'new' || kept?.status === 'running' || kept?.status === 'left'
    const isStep = Number.isInteger(kept?.step) && Number(kept?.step) >= 0 && Number(kept?.step) <= LAST
    if (isStatus && isStep) return kept as TourState
  } catch {
    // What cannot be read counts as never offered.
  }
  return { status: 'new', step: 0 }
}

/** The tour of this browser. */
export const tour = createTourStore(globalThis.localStorage)
