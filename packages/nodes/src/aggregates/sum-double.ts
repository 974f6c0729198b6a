import { type Row, scalar, type Value } from '@millrace/expr'
import { type Accumulator, type Aggregator, single } from './aggregator.ts'
import { WHOLE } from './cells.ts'

const DOUBLE = scalar('double', false)

/**
 * Cells: the number of values, their sum, and what rounding took from it. The compensated sum is right to about the last
 * digit in any order of the events, as long as the values are not some 10^15 times larger than the result.
 * Source: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", 1974.
 */
const summed: Accumulator = {
  name: 'sum of doubles',
  stateTypes: [WHOLE, DOUBLE, DOUBLE],
  init: [0, 0, 0],
  add(cells, at, value) {
    cells[at] = (cells[at] as number) + 1
    addCompensated(cells, at + 1, value as number)
  },
  merge(cells, at, other, otherAt) {
    cells[at] = (cells[at] as number) + (other[otherAt] as number)
    addCompensated(cells, at + 1, other[otherAt + 1] as number)
    cells[at + 2] = (cells[at + 2] as number) + (other[otherAt + 2] as number)
  },
}

function addCompensated(cells: Value[], at: number, value: number): void {
  const before = cells[at] as number
  const after = before + value
  const lost = Math.abs(before) >= Math.abs(value) ? before - after + value : value - after + before
  cells[at] = after
  cells[at + 1] = (cells[at + 1] as number) + lost
}

/** Infinities have no rounding: there the plain sum stands. */
function total(cells: Row, at: number): number {
  const sum = cells[at + 1] as number
  return Number.isFinite(sum) ? sum + (cells[at + 2] as number) : sum
}

/** The sum; null over nothing. */
export const sumOfDoubles: Aggregator = {
  accumulator: summed,
  fields: single(scalar('double')),
  empty: [0],
  preAggregates: true,
  result: (cells, at) => [cells[at] === 0 ? null : total(cells, at)],
}

/** The average; null over nothing. */
export const averageOfDoubles: Aggregator = {
  accumulator: summed,
  fields: single(scalar('double')),
  preAggregates: true,
  result: (cells, at) => [cells[at] === 0 ? null : total(cells, at) / (cells[at] as number)],
}
