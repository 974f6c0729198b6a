import { type RawRecord, RecordError } from '@millrace/engine'
import { type DecodeRecord, decodeJson, type Field, type Value } from '@millrace/expr'

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
  readonly #decode: DecodeRecord
  readonly #keyPosition: number
  readonly #kept: readonly number[]
  readonly #rows = new Map<string, readonly Value[]>()
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

  constructor({ topic, fields, keyField, keep }: ReferenceTableOptions) {
    const positionOf = (name: string) => fields.findIndex((field) => field.name === name)
    this.#topic = topic
    this.#decode = decodeJson(fields)
    this.#keyPosition = positionOf(keyField)
    this.#kept = keep.map(positionOf)
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
  accept({ key, value }: RawRecord): void {
    const name = this.#nameOf(key)
    if (value === null) {
      this.#rows.delete(name)
      return
    }
    const row = this.#decode(value)
    if (lookupText(row[this.#keyPosition] as Value) !== name) {
      throw new RecordError('key_mismatch', 'The key of the record is not the text of its key field.')
    }
    if (this.#rows.size >= REFERENCE_LIMIT && !this.#rows.has(name))
      throw new ReferenceTooLargeError(this.#topic)
    this.#rows.set(
      name,
      this.#kept.map((position) => row[position] as Value),
    )
  }

  #nameOf(key: Uint8Array | null): string {
    if (key === null) throw new RecordError('no_key', 'The record has no key.')
    try {
      return this.#utf8.decode(key)
    } catch {
      throw new RecordError('key_mismatch', 'The key of the record is no UTF-8 text.')
    }
  }
}

/** The text of a value as a record key spells it; null stays null. */
export function lookupText(value: Value): string | null {
  return value === null ? null : String(value)
}
