import { gzipSync, zstdCompressSync } from 'node:zlib'
import { compressionsAlgorithms } from '@platformatic/kafka'
import { describe, expect, it } from 'vitest'
import { cursorOver, makeBatch } from '../testing/batches.ts'
import { decompress } from './decompress.ts'

const LIMIT = 1_000_000
const { lz4, snappy } = compressionsAlgorithms

/** Snappy as the Java client frames it, in blocks of 32 kB. */
function xerial(bytes: Buffer): Buffer {
  const blocks: Buffer[] = [Buffer.from('82534e41505059000000000100000001', 'hex')]
  for (let at = 0; at < bytes.length; at += 32_768) {
    const block = snappy.compressSync(bytes.subarray(at, at + 32_768))
    const size = Buffer.alloc(4)
    size.writeUInt32BE(block.length)
    blocks.push(size, block)
  }
  return Buffer.concat(blocks)
}

const codecs: readonly (readonly [name: string, codec: number, pack: (bytes: Buffer) => Buffer])[] = [
  ['gzip', 1, gzipSync],
  ['snappy', 2, (bytes) => snappy.compressSync(bytes)],
  ['snappy in Xerial frames', 2, xerial],
  ['lz4', 3, (bytes) => lz4.compressSync(bytes)],
  ['zstd', 4, zstdCompressSync],
]

describe('decompress', () => {
  it.each(codecs)('unpacks %s', (_name, codec, pack) => {
    const bytes = Buffer.from(Array.from({ length: 90_000 }, (_, index) => `${index},`).join(''))
    expect(decompress(codec, pack(bytes), LIMIT, {}).equals(bytes)).toBe(true)
  })

  it.each(codecs)('refuses %s that would unpack to more than the limit', (_name, codec, pack) => {
    const bomb = pack(Buffer.alloc(50_000_000))
    const before = process.memoryUsage().arrayBuffers
    expect(() => decompress(codec, bomb, LIMIT, { topic: 't' })).toThrow(
      expect.objectContaining({ code: 'BATCH_OVER_LIMIT', context: { topic: 't' } }),
    )
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10 * LIMIT)
  })

  it.each(codecs)('reports %s that is damaged', (_name, codec, pack) => {
    const packed = pack(Buffer.from('some text, some text, some text, some text'))
    expect(() => decompress(codec, packed.subarray(0, packed.length - 6), LIMIT, {})).toThrow(
      expect.objectContaining({ code: 'CORRUPT_BATCH' }),
    )
    expect(() => decompress(codec, Buffer.from('no such format'), LIMIT, {})).toThrow(
      expect.objectContaining({ name: 'KafkaError' }),
    )
  })

  it.each(codecs)('unpacks %s again after damaged bytes', (_name, codec, pack) => {
    expect(() => decompress(codec, Buffer.alloc(0), LIMIT, {})).toThrow()
    expect(decompress(codec, pack(Buffer.from('sound')), LIMIT, {}).toString()).toBe('sound')
  })

  it('reports a compression that it does not know', () => {
    expect(() => decompress(7, Buffer.alloc(10), LIMIT, {})).toThrow(
      expect.objectContaining({ code: 'CORRUPT_BATCH' }),
    )
  })

  it('is bounded for a batch that a cursor reads', () => {
    const batch = makeBatch([{ value: 'a'.repeat(2_000_000) }], {
      compression: [1, gzipSync],
      baseOffset: 77,
    })
    const cursor = cursorOver(batch, { maxBatchBytes: LIMIT })
    expect(() => cursor.next()).toThrow(
      expect.objectContaining({
        code: 'BATCH_OVER_LIMIT',
        context: { topic: 'test', partition: 3, offset: 77 },
      }),
    )
    expect(cursor.next()).toBe(false)
  })
})
