import { writeInt64 } from './int64.ts'

const INITIAL_BYTES = 256
const UUID_BYTES = 16

/**
 * Writes the primitive types of Kafka's protocol guide (flexible versions: strings and arrays are compact).
 * Record batches are not copied: they become parts of their own between the written bytes.
 */
export class WireWriter {
  #parts: Buffer[] = []
  #buffer: Buffer = Buffer.allocUnsafe(INITIAL_BYTES)
  #from = 0
  #at = 0

  int8(value: number): this {
    this.#at = this.#room(1).writeInt8(value, this.#at)
    return this
  }

  int16(value: number): this {
    this.#at = this.#room(2).writeInt16BE(value, this.#at)
    return this
  }

  int32(value: number): this {
    this.#at = this.#room(4).writeInt32BE(value, this.#at)
    return this
  }

  /** A safe integer. */
  int64(value: number): this {
    writeInt64(this.#room(8), value, this.#at)
    this.#at += 8
    return this
  }

  /** A producer id. */
  bigint64(value: bigint): this {
    this.#at = this.#room(8).writeBigInt64BE(value, this.#at)
    return this
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0)
  }

  /** A UUID in Kafka's own spelling (base64url). */
  uuid(text: string): this {
    const buffer = this.#room(UUID_BYTES)
    this.#at += buffer.write(text, this.#at, UUID_BYTES, 'base64url')
    return this
  }

  unsignedVarint(value: number): this {
    const buffer = this.#room(5)
    let rest = value
    while (rest > 0x7f) {
      buffer[this.#at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    buffer[this.#at++] = rest
    return this
  }

  string(text: string): this {
    const size = Buffer.byteLength(text)
    this.unsignedVarint(size + 1)
    const buffer = this.#room(size)
    this.#at += buffer.write(text, this.#at)
    return this
  }

  nullableString(text: string | null): this {
    return text === null ? this.unsignedVarint(0) : this.string(text)
  }

  array<Item>(items: readonly Item[], write: (item: Item, writer: this) => void): this {
    this.unsignedVarint(items.length + 1)
    for (const item of items) write(item, this)
    return this
  }

  /** No tagged fields. */
  tags(): this {
    return this.unsignedVarint(0)
  }

  /** A record batch, by reference: it must not change before the request is sent. */
  records(batch: Buffer): this {
    this.unsignedVarint(batch.length + 1)
    this.#cut()
    this.#parts.push(batch)
    return this
  }

  /** Everything written, in order. */
  parts(): readonly Buffer[] {
    this.#cut()
    return this.#parts
  }

  #cut(): void {
    if (this.#at > this.#from) this.#parts.push(this.#buffer.subarray(this.#from, this.#at))
    this.#from = this.#at
  }

  #room(bytes: number): Buffer {
    if (this.#at + bytes > this.#buffer.length) {
      this.#cut()
      this.#buffer = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, bytes))
      this.#from = 0
      this.#at = 0
    }
    return this.#buffer
  }
}
