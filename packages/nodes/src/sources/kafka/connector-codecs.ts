import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import kafkajs from 'kafkajs'
import { compressFrame, decompressFrame } from 'lz4-napi'
import snappy from 'snappyjs'

/** What a batch may unpack to: its records are held in memory whole. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024

/** What kafkajs hands over when it packs. */
interface Encoder {
  readonly buffer: Buffer
}

/** How kafkajs packs and unpacks the records of a batch. */
export interface Codec {
  compress(encoder: Encoder): Promise<Buffer>
  /** Throws where the records would unpack to more than 64 MB. */
  decompress(packed: Buffer): Promise<Buffer>
}

const limit = { maxOutputLength: MAX_UNPACKED_BYTES }
const gzip = promisify<Buffer, Buffer>(zlib.gzip)
const gunzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip)
const zstd = promisify<Buffer, Buffer>(zlib.zstdCompress)
const unzstd = promisify<Buffer, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress)
const { GZIP, Snappy, LZ4, ZSTD } = kafkajs.CompressionTypes

/** The codecs of all compressions that Kafka knows, by their number. */
export const CODECS: ReadonlyMap<number, Codec> = new Map<number, Codec>([
  [GZIP, { compress: ({ buffer }) => gzip(buffer), decompress: (packed) => gunzip(packed, limit) }],
  [Snappy, { compress: async ({ buffer }) => snappy.compress(buffer), decompress: unpackSnappy }],
  [LZ4, { compress: ({ buffer }) => compressFrame(buffer), decompress: unpackLz4 }],
  [ZSTD, { compress: ({ buffer }) => zstd(buffer), decompress: (packed) => unzstd(packed, limit) }],
])

/** Teaches kafkajs, for the whole process, every compression that Kafka knows; none unpacks without bound. */
export function registerCodecs(): void {
  for (const [type, codec] of CODECS) kafkajs.CompressionCodecs[type as typeof GZIP] = () => codec
}

/*
  A snappy block, or a stream of them as the Java client frames it:
    magic 82 'SNAPPY' 00 · version INT32 · compatible INT32 · [size INT32 · block]
*/
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const XERIAL_HEADER_BYTES = 16

async function unpackSnappy(packed: Buffer): Promise<Buffer> {
  if (!packed.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) {
    return snappy.uncompress(packed, MAX_UNPACKED_BYTES)
  }
  const blocks: Buffer[] = []
  let left = MAX_UNPACKED_BYTES
  for (let at = XERIAL_HEADER_BYTES; at < packed.length; ) {
    const end = at + 4 + packed.readUInt32BE(at)
    const block = snappy.uncompress(packed.subarray(at + 4, end), left)
    blocks.push(block)
    left -= block.length
    at = end
  }
  return Buffer.concat(blocks)
}

async function unpackLz4(packed: Buffer): Promise<Buffer> {
  const bound = lz4Bound(packed)
  if (bound > MAX_UNPACKED_BYTES) throw new RangeError(`the records may unpack to ${bound} bytes`)
  return decompressFrame(packed)
}

/*
  LZ4 frame: magic UINT32 · FLG · BD · [content_size UINT64] · [dictionary_id UINT32] · header_checksum
             · [block_size UINT32 (top bit: stored) · block · [checksum UINT32]] · 0 UINT32 · [content_checksum]
  BD bits 4 to 6: no block unpacks to more than 2^(8 + 2n) bytes. FLG bits: 3 content size, 4 block checksums, 0 dictionary.
*/
/** What a frame can unpack to at most: its blocks times the size that its header allows each of them. */
function lz4Bound(frame: Buffer): number {
  const flags = frame.readUInt8(4)
  const blockBytes = 2 ** (8 + 2 * ((frame.readUInt8(5) >> 4) & 7))
  const checksumBytes = flags & 0x10 ? 4 : 0
  let blocks = 0
  let at = 7 + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0)
  for (let size = frame.readUInt32LE(at); size !== 0; size = frame.readUInt32LE(at)) {
    blocks++
    at += 4 + (size & 0x7fffffff) + checksumBytes
  }
  return blocks * blockBytes
}
