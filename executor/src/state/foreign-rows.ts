/** Keys that are kept at once: they are deleted 10,000 a commit. */
const MAX_KEYS = 100_000

/**
 * Keys of rows of earlier births that are still in the changelog: they count no more, and are deleted for good a few with
 * each commit. There may be more than memory should hold: it then says from where the changelog must be read again.
 */
export class ForeignRows {
  readonly #most: number
  readonly #keys = new Set<string>()
  #unreadFrom: number | null = null

  constructor(most = MAX_KEYS) {
    this.#most = most
  }

  /** Changelog offset from which on rows are missing here, once those that are here were taken; else null. */
  get unreadFrom(): number | null {
    return this.#keys.size === 0 ? this.#unreadFrom : null
  }

  /** The changelog is read from its beginning, or from where rows were missing. */
  begin(): void {
    this.#keys.clear()
    this.#unreadFrom = null
  }

  /** The changelog could not be read on from here. */
  readAgain(from: number): void {
    this.#unreadFrom = from
  }

  /** Notes a row of an earlier birth, or its deletion. */
  note(offset: number, key: string, isDeletion: boolean): void {
    if (isDeletion) this.#keys.delete(key)
    else if (this.#keys.size < this.#most || this.#keys.has(key)) this.#keys.add(key)
    else this.#unreadFrom ??= offset
  }

  /** Takes up to `limit` keys. */
  take(limit: number): string[] {
    const keys: string[] = []
    for (const key of this.#keys) {
      if (keys.length === limit) break
      keys.push(key)
      this.#keys.delete(key)
    }
    return keys
  }
}
