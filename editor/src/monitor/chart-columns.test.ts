import { describe, expect, test } from 'vitest'
import { formatCount } from '../format/numbers.ts'
import { chartColumns, tickWords } from './chart-columns.ts'

describe('chartColumns', () => {
  test('gives times in seconds and the values of each line', () => {
    expect(
      chartColumns(
        [1_000, 2_000],
        [
          [1, null],
          [3, 4],
        ],
      ),
    ).toEqual([
      [1, 2],
      [1, null],
      [3, 4],
    ])
  })

  test('breaks the lines where nothing was heard for a while', () => {
    const [times, values] = chartColumns([0, 10_000, 90_000, 91_000], [[1, 2, 3, 4]])
    expect(values).toEqual([1, 2, null, 3, 4])
    expect(times).toEqual([0, 10, 10.001, 90, 91])
  })

  test('of nothing are empty', () => {
    expect(chartColumns([], [[]])).toEqual([[], []])
  })
})

test('ticks that would read the same are named once', () => {
  expect(tickWords([0, 0.5, 1], formatCount)).toEqual(['0', '', '1'])
  expect(tickWords([0, 200, 400], formatCount)).toEqual(['0', '200', '400'])
})
