import { expect, it } from 'vitest'
import { nextMultiple } from './next-multiple.ts'

it.each([
  [0, 5, 5],
  [4, 5, 5],
  [5, 5, 10],
  [-1, 5, 0],
  [-5, 5, 0],
  [-6, 5, -5],
  [4.5, 5, 5],
  [Number.NEGATIVE_INFINITY, 5, Number.NEGATIVE_INFINITY],
])('behind %d the next multiple of %d is %d', (time, interval, next) => {
  expect(nextMultiple(time, interval)).toBe(next)
})
