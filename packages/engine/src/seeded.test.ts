import { describe, expect, it } from 'vitest'
import { seededNumber } from './seeded.ts'

describe('seededNumber', () => {
  it('is the same for the same arguments, for ever', () => {
    expect([
      seededNumber(1, 0, 0),
      seededNumber(1, 1, 0),
      seededNumber(2, 0, 0),
      seededNumber(1, 0, 1),
    ]).toEqual([0.1929813683964312, 0.9914134561549872, 0.552035506349057, 0.781856547575444])
  })

  it('depends on all 53 bits of the index', () => {
    expect(seededNumber(1, 2 ** 32, 0)).not.toBe(seededNumber(1, 0, 0))
    expect(seededNumber(1, 2 ** 52, 0)).not.toBe(seededNumber(1, 0, 0))
  })

  it('spreads evenly over [0, 1)', () => {
    const tenths = new Array<number>(10).fill(0)
    for (let i = 0; i < 100_000; i++) {
      const tenth = Math.floor(seededNumber(7, i, 3) * 10)
      tenths[tenth] = (tenths[tenth] ?? 0) + 1
    }
    expect(tenths).toHaveLength(10)
    expect(Math.min(...tenths)).toBeGreaterThan(9_700)
    expect(Math.max(...tenths)).toBeLessThan(10_300)
  })
})
