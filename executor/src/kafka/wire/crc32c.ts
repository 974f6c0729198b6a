const POLYNOMIAL = 0x82f63b78
const SLICES = 16

/** Table k holds the checksum of one byte followed by k zero bytes; the tables lie one after the other. */
const tables = buildTables()

function buildTables(): Int32Array {
  const all = new Int32Array(256 * SLICES)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    all[byte] = crc
  }
  for (let at = 256; at < all.length; at++) {
    const shorter = all[at - 256]!
    all[at] = (shorter >>> 8) ^ all[shorter & 0xff]!
  }
  return all
}

/**
 * CRC-32C (Castagnoli) of `bytes[start, end)`, the checksum of Kafka's record batches.
 * "Slicing-by-16" (Kounavis and Berry, Intel, 2005): sixteen bytes per step, read as four aligned words.
 *
 * @returns an unsigned 32-bit integer
 */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let at = start
  let crc = -1
  // An Int32Array must begin at a multiple of four.
  while (at < end && (bytes.byteOffset + at) % 4 !== 0) crc = step(crc, bytes[at++]!)
  const words = (end - at) >>> 4
  if (words > 0) {
    crc = stepWords(crc, new Int32Array(bytes.buffer, bytes.byteOffset + at, words * 4))
    at += words * SLICES
  }
  while (at < end) crc = step(crc, bytes[at++]!)
  return ~crc >>> 0
}

function step(crc: number, byte: number): number {
  return (crc >>> 8) ^ tables[(crc ^ byte) & 0xff]!
}

/** Reads words in the machine's order: little-endian, as on every platform that Node runs on but s390x. */
function stepWords(initial: number, words: Int32Array): number {
  const t = tables
  let crc = initial
  for (let at = 0; at < words.length; at += 4) {
    const a = crc ^ words[at]!
    const b = words[at + 1]!
    const c = words[at + 2]!
    const d = words[at + 3]!
    crc =
      t[0xf00 + (a & 0xff)]! ^
      t[0xe00 + ((a >>> 8) & 0xff)]! ^
      t[0xd00 + ((a >>> 16) & 0xff)]! ^
      t[0xc00 + (a >>> 24)]! ^
      t[0xb00 + (b & 0xff)]! ^
      t[0xa00 + ((b >>> 8) & 0xff)]! ^
      t[0x900 + ((b >>> 16) & 0xff)]! ^
      t[0x800 + (b >>> 24)]! ^
      t[0x700 + (c & 0xff)]! ^
      t[0x600 + ((c >>> 8) & 0xff)]! ^
      t[0x500 + ((c >>> 16) & 0xff)]! ^
      t[0x400 + (c >>> 24)]! ^
      t[0x300 + (d & 0xff)]! ^
      t[0x200 + ((d >>> 8) & 0xff)]! ^
      t[0x100 + ((d >>> 16) & 0xff)]! ^
      t[d >>> 24]!
  }
  return crc
}
