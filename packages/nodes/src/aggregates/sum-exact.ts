import {
  addDecimals,
  type DecimalType,
  decimalAverageType,
  decimalSumType,
  divideDecimals,
  fitsPrecision,
  MAX_PRECISION,
  type Row,
  scalar,
  toInt64,
  type Value,
  type Whole,
} from '@millrace/expr'
import { type Accumulator, type Aggregator, single } from './aggregator.ts'
import { WHOLE } from './cells.ts'

/**
 * Cells: the number of values, and their exact sum in units of the last digit. The sum may leave its type on the way;
 * whether it does in the end does not depend on the order of the events.
 */
const summed: Accumulator = {
  name: 'exact sum',
  stateTypes: [WHOLE, WHOLE],
  init: [0, 0],
  add(cells, at, value) {
    cells[at] = (cells[at] as number) + 1
    cells[at + 1] = addDecimals(cells[at + 1] as Whole, value as Whole)
  },
  merge(cells, at, other, otherAt) {
    cells[at] = (cells[at] as number) + (other[otherAt] as number)
    cells[at + 1] = addDecimals(cells[at + 1] as Whole, other[otherAt + 1] as Whole)
  },
}

/** The exact sum; null over nothing, and where it leaves the range of int64. */
export const sumOfInt64: Aggregator = {
  accumulator: summed,
  fields: single(scalar('int64')),
  preAggregates: true,
  empty: [0],
  result(cells, at, report) {
    if (cells[at] === 0) return [null]
    const sum = cells[at + 1] as Whole
    if (typeof sum === 'number') return [sum]
    const value = toInt64(sum)
    if (value === null)
      report({ code: 'int64_overflow', message: `the sum ${sum} leaves the range of int64` })
    return [value]
  },
}

/** The average as a double, from the exact sum. */
export const averageOfInt64: Aggregator = {
  accumulator: summed,
  fields: single(scalar('double')),
  preAggregates: true,
  result: (cells, at) => [cells[at] === 0 ? null : Number(cells[at + 1]) / (cells[at] as number)],
}

/** The exact sum, as SQL has it: 38 digits, as many behind the point as the values; null with more. */
export function sumOfDecimals(type: DecimalType): Aggregator {
  const result = decimalSumType(type)
  return decimals(result, [0], (cells, at) => cells[at + 1] as Whole)
}

/** The average, from the exact sum: at least six digits behind the point, the last one rounded. */
export function averageOfDecimals(type: DecimalType): Aggregator {
  const result = decimalAverageType(type)
  const digits = result.scale - type.scale
  return decimals(result, undefined, (cells, at) =>
    divideDecimals(cells[at + 1] as Whole, cells[at] as number, digits),
  )
}

function decimals(
  type: DecimalType,
  empty: readonly Value[] | undefined,
  wanted: (cells: Row, at: number) => Whole,
): Aggregator {
  return {
    accumulator: summed,
    fields: single(type),
    preAggregates: true,
    ...(empty && { empty }),
    result(cells, at, report) {
      if (cells[at] === 0) return [null]
      const value = wanted(cells, at)
      if (fitsPrecision(value, MAX_PRECISION)) return [value]
      report({ code: 'decimal_overflow', message: `the result has more than ${MAX_PRECISION} digits` })
      return [null]
    },
  }
}
