import { describe, expect, test } from 'vitest'
import { lengthOf, unitFor } from './duration.ts'

describe('unitFor', () => {
  test.each([
    [300_000, 'min'],
    [90_000, 's'],
    [3_600_000, 'h'],
    [172_800_000, 'd'],
    [250, 'ms'],
    [0, 's'],
    [-1_800_000, 'min'],
  ] as const)('%i ms is shown in %s, and gives the same span again', (ms, unit) => {
    expect(unitFor(ms)).toBe(unit)
    expect((ms / lengthOf(unit)) * lengthOf(unit)).toBe(ms)
    expect(Number.isInteger(ms / lengthOf(unit))).toBe(true)
  })
})
