import { type Row, TIMESTAMP_LIMIT } from '@millrace/expr'

/** A record as it was read from a topic, undecoded. Byte arrays may be views into a larger buffer. */
export interface RawRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** The broker's or producer's timestamp, epoch ms. */
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
}

/** Where a record came from. The bytes are there until the first cut; behind it only the coordinates are known. */
export interface Origin {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly key?: Uint8Array | null
  readonly value?: Uint8Array | null
}

/** A row on its way through the operators. */
export interface StreamRecord {
  readonly row: Row
  /** Event time, epoch ms; may be negative. */
  readonly time: number
  /** Timestamp of the source record (the newest one, where several were combined); a timer's rows carry their event time. */
  readonly sourceTime: number
  /** Null for rows that were made of several records. */
  readonly origin: Origin | null
  /** In updating streams only; absent: the row is new. */
  readonly kind?: ChangeKind
  /** Of an update, where the stream tells it: the row that it replaces. */
  readonly before?: Row
}

/**
 * What a record of an updating stream does to the row of its key: `update` replaces it; `delete` takes it back, and its
 * row says what it was (no more than the key counts where the stream does not tell what rows were before).
 */
export type ChangeKind = 'update' | 'delete'

/** The same record with another row; of an update, what was before is no longer told. */
export function withRow(record: StreamRecord, row: Row): StreamRecord {
  const { time, sourceTime, origin, kind } = record
  return kind === undefined ? { row, time, sourceTime, origin } : { row, time, sourceTime, origin, kind }
}

/** The record as a new row: an update of which the row before is not known here, or is gone already. */
export function asNewRow({ row, time, sourceTime, origin }: StreamRecord): StreamRecord {
  return { row, time, sourceTime, origin }
}

/** The record as an update of `before`. */
export function asUpdate({ row, time, sourceTime, origin }: StreamRecord, before?: Row): StreamRecord {
  return before === undefined
    ? { row, time, sourceTime, origin, kind: 'update' }
    : { row, time, sourceTime, origin, kind: 'update', before }
}

/** The record as the deletion of a row. */
export function asDeletion({ time, sourceTime, origin }: StreamRecord, row: Row): StreamRecord {
  return { row, time, sourceTime, origin, kind: 'delete' }
}

/** A record or row that could not be handled, with why and where. It goes to the dead-letter topic. */
export interface DeadLetter {
  readonly nodeId: string
  /** Machine-readable reason, e.g. `not_json`, `int64_overflow`. */
  readonly code: string
  readonly message: string
  readonly origin: Origin | null
  /** The row as JSON where the original bytes are not at hand (behind a cut). */
  readonly rowJson: string | null
}

/** The watermark before any record: nothing is known to be complete. */
export const NO_WATERMARK = Number.NEGATIVE_INFINITY

/** The watermark before any time that an event can have. */
export const EARLIEST_WATERMARK = -TIMESTAMP_LIMIT - 1

/** The watermark after the last record of a bounded input: everything is complete. */
export const END_OF_INPUT = Number.MAX_SAFE_INTEGER
