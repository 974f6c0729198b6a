import { gzipSync, zstdCompressSync } from 'node:zlib'
import { compressFrame } from 'lz4-napi'
import snappy from 'snappyjs'
import { describe, expect, it } from 'vitest'
import { CODECS, type Codec } from './connector-codecs.ts'

const BOMB = Buffer.alloc(80_000_000)

/** Snappy as the Java client frames it, in blocks of 32 kB. */
function xerial(bytes: Buffer): Buffer {
  const blocks: Buffer[] = [Buffer.from('82534e41505059000000000100000001', 'hex')]
  for (let at = 0; at < bytes.length; at += 32_768) {
    const block = snappy.compress(bytes.subarray(at, at + 32_768))
    const size = Buffer.alloc(4)
    size.writeUInt32BE(block.length)
    blocks.push(size, block)
  }
  return Buffer.concat(blocks)
}

const packers: readonly [string, number, (bytes: Buffer) => Buffer | Promise<Buffer>][] = [
  ['gzip', 1, gzipSync],
  ['snappy', 2, (bytes) => snappy.compress(bytes)],
  ['snappy in Xerial frames', 2, xerial],
  ['lz4', 3, (bytes) => compressFrame(bytes)],
  ['lz4 with checksums', 3, (bytes) => compressFrame(bytes, { blockChecksums: true, contentChecksum: true })],
  ['zstd', 4, zstdCompressSync],
]

function codecOf(type: number): Codec {
  const codec = CODECS.get(type)
  if (codec === undefined) throw new Error(`no codec ${type}`)
  return codec
}

describe.each(packers)('%s', (_name, type, pack) => {
  const text = Buffer.from(Array.from({ length: 90_000 }, (_, i) => `${i},`).join(''))

  it('is unpacked', async () => {
    expect((await codecOf(type).decompress(await pack(text))).equals(text)).toBe(true)
  })

  it('is unpacked as it was packed here', async () => {
    const packed = await codecOf(type).compress({ buffer: text })
    expect((await codecOf(type).decompress(packed)).equals(text)).toBe(true)
  })

  it('is refused where it would fill the memory', async () => {
    const bomb = await pack(BOMB)
    const before = process.memoryUsage().arrayBuffers
    await expect(codecOf(type).decompress(bomb)).rejects.toThrow()
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(BOMB.length)
  })
})
