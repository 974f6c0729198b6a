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

/** A timer as it stands outside memory, with the state key of its row. */
export interface StoredTimer {
  readonly time: number
  readonly stateKey: string
}

/** Timers outside memory that are needed. */
export interface TimerRequest {
  readonly nodeId: string
  /** From this one on, whether it is still there or not; null: from the first on. */
  readonly from: StoredTimer | null
}

/** The next timers, by time, then by the UTF-8 bytes of their state keys. */
export interface TimerPage {
  readonly timers: readonly StoredTimer[]
  /** The first one that is not among them; null: there is none. At least one timer is given where there is one behind. */
  readonly next: StoredTimer | null
}

/** Fetches timers that are not in memory, as many as are worth one answer. */
export type FetchTimers = (request: TimerRequest) => Promise<TimerPage>

/** Where rows and timers stand that are not in memory. */
export interface OutsideState {
  readonly rows: FetchRows
  readonly timers: FetchTimers
}

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
