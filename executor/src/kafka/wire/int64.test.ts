import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readInt64, writeInt64 } from './int64.ts'

describe('64-bit integers as numbers', () => {
  it('are written as two complements and read back', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const buffer = Buffer.alloc(9)
        writeInt64(buffer, value, 1)
        expect(buffer.readBigInt64BE(1)).toBe(BigInt(value))
        expect(readInt64(buffer, 1)).toBe(value)
      }),
      {
        examples: [
          [0],
          [-1],
          [-2],
          [2 ** 32],
          [-(2 ** 32)],
          [Number.MAX_SAFE_INTEGER],
          [Number.MIN_SAFE_INTEGER],
        ],
      },
    )
  })

  it.each([2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)])(
    'refuse %s, which a number cannot hold',
    (value) => {
      const buffer = Buffer.alloc(8)
      buffer.writeBigInt64BE(value)
      expect(() => readInt64(buffer, 0)).toThrow(expect.objectContaining({ code: 'NUMBER_TOO_LARGE' }))
    },
  )
})
