/** The part of a store that readers need. */
export interface Readable<State> {
  getState(): State
  getInitialState(): State
  subscribe(listener: (state: State, before: State) => void): () => void
}

/** Readers that are told at once: so many are drawn within a frame. */
export const SLICE = 150

/**
 * The same store, whose readers hear of a change in slices, one a frame: where hundreds of cards show figures, drawing
 * them all at once would hold up the pointer. Each hears of it once at the latest before long, also of the newest state
 * only; while the page is hidden it is put off.
 */
export function inSlices<State>(
  store: Readable<State>,
  nextFrame: (work: () => void) => unknown = requestAnimationFrame,
): Readable<State> {
  const listeners = new Set<(state: State, before: State) => void>()
  const waiting = new Set<(state: State, before: State) => void>()
  let isScheduled = false
  let stop: (() => void) | null = null

  const tell = () => {
    isScheduled = false
    const state = store.getState()
    let told = 0
    for (const listener of waiting) {
      waiting.delete(listener)
      listener(state, state)
      told++
      if (told === SLICE) break
    }
    schedule()
  }
  const schedule = () => {
    if (isScheduled || waiting.size === 0) return
    isScheduled = true
    nextFrame(tell)
  }
  const onChange = () => {
    for (const listener of listeners) waiting.add(listener)
    // The first slice need not wait.
    if (!isScheduled) tell()
  }
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe(listener) {
      listeners.add(listener)
      stop ??= store.subscribe(onChange)
      return () => {
        listeners.delete(listener)
        waiting.delete(listener)
        if (listeners.size > 0) return
        stop?.()
        stop = null
      }
    },
  }
}
