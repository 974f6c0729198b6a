import { toWhole } from '@millrace/expr'

/** A leading U+FEFF is part of a text, not a mark of its encoding. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Up to this length, in bytes, a call of the decoder costs more than to put ASCII text together by hand. */
const SHORT = 12

/** Elements of a list that takes no bytes, at most: what else would bound it is the length of the message. */
const MAX_ELEMENTS = 8_000_000

/** So many bytes of a LEB128 number a double holds exactly. */
const SAFE_BYTES = 7

/** The bytes are not what the codec wrote: a fault of ours or of a foreign writer, never of a user's event. */
export class CodecError extends Error {
  readonly code = 'codec'

  constructor(message: string) {
    super(message)
    this.name = 'CodecError'
  }
}

/** Reads what `ByteWriter` wrote. Throws `CodecError` for anything else, such as bytes that end early. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** To be called when everything should have been read. */
  end(): void {
    if (this.#position !== this.#bytes.length) throw new CodecError('the message goes on behind its end')
  }

  byte(): number {
    return this.#bytes[this.#take(1)] as number
  }

  /** One byte, 0 or 1. */
  flag(): boolean {
    const value = this.byte()
    if (value > 1) throw new CodecError(`a flag is ${value}`)
    return value === 1
  }

  /** Unsigned LEB128, 0 to 2^31 − 1. */
  varint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const part = this.byte()
      if (shift === 28 && part > 0x07) break
      value |= (part & 0x7f) << shift
      if (part < 0x80) return value
    }
    throw new CodecError('a length is beyond 2^31 − 1')
  }

  /** The number of elements of a list, each of which takes at least so many bytes. */
  elements(leastBytes: number): number {
    const count = this.varint()
    if (count * leastBytes > this.#bytes.length - this.#position || count > MAX_ELEMENTS)
      throw new CodecError('a list is longer than its message')
    return count
  }

  /** The canonical int64 value: a number where it is safe, else a bigint. */
  int64(): number | bigint {
    const at = this.#take(8)
    const value = this.#view.getInt32(at) * 4294967296 + this.#view.getUint32(at + 4)
    return Number.isSafeInteger(value) ? value : this.#view.getBigInt64(at)
  }

  /** A whole number of at most so many bytes; canonical as int64. */
  whole(mostBytes: number): number | bigint {
    let value = 0
    let unit = 1
    for (let i = 0; i < mostBytes; i++) {
      const part = this.byte()
      if (i === SAFE_BYTES) return this.#longWhole(value, part, mostBytes)
      value += (part & 0x7f) * unit
      unit *= 128
      if (part < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    }
    throw new CodecError('a number is too long')
  }

  /** Goes on where a double would no longer be exact. */
  #longWhole(low: number, next: number, mostBytes: number): number | bigint {
    let value = BigInt(low)
    let part = next
    for (let i = SAFE_BYTES; i < mostBytes; i++) {
      value |= BigInt(part & 0x7f) << BigInt(7 * i)
      if (part < 0x80) return toWhole(value % 2n === 0n ? value / 2n : -(value + 1n) / 2n)
      part = this.byte()
    }
    throw new CodecError('a number is too long')
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8))
  }

  text(): string {
    const length = this.varint()
    const start = this.#take(length)
    const short = length <= SHORT ? this.#shortAscii(start, start + length) : null
    return short ?? decode(this.#bytes.subarray(start, start + length))
  }

  /** A copy, so that the message's buffer can be let go. */
  bytes(): Uint8Array {
    const length = this.varint()
    const start = this.#take(length)
    // Not `slice`: that of Node's buffers is a view.
    return new Uint8Array(this.#bytes.subarray(start, start + length))
  }

  #shortAscii(start: number, end: number): string | null {
    let text = ''
    for (let i = start; i < end; i++) {
      const unit = this.#bytes[i] as number
      if (unit > 0x7f) return null
      text += String.fromCharCode(unit)
    }
    return text
  }

  #take(count: number): number {
    const start = this.#position
    if (start + count > this.#bytes.length) throw new CodecError('the message ends early')
    this.#position = start + count
    return start
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new CodecError('a text is no UTF-8')
  }
}
