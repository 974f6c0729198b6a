import { describe, expect, it } from 'vitest'
import { murmur3 } from '../config/murmur3.ts'
import { addText, estimate, mergeRegisters, newRegisters } from './hyperloglog.ts'

/** 1.04 / √2^14. */
const STANDARD_ERROR = 0.0081

function registersOf(texts: Iterable<string>): Uint8Array {
  const registers = newRegisters()
  for (const text of texts) addText(registers, text)
  return registers
}

function* texts(count: number, name: (i: number) => string): Generator<string> {
  for (let i = 0; i < count; i++) yield name(i)
}

/** A text whose UTF-16 units have these bytes. */
function textOfBytes(bytes: Buffer): string {
  return bytes.toString('utf16le')
}

describe('the hash', () => {
  it.each([
    ['', 0, 0],
    ['', 1, 0x514e28b7],
    ['', 0xffffffff, 0x81f16f39],
    ['test', 0, 0xba6bd213],
    ['test', 0x9747b28c, 0x704b81dc],
    ['aaaa', 0x9747b28c, 0x5a97808a],
  ])('is MurmurHash3 of the bytes: %j with seed %d', (text, seed, hash) => {
    expect(murmur3(textOfBytes(Buffer.from(text)), seed)).toBe(hash)
  })

  it('takes the last unit of an odd number of them', () => {
    const hashes = ['', 'a', 'ab', 'abc', 'abd', 'a\0c', 'ac'].map((text) => murmur3(text, 1))
    expect(new Set(hashes).size).toBe(7)
  })
})

describe('an estimate', { timeout: 60_000 }, () => {
  it.each<[string, (i: number) => string]>([
    ['numbers in a row', String],
    ['names that differ in front', (i) => `${i}-user-of-the-shop`],
    ['names that differ at the end', (i) => `user-of-the-shop-${i}`],
    ['large numbers', (i) => String(2n ** 62n + BigInt(i) * 1024n)],
    ['single characters', (i) => String.fromCodePoint(0x10000 + i)],
  ])('of %s is within three standard errors, at every size', (_, name) => {
    for (const count of [1, 10, 101, 1000, 10_000, 50_000, 200_000]) {
      const found = estimate(registersOf(texts(count, name)))
      expect(Math.abs(found - count) / count, `${count}: ${found}`).toBeLessThan(3 * STANDARD_ERROR)
    }
  })

  it('has no bias: over many sets the errors even out', () => {
    const errors = Array.from({ length: 60 }, (_, set) => {
      const found = estimate(registersOf(texts(40_000, (i) => `${set}/${i}`)))
      return (found - 40_000) / 40_000
    })
    const mean = errors.reduce((a, b) => a + b, 0) / errors.length
    const spread = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)
    expect(Math.abs(mean)).toBeLessThan((3 * STANDARD_ERROR) / Math.sqrt(errors.length))
    expect(spread).toBeLessThan(1.3 * STANDARD_ERROR)
  })

  it('of nothing is 0, and repeats change nothing', () => {
    expect(estimate(newRegisters())).toBe(0)
    expect(registersOf(['a', 'b', 'a', 'a'])).toEqual(registersOf(['b', 'a']))
  })

  it('of registers that are all full is a number', () => {
    expect(estimate(newRegisters().fill(0xff))).toBeGreaterThan(2 ** 50)
  })
})

describe('merged registers', () => {
  it('are those of all values, in any order', () => {
    const [a, b] = [registersOf(texts(5000, String)), registersOf(texts(9000, (i) => String(i + 2500)))]
    const all = registersOf(texts(11_500, String))
    const [ab, ba] = [a.slice(), b.slice()]
    mergeRegisters(ab, b)
    mergeRegisters(ba, a)
    expect(ab).toEqual(all)
    expect(ba).toEqual(all)
  })
})
