const encoder = new TextEncoder()

/** Messages lie one behind the other in chunks of so many bytes: a buffer for each costs more than to write it. */
const CHUNK = 65_536

/** Writes big-endian primitives; one instance may be used for many messages. */
export class ByteWriter {
  #bytes = new Uint8Array(1024)
  #view = new DataView(this.#bytes.buffer)
  /** Where the message at hand begins. */
  #start = 0
  #length = 0

  /** Forgets what was written since the last message. */
  reset(): void {
    this.#length = this.#start
  }

  /** What was written since the last reset. It keeps up to 64 kB of its neighbours in memory as long as it is held. */
  finish(): Uint8Array {
    const message = this.#bytes.subarray(this.#start, this.#length)
    this.#start = this.#length
    return message
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = value
  }

  /** Unsigned LEB128; for lengths and small counts (0 to 2^31 − 1). */
  varint(value: number): void {
    this.#reserve(5)
    let rest = value
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#bytes[this.#length++] = rest
  }

  /** Eight bytes, two's complement; exact for every int64, without a bigint where the number is safe. */
  int64(value: number | bigint): void {
    this.#reserve(8)
    if (typeof value === 'bigint') this.#view.setBigInt64(this.#length, value)
    else {
      this.#view.setInt32(this.#length, Math.floor(value / 4294967296))
      this.#view.setUint32(this.#length + 4, value >>> 0)
    }
    this.#length += 8
  }

  /** A whole number of any size: its zigzag code (0, −1, 1, −2 …) in LEB128, so that small ones are short. */
  whole(value: number | bigint): void {
    if (typeof value === 'number' && Math.abs(value) < 2 ** 52)
      this.#leb(value < 0 ? -2 * value - 1 : 2 * value)
    else this.#longLeb(zigzag(BigInt(value)))
  }

  /** IEEE 754, eight bytes. */
  double(value: number): void {
    this.#reserve(8)
    this.#view.setFloat64(this.#length, value)
    this.#length += 8
  }

  /** Length in bytes, then UTF-8. */
  text(value: string): void {
    const ascii = value.length
    this.#reserve(ascii * 3 + 5)
    if (ascii < 64 && this.#shortAscii(value)) return
    const body = this.#length + 5
    const { written } = encoder.encodeInto(value, this.#bytes.subarray(body))
    this.varint(written)
    this.#bytes.copyWithin(this.#length, body, body + written)
    this.#length += written
  }

  /** Length, then the bytes. */
  bytes(value: Uint8Array): void {
    this.varint(value.length)
    this.#reserve(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
  }

  #leb(value: number): void {
    this.#reserve(8)
    let rest = value
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest % 128) | 0x80
      rest = Math.floor(rest / 128)
    }
    this.#bytes[this.#length++] = rest
  }

  #longLeb(value: bigint): void {
    let rest = value
    for (; rest > 0x7fn; rest >>= 7n) this.byte(Number(rest & 0x7fn) | 0x80)
    this.byte(Number(rest))
  }

  /** Short ASCII text is written by hand: a call of the encoder costs more than the copy. */
  #shortAscii(value: string): boolean {
    const start = this.#length
    this.#bytes[start] = value.length
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i)
      if (unit > 0x7f) return false
      this.#bytes[start + 1 + i] = unit
    }
    this.#length = start + 1 + value.length
    return true
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const written = this.#bytes.subarray(this.#start, this.#length)
    const chunk = new Uint8Array(Math.max(CHUNK, 2 * (written.length + count)))
    chunk.set(written)
    this.#bytes = chunk
    this.#view = new DataView(chunk.buffer)
    this.#start = 0
    this.#length = written.length
  }
}

function zigzag(value: bigint): bigint {
  return value < 0n ? -2n * value - 1n : 2n * value
}
