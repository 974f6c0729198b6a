import type { Span } from './ordered-rows.ts'

/** Rows outside memory that are needed. */
export interface RowRequest {
  /** Full state keys of single rows. */
  readonly keys: readonly string[]
  readonly ranges: readonly StateKeyRange[]
}

/** State keys that begin with `prefix`, from `prefix + from` on and below `prefix + to`; null: up to the last. */
export interface StateKeyRange extends Span {
  readonly prefix: string
}

/** What was asked for, in the same order. */
export interface RowReply {
  /** Null where there is no such row. */
  readonly values: readonly (Uint8Array | null)[]
  /** The rows of each range, in any order. */
  readonly ranges: readonly (readonly StoredRow[])[]
}

/** A row as it stands outside memory. */
export interface StoredRow {
  readonly stateKey: string
  readonly value: Uint8Array
}

/** Fetches rows that are not in memory. */
export type FetchRows = (request: RowRequest) => Promise<RowReply>

/** Asks for rows of a key, see `NodeState.fetch`. */
export interface KeyRange extends Span {
  readonly key: string
}

/** A row that changed since the last commit; a null value is a deletion. */
export interface StateChange {
  readonly stateKey: string
  readonly value: Uint8Array | null
  readonly timer: number | undefined
}
