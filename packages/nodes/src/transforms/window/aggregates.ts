import { RecordError } from '@millrace/engine'
import {
  addInt64,
  type DataType,
  EvaluationError,
  greaterOf,
  type Int64,
  lesserOf,
  type Row,
  scalar,
  type Value,
  withNullable,
} from '@millrace/expr'
import { addToWide, type Wide, wideAverage } from './wide-sum.ts'

/** The aggregates that a window can compute. */
export type AggregateName = 'count' | 'sum' | 'avg' | 'min' | 'max'

/**
 * How an aggregate works on arguments of one type. It keeps a few cells of a row, from `at` on. Merging the cells of
 * disjoint sets of events gives the cells of all of them, in any order (sums of doubles: but for rounding).
 */
export interface Aggregator {
  /** Types of its cells. */
  readonly stateTypes: readonly DataType[]
  readonly resultType: DataType
  /** The cells before any event. */
  readonly init: Row
  /** Takes one argument that is not null. Throws RecordError where the result would leave its type. */
  add(cells: Value[], at: number, value: Value): void
  /** Takes the cells of another row; throws as `add`. */
  merge(cells: Value[], at: number, other: Row, otherAt: number): void
  result(cells: Row, at: number): Value
}

/** One aggregate function. */
export interface AggregateFunction {
  /** True where it may stand without argument: it then takes every event. */
  readonly takesRows: boolean
  /** Null where arguments of this type have no such aggregate. */
  forType(type: DataType): Aggregator | null
}

const INT64 = scalar('int64', false)
const DOUBLE = scalar('double', false)

const count: Aggregator = {
  stateTypes: [INT64],
  resultType: INT64,
  init: [0],
  add(cells, at) {
    cells[at] = (cells[at] as number) + 1
  },
  merge(cells, at, other, otherAt) {
    cells[at] = (cells[at] as number) + (other[otherAt] as number)
  },
  result: (cells, at) => cells[at] as Value,
}

/** An aggregate that keeps its result, null while there was nothing but nulls. */
function folding(type: DataType, fold: (a: Value, b: Value) => Value): Aggregator {
  const nullable = withNullable(type, true)
  const add = (cells: Value[], at: number, value: Value) => {
    const before = cells[at] as Value
    cells[at] = before === null ? value : fold(before, value)
  }
  return {
    stateTypes: [nullable],
    resultType: nullable,
    init: [null],
    add,
    merge(cells, at, other, otherAt) {
      const value = other[otherAt] as Value
      if (value !== null) add(cells, at, value)
    },
    result: (cells, at) => cells[at] as Value,
  }
}

function addExactly(a: Value, b: Value): Value {
  try {
    return addInt64(a as Int64, b as Int64)
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error
    throw new RecordError('int64_overflow', 'With this event the sum leaves the range of int64.')
  }
}

function addDoubles(a: Value, b: Value): Value {
  return (a as number) + (b as number)
}

/** Cells: count, and the exact sum in two parts. */
const averageOfInt64: Aggregator = {
  stateTypes: [INT64, INT64, INT64],
  resultType: scalar('double'),
  init: [0, 0, 0],
  add(cells, at, value) {
    addAverage(cells, at, 1, [value as Int64, 0])
  },
  merge(cells, at, other, otherAt) {
    addAverage(cells, at, other[otherAt] as number, wideAt(other, otherAt + 1))
  },
  result: (cells, at) => wideAverage(wideAt(cells, at + 1), cells[at] as number),
}

function addAverage(cells: Value[], at: number, counted: number, sum: Wide): void {
  const [low, high] = addToWide(wideAt(cells, at + 1), sum)
  cells[at] = (cells[at] as number) + counted
  cells[at + 1] = low
  cells[at + 2] = high
}

function wideAt(cells: Row, at: number): Wide {
  return [cells[at] as Int64, cells[at + 1] as Int64]
}

/** Cells: count and sum. */
const averageOfDoubles: Aggregator = {
  stateTypes: [INT64, DOUBLE],
  resultType: scalar('double'),
  init: [0, 0],
  add(cells, at, value) {
    cells[at] = (cells[at] as number) + 1
    cells[at + 1] = addDoubles(cells[at + 1] as Value, value)
  },
  merge(cells, at, other, otherAt) {
    cells[at] = (cells[at] as number) + (other[otherAt] as number)
    cells[at + 1] = addDoubles(cells[at + 1] as Value, other[otherAt + 1] as Value)
  },
  result: (cells, at) => (cells[at] === 0 ? null : (cells[at + 1] as number) / (cells[at] as number)),
}

const ORDERED: ReadonlySet<string> = new Set(['int64', 'double', 'string', 'timestamp'])

function ordered(fold: (a: Value, b: Value) => Value): AggregateFunction['forType'] {
  return (type) => (ORDERED.has(type.kind) ? folding(type, fold) : null)
}

/** Every aggregate function by its name. Semantics rules 14 and 15. */
export const AGGREGATES: Readonly<Record<AggregateName, AggregateFunction>> = {
  count: { takesRows: true, forType: () => count },
  sum: { takesRows: false, forType: sumFor },
  avg: { takesRows: false, forType: averageFor },
  min: { takesRows: false, forType: ordered(lesserOf) },
  max: { takesRows: false, forType: ordered(greaterOf) },
}

function sumFor(type: DataType): Aggregator | null {
  if (type.kind === 'int64') return folding(type, addExactly)
  return type.kind === 'double' ? folding(type, addDoubles) : null
}

function averageFor({ kind }: DataType): Aggregator | null {
  if (kind === 'int64') return averageOfInt64
  return kind === 'double' ? averageOfDoubles : null
}
