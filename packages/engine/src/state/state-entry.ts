import type { Row } from '@millrace/expr'
import type { OrderedRows } from './ordered-rows.ts'

/** A row in memory, or the knowledge that there is none. */
export interface StateEntry {
  /** See `rowName`. */
  readonly name: string
  /** Undefined: there is no such row. */
  row: Row | undefined
  timer: number | undefined
  /** The rows of its key among which it stands, where those are kept in order. */
  ordered: OrderedRows<StateEntry> | null
  /** Changed since the last commit. */
  dirty: boolean
  /** The last call of `takeChanges` that told of the row; 0: none of this life. */
  commit: number
  /** Asked for or changed since eviction last came by. */
  used: boolean
  /** About what it takes in memory; a row that changed counts once it is encoded. */
  bytes: number
  /** No longer in memory: what is known of the row stands elsewhere. */
  isGone: boolean
}

/** What a row takes beside its name and values: map entry, objects, arrays. */
const ENTRY_BYTES = 200
/** Values in memory against their encoding, about. */
const VALUE_FACTOR = 3

/** About what a row with so many encoded bytes takes in memory. */
export function bytesInMemory(name: string, encoded: number): number {
  return ENTRY_BYTES + name.length + VALUE_FACTOR * encoded
}

/** A row of which nothing is known yet. */
export function newEntry(name: string): StateEntry {
  return {
    ...{
      name,
      row: undefined,
      timer: undefined,
      ordered: null,
      dirty: false,
      commit: 0,
      used: true,
      bytes: 0,
    },
    isGone: false,
  }
}
