import { clientFault } from './errors.ts'
import { readInt64 } from './int64.ts'

const UUID_BYTES = 16

/**
 * Reads the primitive types of Kafka's protocol guide from one contiguous buffer, in order.
 * Only flexible versions are spoken, so strings and arrays are always compact.
 *
 * @throws RangeError when the buffer ends early
 */
export class WireReader {
  readonly #buffer: Buffer
  #at = 0

  constructor(buffer: Buffer) {
    this.#buffer = buffer
  }

  int8(): number {
    return this.#buffer.readInt8(this.#skip(1))
  }

  int16(): number {
    return this.#buffer.readInt16BE(this.#skip(2))
  }

  int32(): number {
    return this.#buffer.readInt32BE(this.#skip(4))
  }

  /** An offset, timestamp or other 64-bit integer that must be a safe number. */
  int64(): number {
    return readInt64(this.#buffer, this.#skip(8))
  }

  /** A producer id. */
  bigint64(): bigint {
    return this.#buffer.readBigInt64BE(this.#skip(8))
  }

  boolean(): boolean {
    return this.int8() !== 0
  }

  /** A UUID in Kafka's own spelling: 22 characters of base64url. */
  uuid(): string {
    const from = this.#skip(UUID_BYTES)
    return this.#buffer.toString('base64url', from, from + UUID_BYTES)
  }

  unsignedVarint(): number {
    let value = 0
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.#buffer.readUInt8(this.#skip(1))
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw new RangeError('a variable-length integer is longer than five bytes')
  }

  string(): string {
    const text = this.nullableString()
    if (text === null) throw new RangeError('a string is null that must not be')
    return text
  }

  nullableString(): string | null {
    const bytes = this.nullableBytes()
    return bytes === null ? null : bytes.toString('utf8')
  }

  /** A view of the buffer, not a copy. */
  nullableBytes(): Buffer | null {
    const size = this.unsignedVarint() - 1
    if (size < 0) return null
    const from = this.#skip(size)
    return this.#buffer.subarray(from, from + size)
  }

  /** An array of structures; each item's own tagged fields must be read by `item`. A null array reads as empty. */
  array<Item>(item: (reader: WireReader) => Item): Item[] {
    const count = this.unsignedVarint() - 1
    const items: Item[] = []
    for (let index = 0; index < count; index++) items.push(item(this))
    return items
  }

  /** Skips the tagged fields that this layer has no use for. */
  tags(): void {
    this.taggedFields({})
  }

  /** Reads the tagged fields that `known` names by their tag and skips the others. */
  taggedFields(known: Readonly<Record<number, (field: WireReader) => unknown>>): void {
    const count = this.unsignedVarint()
    for (let index = 0; index < count; index++) {
      const tag = this.unsignedVarint()
      const size = this.unsignedVarint()
      const from = this.#skip(size)
      known[tag]?.(new WireReader(this.#buffer.subarray(from, from + size)))
    }
  }

  #skip(bytes: number): number {
    const from = this.#at
    if (from + bytes > this.#buffer.length) throw new RangeError('the response ends early')
    this.#at = from + bytes
    return from
  }
}

/**
 * Decodes a response body with `decode`.
 *
 * @throws KafkaError `MALFORMED_RESPONSE` when the body does not fit its layout
 */
export function decodeResponse<Response>(
  api: string,
  body: Buffer,
  decode: (reader: WireReader) => Response,
): Response {
  try {
    return decode(new WireReader(body))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw clientFault('MALFORMED_RESPONSE', error.message, { api }, error)
  }
}
