const TWO_POW_28 = 0x1000_0000

/** Bytes of a 32-bit integer as zigzag VARINT. */
export function sizeOfVarint(value: number): number {
  const raw = ((value << 1) ^ (value >> 31)) >>> 0
  if (raw < 0x80) return 1
  if (raw < 0x4000) return 2
  if (raw < 0x20_0000) return 3
  return raw < TWO_POW_28 ? 4 : 5
}

/** Writes a 32-bit integer as zigzag VARINT and returns the offset after it. */
export function writeVarint(buffer: Buffer, value: number, from: number): number {
  let raw = ((value << 1) ^ (value >> 31)) >>> 0
  let at = from
  while (raw > 0x7f) {
    buffer[at++] = (raw & 0x7f) | 0x80
    raw >>>= 7
  }
  buffer[at++] = raw
  return at
}

/** Bytes of a safe integer (below 2^52 in size) as zigzag VARLONG. */
export function sizeOfVarlong(value: number): number {
  if (value === (value | 0)) return sizeOfVarint(value)
  let size = 1
  for (let raw = zigzag(value); raw > 0x7f; raw = Math.floor(raw / 0x80)) size++
  return size
}

/** Writes a safe integer (below 2^52 in size) as zigzag VARLONG and returns the offset after it. */
export function writeVarlong(buffer: Buffer, value: number, from: number): number {
  if (value === (value | 0)) return writeVarint(buffer, value, from)
  let at = from
  let raw = zigzag(value)
  while (raw > 0x7f) {
    buffer[at++] = (raw % 0x80) | 0x80
    raw = Math.floor(raw / 0x80)
  }
  buffer[at++] = raw
  return at
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value
}
