import { vi } from 'vitest'

/** Gives jsdom workers, which it lacks: they never answer. `vi.unstubAllGlobals` takes them away. */
export function stubSilentWorkers(): void {
  vi.stubGlobal(
    'Worker',
    class {
      postMessage() {}
      terminate() {}
    },
  )
}
