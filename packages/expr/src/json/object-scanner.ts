import type { Field } from '../type.ts'
import type { Value } from '../value.ts'
import { BYTE, endOfText, NOT_PLAIN, skipColon, skipSpace, skipValue, startsWith } from './json-bytes.ts'
import { type Found, type ReadPlain, readText } from './plain-scalars.ts'

/** Members whose names are remembered, and how long these may be. */
const MOST_MEMBERS = 64
const LONGEST_NAME = 64

/** A name that stands at a place of an object. */
interface Member {
  /** With its quote at the end. */
  readonly name: Uint8Array
  /** Place in the row. */
  readonly field: number
}

const NOT_WANTED = -1

/**
 * Reads plain objects in one walk over their bytes. Of members that no field names no texts and objects are made: they
 * are only checked. Of members with one name the last counts.
 */
export class ObjectScanner {
  readonly #fields: readonly Field[]
  readonly #readers: readonly ReadPlain[]
  readonly #levels: number
  readonly #places: ReadonlyMap<string, number>
  readonly #empty: readonly Value[]
  /** Objects mostly have the same members in the same order. */
  readonly #members: Member[] = []

  /** `levels` of arrays and objects may be within. */
  constructor(fields: readonly Field[], readers: readonly ReadPlain[], levels: number) {
    this.#fields = fields
    this.#readers = readers
    this.#levels = levels
    this.#places = new Map(fields.map(({ name }, i) => [name, i]))
    this.#empty = fields.map(() => null)
  }

  /** Reads an object into `found`; returns the position behind it, or `NOT_PLAIN`. */
  read(bytes: Uint8Array, from: number, end: number, found: Found): number {
    if (bytes[from] !== BYTE.openObject) return NOT_PLAIN
    const row = this.#empty.slice()
    let at = skipSpace(bytes, from + 1, end)
    for (let i = 0; bytes[at] !== BYTE.closeObject; i++) {
      at = this.#readMember(bytes, at, end, i, row, found)
      if (at === NOT_PLAIN) return NOT_PLAIN
      at = skipSpace(bytes, at, end)
      if (bytes[at] !== BYTE.comma) break
      at = skipSpace(bytes, at + 1, end)
      // A comma must not be the last.
      if (bytes[at] === BYTE.closeObject) return NOT_PLAIN
    }
    found.value = row
    return bytes[at] === BYTE.closeObject && this.#isComplete(row) ? at + 1 : NOT_PLAIN
  }

  #isComplete(row: readonly Value[]): boolean {
    for (let i = 0; i < row.length; i++)
      if (row[i] === null && !(this.#fields[i] as Field).type.nullable) return false
    return true
  }

  #readMember(bytes: Uint8Array, from: number, end: number, i: number, row: Value[], found: Found): number {
    if (bytes[from] !== BYTE.quote) return NOT_PLAIN
    const member = this.#memberAt(bytes, from + 1, end, i)
    if (member === null) return NOT_PLAIN
    const at = skipColon(bytes, from + 1 + member.name.length, end)
    if (at === NOT_PLAIN) return NOT_PLAIN
    if (member.field === NOT_WANTED) return skipValue(bytes, at, end, this.#levels)
    const behind = (this.#readers[member.field] as ReadPlain)(bytes, at, end, found)
    row[member.field] = found.value
    return behind
  }

  #memberAt(bytes: Uint8Array, from: number, end: number, i: number): Member | null {
    const known = this.#members[i]
    if (known !== undefined && startsWith(bytes, from, known.name)) return known
    const quote = endOfText(bytes, from, end)
    if (quote === NOT_PLAIN) return null
    const field = this.#places.get(readText(bytes, from, quote)) ?? NOT_WANTED
    const member = { name: bytes.slice(from, quote + 1), field }
    if (i < MOST_MEMBERS && quote - from <= LONGEST_NAME) this.#members[i] = member
    return member
  }
}
