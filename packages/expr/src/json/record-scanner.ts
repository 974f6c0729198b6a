import type { Field } from '../type.ts'
import type { Row } from '../value.ts'
import { skipSpace } from './json-bytes.ts'
import type { ObjectScanner } from './object-scanner.ts'
import { objectScanner } from './plain-reader.ts'
import { CAN_READ_TEXT, type Found } from './plain-scalars.ts'

/** After so many records in a row that are for others to read, so many are not looked at. */
const MOST_FAILURES = 4
const REST = 200

/**
 * Reads records that are plain: no escapes in what is wanted, numbers of up to 15 characters without
 * exponent, values that fit, no maps. All else it leaves to others, so it never decides that a record is bad. It takes
 * about half of the time of `JSON.parse`.
 */
export class RecordScanner {
  readonly #scanner: ObjectScanner
  readonly #found: Found = { value: null }
  #failures = 0
  #rest = 0

  private constructor(scanner: ObjectScanner) {
    this.#scanner = scanner
  }

  /** Null where fields or platform are not of the kind that it can read. */
  static of(fields: readonly Field[], maxDepth: number): RecordScanner | null {
    const scanner = CAN_READ_TEXT ? objectScanner(fields, maxDepth) : null
    return scanner && new RecordScanner(scanner)
  }

  /** The row of a record; null where others must read it. */
  read(bytes: Uint8Array): Row | null {
    if (this.#rest > 0) {
      this.#rest--
      return null
    }
    const end = bytes.length
    const behind = this.#scanner.read(bytes, skipSpace(bytes, 0, end), end, this.#found)
    if (behind >= 0 && skipSpace(bytes, behind, end) === end) {
      this.#failures = 0
      return this.#found.value as Row
    }
    this.#failures = (this.#failures + 1) % MOST_FAILURES
    if (this.#failures === 0) this.#rest = REST
    return null
  }
}
