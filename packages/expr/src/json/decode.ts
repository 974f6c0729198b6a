import { platform } from '../platform.ts'
import type { DataType, Field } from '../type.ts'
import type { Row } from '../value.ts'
import { DecodeError } from './decode-error.ts'
import { hasLongNumber, parseKeepingLongNumbers } from './long-number.ts'
import { Mismatch } from './mismatch.ts'
import { isObject, type JsonObject, type Lane, objectReader } from './read-value.ts'
import { RecordScanner } from './record-scanner.ts'

/** Limits of a record. */
export interface DecodeOptions {
  /** Bytes of a record; 1 MiB unless set. */
  readonly maxBytes?: number
  /** How deep a record may be nested, members that no field names included; 64 unless set. The record itself is 1. */
  readonly maxDepth?: number
}

/** Decodes one record. Throws `DecodeError`. */
export type DecodeRecord = (bytes: Uint8Array) => Row

/**
 * Builds the decoder of JSON objects (UTF-8) to rows with these fields. Members are found by name, of members with one
 * name the last counts, members that no field names are ignored. An absent member is null.
 *
 * - int64: whole numbers, exact at any size; `1.0` and `1e3` are whole. A number next to zero that no double can hold
 *   is 0.
 * - decimal: numbers, also as text, with no more digits before and behind the point than the type has.
 * - double: numbers that a double can hold.
 * - timestamp: whole epoch milliseconds, or ISO 8601 text, UTC unless it says an offset.
 * - string: lone surrogates become U+FFFD. bytes: base64 text.
 * - map: an object; its names are the keys, written as in record keys (`encodeKey`).
 */
export function decodeJson(fields: readonly Field[], options: DecodeOptions = {}): DecodeRecord {
  const decoder = new RecordDecoder(fields, options)
  return (bytes) => decoder.decode(bytes)
}

class RecordDecoder {
  readonly #maxBytes: number
  readonly #maxDepth: number
  readonly #lane: Lane = { marked: false, repair: false }
  readonly #readObject: (object: JsonObject) => Row
  readonly #hasDecimals: boolean
  readonly #scanner: RecordScanner | null
  readonly #utf8 = new platform.TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

  constructor(fields: readonly Field[], { maxBytes = 1_048_576, maxDepth = 64 }: DecodeOptions) {
    this.#maxBytes = maxBytes
    this.#maxDepth = maxDepth
    this.#readObject = objectReader(fields, this.#lane)
    this.#hasDecimals = fields.some((field) => holdsDecimals(field.type))
    this.#scanner = RecordScanner.of(fields, maxDepth)
  }

  decode(bytes: Uint8Array): Row {
    if (bytes.length > this.#maxBytes) throw tooLarge(bytes.length, this.#maxBytes)
    return this.#scanner?.read(bytes) ?? this.#readWhole(bytes)
  }

  #readWhole(bytes: Uint8Array): Row {
    const text = textOf(bytes, this.#utf8)
    this.#lane.repair = text.includes('\\u')
    const value = this.#parse(text, hasLongNumber(bytes, this.#hasDecimals))
    if (mayBeDeep(text, this.#maxDepth) && isDeeper(value, this.#maxDepth)) throw tooDeep(this.#maxDepth)
    if (!isObject(value)) throw new DecodeError('not_object', '', 'The record is JSON, but no object')
    try {
      return this.#readObject(value)
    } catch (error) {
      throw error instanceof Mismatch ? error.toError() : error
    }
  }

  #parse(text: string, keepLongNumbers: boolean): unknown {
    try {
      const parsed = keepLongNumbers
        ? parseKeepingLongNumbers(text)
        : { value: JSON.parse(text), marked: false }
      this.#lane.marked = parsed.marked
      return parsed.value
    } catch {
      throw new DecodeError('not_json', '', 'The record is no JSON')
    }
  }
}

function holdsDecimals(type: DataType): boolean {
  if (type.kind === 'array') return holdsDecimals(type.element)
  if (type.kind === 'map') return holdsDecimals(type.value)
  return type.kind === 'struct'
    ? type.fields.some((field) => holdsDecimals(field.type))
    : type.kind === 'decimal'
}

function textOf(bytes: Uint8Array, utf8: { decode(bytes: Uint8Array): string }): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new DecodeError('not_json', '', 'The record is no UTF-8 text')
  }
}

/** False where the text has too few brackets to be deep; counting them is cheaper than looking at every member. */
function mayBeDeep(text: string, maxDepth: number): boolean {
  let brackets = 0
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++brackets > maxDepth) return true
    }
  }
  return false
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((child) => isDeeper(child, levels - 1))
}

function tooDeep(maxDepth: number): DecodeError {
  return new DecodeError('too_deep', '', `The record is nested more than ${maxDepth} deep`)
}

function tooLarge(length: number, maxBytes: number): DecodeError {
  return new DecodeError('too_large', '', `The record has ${length} bytes, the limit is ${maxBytes}`)
}
