/*
  LZ4 frame format 1.6 =>
    magic UINT32 LE · FLG · BD · [content_size UINT64 LE] · [dictionary_id UINT32 LE] · header_checksum
    [block_size UINT32 LE (top bit: stored as it is) · block · [block_checksum UINT32 LE]] · 0 UINT32 · [content_checksum]
  FLG bits: 3 content size given, 4 block checksums, 0 dictionary id.
  LZ4 block => [token · [literal_length] · literals · match_offset UINT16 LE · [match_length]]
    token: high half literal length, low half match length − 4; 15 means that bytes follow, each added, until one < 255.
    The last sequence ends after its literals.
*/
const MAGIC = 0x184d2204
const FLAGS = { blockChecksum: 0x10, contentSize: 0x08, dictionaryId: 0x01 } as const
const STORED = 0x8000_0000
const EXTENDED = 15
const MIN_MATCH = 4
const MATCH_OFFSET_BYTES = 2

/**
 * How many bytes an LZ4 frame unpacks to, found by adding up the lengths in its blocks: the content size in its header
 * is optional and need not be true.
 *
 * @throws RangeError when the bytes are no LZ4 frame
 */
export function lz4Length(frame: Buffer): number {
  if (frame.readUInt32LE(0) !== MAGIC) throw new RangeError('not an LZ4 frame')
  const flags = frame.readUInt8(4)
  const checksumBytes = flags & FLAGS.blockChecksum ? 4 : 0
  let at = 7 + (flags & FLAGS.contentSize ? 8 : 0) + (flags & FLAGS.dictionaryId ? 4 : 0)
  let total = 0
  for (let size = frame.readUInt32LE(at); size !== 0; size = frame.readUInt32LE(at)) {
    const stored = size >= STORED
    const bytes = stored ? size - STORED : size
    total += stored ? bytes : blockLength(frame, at + 4, at + 4 + bytes)
    at += 4 + bytes + checksumBytes
  }
  return total
}

function blockLength(frame: Buffer, from: number, end: number): number {
  let total = 0
  let at = from
  while (at < end) {
    const token = frame[at++]!
    let literals = token >> 4
    if (literals === EXTENDED) {
      const more = extension(frame, at)
      literals += more
      at += extensionBytes(more)
    }
    total += literals
    at += literals + MATCH_OFFSET_BYTES
    if (at > end) break
    const match = token & 0x0f
    total += match + MIN_MATCH
    if (match === EXTENDED) {
      const more = extension(frame, at)
      total += more
      at += extensionBytes(more)
    }
  }
  return total
}

/** The sum of the bytes from `from` on, up to and including the first below 255. */
function extension(frame: Buffer, from: number): number {
  let at = from
  while (frame[at] === 0xff) at++
  return (at - from) * 0xff + (frame[at] ?? 0)
}

function extensionBytes(sum: number): number {
  return Math.floor(sum / 0xff) + 1
}
