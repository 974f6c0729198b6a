import { type RawRecord, RecordError } from '@millrace/engine'
import { type DecodeRecord, decodeJson, type Field, type Row, type Value } from '@millrace/expr'

/** A record of a reference topic: the text of its key, and its row, or null where it removes the row. */
export interface ReferenceRecord {
  readonly key: string
  readonly row: Row | null
}

/** Reads the records of a reference topic. */
export class ReferenceReader {
  readonly #decode: DecodeRecord
  readonly #keyPosition: number
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

  /** `keyField` is the field whose text is the record key. */
  constructor(fields: readonly Field[], keyField: string) {
    this.#decode = decodeJson(fields)
    this.#keyPosition = fields.findIndex((field) => field.name === keyField)
  }

  /**
   * Reads a record: a row, or a tombstone that removes one.
   *
   * @throws RecordError or DecodeError where it is neither
   */
  read({ key, value }: Pick<RawRecord, 'key' | 'value'>): ReferenceRecord {
    const name = this.#nameOf(key)
    if (value === null) return { key: name, row: null }
    const row = this.#decode(value)
    if (lookupText(row[this.#keyPosition] as Value) !== name) {
      throw new RecordError('key_mismatch', 'The key of the record is not the text of its key field.')
    }
    return { key: name, row }
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
