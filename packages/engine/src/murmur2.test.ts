import { describe, expect, it } from 'vitest'
import { murmur2, partitionOfKey } from './murmur2.ts'

/** Computed with `Utils.murmur2` and `Utils.toPositive` of the Java client 4.4.0; partitions out of 12. */
const javaClient: readonly (readonly [key: string, hash: number, partition: number])[] = [
  ['', 275646681, 9],
  ['a', -1563381124, 4],
  ['ab', 316155434, 2],
  ['abc', 479470107, 3],
  ['abcd', -1323649548, 8],
  ['21', -973932308, 0],
  ['foobar', -790332482, 6],
  ['a-little-bit-long-string', -985981536, 8],
  ['a-little-bit-longer-string', -1486304829, 11],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971, 5],
  ['Zürich', -1551140815, 1],
  ['東京', -1368386005, 7],
]

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('murmur2', () => {
  it.each(javaClient)('hashes %j like the Java client', (key, hash) => {
    expect(murmur2(bytesOf(key))).toBe(hash)
  })

  it('treats bytes above 127 as unsigned', () => {
    expect(murmur2(Uint8Array.of(255, 128, 127, 0, 255, 5, 249))).toBe(-1429467830)
  })

  it('hashes a range as it hashes a copy of that range', () => {
    const text = bytesOf('..a-little-bit-long-string...')
    expect(murmur2(text, 2, text.length - 3)).toBe(-985981536)
  })
})

describe('partitionOfKey', () => {
  it.each(javaClient)('places %j where the default partitioner does', (key, _hash, partition) => {
    expect(partitionOfKey(bytesOf(key), 12)).toBe(partition)
  })
})
