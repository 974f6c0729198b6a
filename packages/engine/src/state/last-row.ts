import type { OrderedRows } from './ordered-rows.ts'
import type { StateEntry } from './state-entry.ts'
import { rowPrefix } from './state-key.ts'

/**
 * The row that was asked for last, and what was found. A record asks for a row several times, and for several of its
 * key: texts are made, hashed and looked up once.
 */
export class LastRow {
  #key = ''
  #subKey = ''
  prefix = rowPrefix('')
  name = this.prefix
  /** Undefined: there is none in memory; null: to be looked up. */
  entry: StateEntry | undefined | null = null
  /** The rows of its key, in order; as above. */
  ordered: OrderedRows<StateEntry> | undefined | null = null

  /** The name of a row; see `rowName`. */
  nameOf(key: string, subKey: string): string {
    const prefix = this.prefixOf(key)
    if (subKey !== this.#subKey) {
      this.#subKey = subKey
      this.name = prefix + subKey
      this.entry = null
    }
    return this.name
  }

  /** The prefix of a key; see `rowPrefix`. */
  prefixOf(key: string): string {
    if (key !== this.#key) this.#take(key, '', rowPrefix(key))
    return this.prefix
  }

  /** Takes a row that was found by other means. */
  set(key: string, subKey: string, name: string, entry: StateEntry): void {
    if (key !== this.#key || subKey !== this.#subKey) this.#take(key, subKey, name)
    this.entry = entry
    this.ordered = entry.ordered ?? this.ordered
  }

  #take(key: string, subKey: string, name: string): void {
    this.#key = key
    this.#subKey = subKey
    this.name = name
    this.prefix = name.slice(0, name.length - subKey.length)
    this.entry = null
    this.ordered = null
  }
}
