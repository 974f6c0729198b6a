import { scalar } from '@millrace/expr'
import { type Accumulator, type Aggregator, single } from './aggregator.ts'

const INT64 = scalar('int64', false)

/** Cells: the number of values. */
const counted: Accumulator = {
  name: 'count',
  stateTypes: [INT64],
  init: [0],
  add(cells, at) {
    cells[at] = (cells[at] as number) + 1
  },
  merge(cells, at, other, otherAt) {
    cells[at] = (cells[at] as number) + (other[otherAt] as number)
  },
}

/** The number of values that are not null. */
export const count: Aggregator = {
  accumulator: counted,
  fields: single(INT64),
  preAggregates: true,
  result: (cells, at) => [cells[at] ?? null],
}
