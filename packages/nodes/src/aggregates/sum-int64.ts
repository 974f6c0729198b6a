import { type Int64, type Row, scalar, toInt64, type Value } from '@millrace/expr'
import { type Accumulator, type Aggregator, single } from './aggregator.ts'
import { addToWide, type Wide, wideAverage, wideTotal } from './wide-sum.ts'

const INT64 = scalar('int64', false)

/**
 * Cells: the number of values, and their exact sum in two parts. The sum may leave int64 on the way; whether it does in
 * the end does not depend on the order of the events.
 */
const summed: Accumulator = {
  name: 'sum of int64',
  stateTypes: [INT64, INT64, INT64],
  init: [0, 0, 0],
  add(cells, at, value) {
    addAll(cells, at, 1, value as Int64, 0)
  },
  merge(cells, at, other, otherAt) {
    const [counted, low, high] = [other[otherAt], other[otherAt + 1], other[otherAt + 2]]
    addAll(cells, at, counted as number, low as Int64, high as Int64)
  },
}

function addAll(cells: Value[], at: number, counted: number, low: Int64, high: Int64): void {
  cells[at] = (cells[at] as number) + counted
  const before = cells[at + 1] as Int64
  if (high === 0 && cells[at + 2] === 0 && typeof low === 'number' && typeof before === 'number') {
    const sum = before + low
    if (Number.isSafeInteger(sum)) {
      cells[at + 1] = sum
      return
    }
  }
  const [newLow, newHigh] = addToWide(wideAt(cells, at), [low, high])
  cells[at + 1] = newLow
  cells[at + 2] = newHigh
}

function wideAt(cells: Row, at: number): Wide {
  return [cells[at + 1] as Int64, cells[at + 2] as Int64]
}

/** The exact sum; null over nothing, and where it leaves the range of int64. */
export const sumOfInt64: Aggregator = {
  accumulator: summed,
  fields: single(scalar('int64')),
  preAggregates: true,
  result(cells, at, report) {
    if (cells[at] === 0) return [null]
    if (cells[at + 2] === 0) return [cells[at + 1] as Int64]
    const total = wideTotal(wideAt(cells, at))
    const sum = toInt64(total)
    if (sum === null)
      report({ code: 'int64_overflow', message: `the sum ${total} leaves the range of int64` })
    return [sum]
  },
}

/** The average as a double, from the exact sum. */
export const averageOfInt64: Aggregator = {
  accumulator: summed,
  fields: single(scalar('double')),
  preAggregates: true,
  result: (cells, at) => [wideAverage(wideAt(cells, at), cells[at] as number)],
}
