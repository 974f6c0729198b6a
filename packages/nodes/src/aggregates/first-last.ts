import { type DataType, scalar, type Value, withNullable } from '@millrace/expr'
import { type Aggregator, single } from './aggregator.ts'

/** The value of the earliest event; of several at one time the one that arrived first. */
export function firstOf(type: DataType): Aggregator {
  return chosenByTime('first', type, (time, before) => time < before)
}

/** The value of the latest event; of several at one time the one that arrived last. */
export function lastOf(type: DataType): Aggregator {
  return chosenByTime('last', type, (time, before) => time >= before)
}

/**
 * Cells: the time of the chosen event and its value, both null before any. Of two rows that are merged, the events of
 * the other count as later arrivals; rows that are added up before a cut would not know, so there are none.
 */
function chosenByTime(
  name: string,
  type: DataType,
  wins: (time: number, before: number) => boolean,
): Aggregator {
  const nullable = withNullable(type, true)
  const add = (cells: Value[], at: number, value: Value, time: number) => {
    const before = cells[at] as number | null
    if (before !== null && !wins(time, before)) return
    cells[at] = time
    cells[at + 1] = value
  }
  return {
    accumulator: {
      name,
      stateTypes: [scalar('timestamp'), nullable],
      init: [null, null],
      add,
      merge(cells, at, other, otherAt) {
        const time = other[otherAt] as number | null
        if (time !== null) add(cells, at, other[otherAt + 1] as Value, time)
      },
    },
    fields: single(nullable),
    preAggregates: false,
    result: (cells, at) => [cells[at + 1] as Value],
  }
}
