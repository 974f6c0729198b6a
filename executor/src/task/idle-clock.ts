import type { InputCursor } from './input-cursor.ts'

/**
 * Tells when a partition has been silent for its idle timeout. The clock runs only between two looks at which
 * everything that exists had been read: not while the partition is paused, out of reach or behind (semantics rule 2).
 */
export class IdleClock {
  readonly #timeout: number
  #silent = 0
  #lastLook: number | null = null

  constructor(timeoutMs: number | null) {
    this.#timeout = timeoutMs ?? Number.POSITIVE_INFINITY
  }

  /** Takes a look after a successful fetch; true once the partition counts as idle. `now` is monotonic, ms. */
  look(cursor: InputCursor, gotRecords: boolean, now: number): boolean {
    if (gotRecords) this.#silent = 0
    const quiet = !gotRecords && cursor.paused === null && cursor.atEnd
    if (quiet && this.#lastLook !== null) this.#silent += now - this.#lastLook
    this.#lastLook = quiet ? now : null
    return quiet && this.#silent >= this.#timeout
  }

  /** Stands still: the partition could not be read. */
  stop(): void {
    this.#lastLook = null
  }
}
