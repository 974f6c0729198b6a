import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '@elastic/elasticsearch'

/** No search begins sooner than this after the one before, so that looking does not become the load. */
const LEAST_GAP_MS = 20

/**
 * Looks for documents by id, one search after the other, until each was found. What is measured is too long by at most
 * the time between two searches; `gaps` tells how long that was.
 */
export class SearchWatch {
  readonly #client: Client
  readonly #alias: string
  readonly #awaited = new Map<string, number>()
  #searching: Promise<void> | null = null
  #failure: unknown = null
  #stopped = false
  /** By document: ms from the moment given to `expect` to the answer of the first search that found it. */
  readonly delays = new Map<string, number>()
  /** From the end of one search to the end of the next, ms. */
  readonly gaps: number[] = []

  constructor(address: string, alias: string) {
    this.#client = new Client({ node: address })
    this.#alias = alias
  }

  /** Documents that no search has found yet; throws where a search failed. */
  get missing(): number {
    if (this.#failure !== null) throw this.#failure
    return this.#awaited.size
  }

  /** Looks for a document from now on; `since` is epoch ms. */
  expect(id: string, since: number): void {
    this.#awaited.set(id, since)
  }

  /** Begins to look. */
  start(): void {
    this.#searching = this.#search().catch((error: unknown) => {
      this.#failure = error
    })
  }

  /** Stops looking. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#searching
    await this.#client.close()
  }

  async #search(): Promise<void> {
    for (let before = performance.now(); !this.#stopped; ) {
      for (const id of await this.#found([...this.#awaited.keys()])) this.#note(id, Date.now())
      await sleep(before + LEAST_GAP_MS - performance.now())
      const now = performance.now()
      this.gaps.push(now - before)
      before = now
    }
  }

  async #found(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return []
    const request = {
      index: this.#alias,
      ignore_unavailable: true,
      query: { ids: { values: [...ids] } },
      size: ids.length,
      _source: false,
    }
    // While a new index is being placed Elasticsearch answers 503: nothing is found then.
    const { hits } = await this.#client.search(request, { ignore: [503], maxRetries: 0 })
    return hits?.hits.flatMap(({ _id }) => _id ?? []) ?? []
  }

  #note(id: string, now: number): void {
    const since = this.#awaited.get(id)
    if (since === undefined) return
    this.#awaited.delete(id)
    this.delays.set(id, now - since)
  }
}
