import type { Row } from '@millrace/expr'
import type { RowCodec } from '../codec/row-codec.ts'
import type { DueTimer } from '../operator.ts'
import type { OutsideState } from './outside-rows.ts'

/** The most bytes that a row may take as it stands in the changelog. */
export const MAX_ROW_BYTES = 1_000_000

/** A timer that is due, with its row. */
export interface DueRowTimer extends DueTimer {
  /** See `rowName`. */
  readonly name: string
}

/** A row that takes too many bytes to be kept. */
export interface RefusedRow {
  readonly key: string
  readonly row: Row
  readonly bytes: number
}

/** What a node's state is made with. */
export interface NodeStateOptions {
  readonly nodeId: string
  readonly birth: number
  readonly codec: RowCodec
  /** Null: rows and timers have no place outside memory. */
  readonly outside: OutsideState | null
  /** Every row and timer that exists is in memory, to begin with; true where they have no other place. */
  readonly complete: boolean
  /** Rows of a key can be read by range. */
  readonly openSubKeys: boolean
  /** Told at a commit of a row of more than `MAX_ROW_BYTES`: it goes. */
  refuse?(refused: RefusedRow): void
}
