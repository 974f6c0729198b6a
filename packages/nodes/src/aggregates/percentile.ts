import { arrayOf, type DataType, type Row, scalar, type Value } from '@millrace/expr'
import { type Accumulator, type AggregateOptions, type Aggregator, single } from './aggregator.ts'
import { toDouble, WHOLE } from './cells.ts'
import { addToBin, binOf, mergeSketch, sketchPercentile } from './ddsketch.ts'
import { compareDoubles, placeOf } from './sorted-list.ts'

const NUMBERS = arrayOf(scalar('double', false))
const BINS = arrayOf(WHOLE)

/**
 * A percentile as a double: within 1 % of the value at its rank; or exact, interpolated between two values, as long as
 * there are no more than `exactUpTo`, with whether it is approximate. Null where values of this type are no numbers.
 */
export function percentileOf(type: DataType, options: AggregateOptions): Aggregator | null {
  const numberOf = toDouble(type)
  if (numberOf === null) return null
  return options.exact ? exactPercentile(numberOf, options) : approximatePercentile(numberOf, options)
}

type NumberOf = (value: Value) => number

function approximatePercentile(numberOf: NumberOf, { percentile }: AggregateOptions): Aggregator {
  return {
    accumulator: sketched(numberOf),
    fields: single(scalar('double')),
    preAggregates: true,
    result: (cells, at) => [sketchPercentile(cells, at, percentile)],
  }
}

/** Cells: a sketch. */
function sketched(numberOf: NumberOf): Accumulator {
  return {
    name: 'sketch',
    stateTypes: [BINS, BINS],
    init: [null, null],
    add(cells, at, value) {
      addToBin(cells, at, binOf(numberOf(value)), 1)
    },
    merge: mergeSketch,
  }
}

function exactPercentile(numberOf: NumberOf, { percentile, exactUpTo }: AggregateOptions): Aggregator {
  return {
    accumulator: numbersUpTo(exactUpTo, numberOf),
    fields: [
      { suffix: '', type: scalar('double') },
      { suffix: '_approximate', type: scalar('boolean', false) },
    ],
    preAggregates: true,
    result(cells, at) {
      if (cells[at + 1] !== null) return [sketchPercentile(cells, at + 1, percentile), true]
      return [interpolated((cells[at] ?? []) as readonly number[], percentile), false]
    },
  }
}

/** Between the two values around the rank p · (n − 1) / 100, as SQL's percentile_cont. */
function interpolated(numbers: readonly number[], percentile: number): number | null {
  if (numbers.length === 0) return null
  const rank = (percentile * (numbers.length - 1)) / 100
  const lower = numbers[Math.floor(rank)] as number
  const upper = numbers[Math.ceil(rank)] as number
  const share = rank - Math.floor(rank)
  return lower === upper ? lower : lower * (1 - share) + upper * share
}

/** Cells: the numbers in order, null before any and once there were more than the limit; then a sketch. */
function numbersUpTo(limit: number, numberOf: NumberOf): Accumulator {
  const add = (cells: Value[], at: number, value: number) => {
    if (cells[at + 1] !== null) addToBin(cells, at + 1, binOf(value), 1)
    else insert(cells, at, value, limit)
  }
  return {
    name: `numbers up to ${limit}`,
    stateTypes: [NUMBERS, BINS, BINS],
    init: [null, null, null],
    add: (cells, at, value) => add(cells, at, numberOf(value)),
    merge(cells, at, other, otherAt) {
      if (other[otherAt + 1] !== null) {
        sketchNumbers(cells, at)
        mergeSketch(cells, at + 1, other, otherAt + 1)
      }
      for (const value of (other[otherAt] ?? []) as readonly number[]) add(cells, at, value)
    },
  }
}

function insert(cells: Value[], at: number, value: number, limit: number): void {
  if (cells[at] === null) cells[at] = []
  const numbers = cells[at] as number[]
  numbers.splice(placeOf(numbers, value, compareDoubles), 0, value)
  if (numbers.length > limit) sketchNumbers(cells, at)
}

/** From here on there is a sketch. */
function sketchNumbers(cells: Value[], at: number): void {
  for (const value of (cells[at] ?? []) as Row) addToBin(cells, at + 1, binOf(value as number), 1)
  cells[at] = null
}
