import type { BigStateTruth } from './big-state-events.ts'

/** What is told of single mistakes. */
const MISTAKES_SHOWN = 10

interface WindowRow {
  readonly user: string
  readonly events: number
  readonly total: number
}

interface FirstRow {
  readonly user: string
  readonly n: number
}

/** Compares rows with the truth as they come: every one once, and right. */
export class BigStateCheck {
  readonly mistakes: string[] = []
  readonly #truth: BigStateTruth
  readonly #seenWindows: Uint8Array
  readonly #seenFirsts: Uint8Array
  #windows = 0
  #firsts = 0
  #wrong = 0

  constructor(truth: BigStateTruth) {
    this.#truth = truth
    this.#seenWindows = new Uint8Array(truth.first.length)
    this.#seenFirsts = new Uint8Array(truth.first.length)
  }

  /** Rows of windows so far. */
  get windows(): number {
    return this.#windows
  }

  /** First events so far. */
  get firsts(): number {
    return this.#firsts
  }

  /** Rows that are wrong, or there twice. */
  get wrong(): number {
    return this.#wrong
  }

  takeWindow(value: string | null): void {
    const { user, events, total } = JSON.parse(value ?? '') as WindowRow
    const key = keyOf(user)
    if (key === null) return
    this.#windows++
    const isRight = events === this.#truth.count[key] && total === this.#truth.total[key]
    this.#note(this.#seenWindows, key, isRight, `window ${value}`)
  }

  takeFirst(value: string | null): void {
    const { user, n } = JSON.parse(value ?? '') as FirstRow
    const key = keyOf(user)
    if (key === null) return
    this.#firsts++
    this.#note(this.#seenFirsts, key, n === this.#truth.first[key], `first ${value}`)
  }

  #note(seen: Uint8Array, key: number, isRight: boolean, text: string): void {
    if (isRight && seen[key] === 0) {
      seen[key] = 1
      return
    }
    this.#wrong++
    if (this.mistakes.length < MISTAKES_SHOWN)
      this.mistakes.push(seen[key] ? `twice: ${text}` : `wrong: ${text}`)
  }
}

/** The name of a key in events. */
export function userName(key: number): string {
  return `u${key}`
}

/** Null for the events that only move the time. */
function keyOf(user: string): number | null {
  return user.startsWith('u') ? Number(user.slice(1)) : null
}
