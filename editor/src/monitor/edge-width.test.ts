import { describe, expect, test } from 'vitest'
import { edgeWidth } from './edge-width.ts'

describe('edgeWidth', () => {
  test('grows with the logarithm of the rate, within bounds', () => {
    expect(edgeWidth(0)).toBe(1.5)
    expect(edgeWidth(100_000)).toBe(8)
    expect(edgeWidth(10_000_000)).toBe(8)
    const steps = [1, 10, 100, 1_000, 10_000].map(edgeWidth)
    expect(steps).toEqual(steps.toSorted((a, b) => a - b))
    expect((steps[3] ?? 0) - (steps[2] ?? 0)).toBeCloseTo((steps[4] ?? 0) - (steps[3] ?? 0), 1)
  })
})
