import { scalar } from '@millrace/expr'
import { type Accumulator, type Aggregator, single } from './aggregator.ts'
import { WHOLE } from './cells.ts'

/** Cells: the number of values. */
const counted: Accumulator = {
  name: 'count',
  stateTypes: [WHOLE],
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
  fields: single(scalar('int64', false)),
  preAggregates: true,
  result: (cells, at) => [cells[at] ?? null],
}
