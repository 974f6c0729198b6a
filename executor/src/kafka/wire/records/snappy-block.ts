/*
  Snappy block => uncompressed_length UVARINT · elements
  Xerial stream (the Java client) => magic 82 'SNAPPY' 00 · version INT32 · compatible INT32 · [size INT32 · snappy block]
*/
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const XERIAL_HEADER_BYTES = 16

/**
 * What a Snappy block, or a Xerial stream of blocks, says that it unpacks to.
 *
 * @throws RangeError when a length is cut off
 */
export function snappyLength(bytes: Buffer): number {
  if (!bytes.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return blockLength(bytes, 0)
  let total = 0
  for (let at = XERIAL_HEADER_BYTES; at < bytes.length; ) {
    const size = bytes.readUInt32BE(at)
    total += blockLength(bytes, at + 4)
    at += 4 + size
  }
  return total
}

function blockLength(bytes: Buffer, from: number): number {
  let length = 0
  for (let index = 0; index < 5; index++) {
    const byte = bytes.readUInt8(from + index)
    length += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return length
  }
  throw new RangeError('a Snappy length is longer than five bytes')
}
