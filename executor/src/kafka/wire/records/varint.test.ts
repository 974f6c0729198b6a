import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from './varint.ts'

/** The definition: zigzag, then seven bits per byte, lowest first. */
function bytesOf(value: number): number[] {
  let raw = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n))
  const bytes: number[] = []
  for (; raw > 0x7fn; raw >>= 7n) bytes.push(Number(raw & 0x7fn) | 0x80)
  return [...bytes, Number(raw)]
}

const buffer = Buffer.alloc(16)
const edges = [
  0,
  -1,
  1,
  63,
  64,
  -64,
  -65,
  8_191,
  8_192,
  2 ** 20,
  -(2 ** 20) - 1,
  2 ** 27,
  2 ** 31 - 1,
  -(2 ** 31),
]

describe('varints', () => {
  it('of 32 bits are written as defined, in the size that was announced', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        const end = writeVarint(buffer, value, 2)
        expect([...buffer.subarray(2, end)]).toEqual(bytesOf(value))
        expect(sizeOfVarint(value)).toBe(end - 2)
      }),
      { examples: edges.map((value) => [value]) },
    )
  })

  it('of more bits are written as defined, in the size that was announced', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 52), max: 2 ** 52 - 1 }), (value) => {
        const end = writeVarlong(buffer, value, 2)
        expect([...buffer.subarray(2, end)]).toEqual(bytesOf(value))
        expect(sizeOfVarlong(value)).toBe(end - 2)
      }),
      {
        examples: [...edges, 2 ** 31, -(2 ** 31) - 1, 2 ** 34, 2 ** 52 - 1, -(2 ** 52)].map((value) => [
          value,
        ]),
      },
    )
  })
})
