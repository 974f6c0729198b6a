import type { Value } from '@millrace/expr'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addToBin, binOf, mergeSketch, numberOf, RELATIVE_ERROR, sketchPercentile } from './ddsketch.ts'

const LEAST_NORMAL = 2 ** -1022

function sketchOf(values: readonly number[]): Value[] {
  const cells: Value[] = [null, null]
  for (const value of values) addToBin(cells, 0, binOf(value), 1)
  return cells
}

/** The number that stands for a value, within the error. */
function expectNear(actual: number, value: number): void {
  if (Math.abs(value) < LEAST_NORMAL) expect(actual).toBe(0)
  else if (!Number.isFinite(value)) expect(actual).toBe(value)
  else expect(Math.abs(actual - value)).toBeLessThanOrEqual(Math.abs(value) * (RELATIVE_ERROR + 1e-10))
}

describe('a bin', () => {
  it('stands for its numbers within 1 %, over the whole range of doubles', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => expectNear(numberOf(binOf(value)), value)),
      { numRuns: 5000 },
    )
    for (const value of [Number.MAX_VALUE, -Number.MAX_VALUE, LEAST_NORMAL, 5e-324, 0, -0, 1, -1])
      expectNear(numberOf(binOf(value)), value)
  })

  it('is larger for larger numbers; NaN comes last, as among the aggregates', () => {
    const numbers = [-Infinity, -1e300, -1, -1e-300, 0, 1e-300, 1, 1e300, Infinity, Number.NaN]
    const bins = numbers.map(binOf)
    expect(bins).toEqual(bins.toSorted((a, b) => a - b))
    expect(new Set(bins).size).toBe(numbers.length)
    expect(numberOf(binOf(Number.NaN))).toBe(Number.NaN)
  })
})

describe('a percentile of a sketch', () => {
  const percents = fc.oneof(
    fc.constantFrom(0, 1, 25, 50, 95, 99, 99.9, 100),
    fc.double({ min: 0, max: 100, noNaN: true }),
  )
  // Many orders of magnitude, both signs, many ties, and the plain doubles.
  const number = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.integer({ min: -300, max: 300 }).map((power) => 10 ** power),
    fc.double({ noNaN: true }),
  )

  it('is within 1 % of the value at its rank', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 60 }), percents, (values, percent) => {
        const sorted = values.toSorted((a, b) => a - b)
        const rank = Math.floor((percent * (values.length - 1)) / 100)
        expectNear(sketchPercentile(sketchOf(values), 0, percent) as number, sorted[rank] as number)
      }),
      { numRuns: 2000 },
    )
  })

  it('of nothing is null', () => {
    expect(sketchPercentile([null, null], 0, 50)).toBe(null)
  })

  it('of a million values needs some hundreds of bins', () => {
    const cells: Value[] = [null, null]
    // Response times from 0.1 ms to 100 s.
    for (let i = 0; i < 1_000_000; i++) addToBin(cells, 0, binOf(10 ** ((i * 6) / 1_000_000 - 1)), 1)
    expect((cells[0] as number[]).length).toBeLessThan(700)
    expect(sketchPercentile(cells, 0, 50)).toBeCloseTo(100, -1)
  })
})

describe('a sketch', () => {
  it('has the same cells whatever the order, and merged from any parts', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.array(fc.double()), (some, others) => {
        const cells = sketchOf(some)
        mergeSketch(cells, 0, sketchOf(others), 0)
        expect(cells).toEqual(sketchOf([...others, ...some].reverse()))
      }),
    )
  })
})
