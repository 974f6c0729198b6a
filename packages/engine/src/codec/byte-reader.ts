const decoder = new TextDecoder('utf-8', { fatal: true })

/** The bytes are not what the codec wrote: a fault of ours or of a foreign writer, never of a user's event. */
export class CodecError extends Error {
  readonly code = 'codec'

  constructor(message: string) {
    super(message)
    this.name = 'CodecError'
  }
}

/** Reads what `ByteWriter` wrote. Throws `CodecError` when the bytes end early. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** True when everything was read. */
  get done(): boolean {
    return this.#position === this.#bytes.length
  }

  byte(): number {
    return this.#bytes[this.#take(1)] as number
  }

  varint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const part = this.byte()
      value |= (part & 0x7f) << shift
      if (part < 0x80) return value >>> 0
    }
    throw new CodecError('a length is longer than five bytes')
  }

  /** The canonical int64 value: a number where it is safe, else a bigint. */
  int64(): number | bigint {
    const at = this.#take(8)
    const value = this.#view.getInt32(at) * 4294967296 + this.#view.getUint32(at + 4)
    return Number.isSafeInteger(value) ? value : this.#view.getBigInt64(at)
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8))
  }

  text(): string {
    const length = this.varint()
    const start = this.#take(length)
    return decoder.decode(this.#bytes.subarray(start, start + length))
  }

  /** A copy, so that the message's buffer can be let go. */
  bytes(): Uint8Array {
    const length = this.varint()
    const start = this.#take(length)
    return this.#bytes.slice(start, start + length)
  }

  #take(count: number): number {
    const start = this.#position
    if (start + count > this.#bytes.length) throw new CodecError('the message ends early')
    this.#position = start + count
    return start
  }
}
