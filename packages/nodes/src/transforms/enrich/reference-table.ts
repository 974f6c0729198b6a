import type { RawRecord } from '@millrace/engine'
import type { Field, Value } from '@millrace/expr'
import { ReferenceReader } from './reference-record.ts'

/** Rows that a task holds in memory at most. */
export const REFERENCE_LIMIT = 200_000

/** A reference topic with more rows than a task may hold: the pipeline cannot go on. */
export class ReferenceTooLargeError extends Error {
  readonly code = 'reference_too_large'
  readonly domain = 'user'
  readonly retry = 'never'

  constructor(topic: string) {
    super(
      `The reference topic "${topic}" has more than ${REFERENCE_LIMIT.toLocaleString('en-US')} rows, which is what a task may hold in memory.`,
    )
    this.name = 'ReferenceTooLargeError'
  }
}

/** What a table is made with. */
export interface ReferenceTableOptions {
  readonly topic: string
  readonly fields: readonly Field[]
  /** The field whose text is the record key. */
  readonly keyField: string
  /** The fields to keep of each row. */
  readonly keep: readonly string[]
}

/** The newest row of each key of a reference topic. */
export class ReferenceTable {
  readonly #topic: string
  readonly #reader: ReferenceReader
  readonly #kept: readonly number[]
  readonly #rows = new Map<string, readonly Value[]>()

  constructor({ topic, fields, keyField, keep }: ReferenceTableOptions) {
    this.#topic = topic
    this.#reader = new ReferenceReader(fields, keyField)
    this.#kept = keep.map((name) => fields.findIndex((field) => field.name === name))
  }

  /** The kept values of a row; undefined where there is none. */
  get(key: string): readonly Value[] | undefined {
    return this.#rows.get(key)
  }

  /**
   * Takes a record: a row, or a tombstone that removes one.
   *
   * @throws RecordError or DecodeError where it is neither; the row of its key stays as it was
   * @throws ReferenceTooLargeError
   */
  accept(record: RawRecord): void {
    const { key, row } = this.#reader.read(record)
    if (row === null) {
      this.#rows.delete(key)
      return
    }
    if (this.#rows.size >= REFERENCE_LIMIT && !this.#rows.has(key))
      throw new ReferenceTooLargeError(this.#topic)
    this.#rows.set(
      key,
      this.#kept.map((position) => row[position] as Value),
    )
  }
}
