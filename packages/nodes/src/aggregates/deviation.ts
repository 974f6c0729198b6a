import { type DataType, type Row, scalar, type Value } from '@millrace/expr'
import { type Accumulator, type Aggregator, single } from './aggregator.ts'
import { toDouble, WHOLE } from './cells.ts'

const DOUBLE = scalar('double', false)

/**
 * Cells: the number of values, their mean, and the sum of squared differences from it. int64 values beyond 2^53 and
 * decimals are rounded to doubles.
 * Source: T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample
 * Variances", 1979; for one value it is B. P. Welford's method.
 */
function momentsOf(numberOf: (value: Value) => number): Accumulator {
  return {
    name: 'moments',
    stateTypes: [WHOLE, DOUBLE, DOUBLE],
    init: [0, 0, 0],
    add(cells, at, value) {
      const number = numberOf(value)
      const counted = (cells[at] as number) + 1
      const before = cells[at + 1] as number
      const difference = number - before
      const mean = before + difference / counted
      cells[at] = counted
      cells[at + 1] = mean
      cells[at + 2] = (cells[at + 2] as number) + difference * (number - mean)
    },
    merge(cells, at, other, otherAt) {
      const added = other[otherAt] as number
      if (added === 0) return
      const counted = cells[at] as number
      const total = counted + added
      const difference = (other[otherAt + 1] as number) - (cells[at + 1] as number)
      const share = added / total
      cells[at] = total
      cells[at + 1] = (cells[at + 1] as number) + difference * share
      cells[at + 2] =
        (cells[at + 2] as number) + (other[otherAt + 2] as number) + difference * difference * counted * share
    },
  }
}

/** The standard deviation of values that are all there is; null over nothing. */
export function populationDeviation(type: DataType): Aggregator | null {
  return deviation(type, 0)
}

/** The standard deviation of values that are a sample; null over fewer than two. */
export function sampleDeviation(type: DataType): Aggregator | null {
  return deviation(type, 1)
}

function deviation(type: DataType, correction: 0 | 1): Aggregator | null {
  const numberOf = toDouble(type)
  if (numberOf === null) return null
  return {
    accumulator: momentsOf(numberOf),
    fields: single(scalar('double')),
    preAggregates: true,
    result: (cells, at) => [deviationOf(cells, at, correction)],
  }
}

function deviationOf(cells: Row, at: number, correction: number): Value {
  const degrees = (cells[at] as number) - correction
  return degrees <= 0 ? null : Math.sqrt((cells[at + 2] as number) / degrees)
}
