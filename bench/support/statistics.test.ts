import { expect, it } from 'vitest'
import { median, quantile, spread } from './statistics.ts'

it.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[7], 7],
  [[], Number.NaN],
])('takes the median of %j', (samples, middle) => {
  expect(median(samples)).toBe(middle)
})

it.each([
  [0, 1],
  [0.5, 50],
  [0.99, 99],
  [0.991, 100],
  [1, 100],
])('takes the quantile %d of 1 to 100', (share, value) => {
  expect(
    quantile(
      Array.from({ length: 100 }, (_, i) => 100 - i),
      share,
    ),
  ).toBe(value)
})

it('knows no quantile of nothing', () => {
  expect(quantile([], 0.5)).toBeNaN()
})

it('takes half the distance from least to most as the spread', () => {
  expect(spread([90, 100, 120])).toBeCloseTo(0.15)
})
