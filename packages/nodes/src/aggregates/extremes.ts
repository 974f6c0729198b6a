import { type DataType, greaterOf, lesserOf, type Value, withNullable } from '@millrace/expr'
import { type Aggregator, single } from './aggregator.ts'

const ORDERED: ReadonlySet<string> = new Set(['int64', 'double', 'decimal', 'string', 'timestamp'])

/** True for types whose values have an order. */
export function isOrdered({ kind }: DataType): boolean {
  return ORDERED.has(kind)
}

/** The least value; null where values of this type have no order. Texts are ordered by code point, NaN wins. */
export function leastOf(type: DataType): Aggregator | null {
  return extreme('least', type, lesserOf)
}

/** The greatest value; as `leastOf`. */
export function greatestOf(type: DataType): Aggregator | null {
  return extreme('greatest', type, greaterOf)
}

/** Keeps its result: null while there was nothing but nulls. */
function extreme(name: string, type: DataType, choose: (a: Value, b: Value) => Value): Aggregator | null {
  if (!isOrdered(type)) return null
  const nullable = withNullable(type, true)
  const add = (cells: Value[], at: number, value: Value) => {
    const before = cells[at] as Value
    cells[at] = before === null ? value : choose(before, value)
  }
  return {
    accumulator: {
      name,
      stateTypes: [nullable],
      init: [null],
      add,
      merge(cells, at, other, otherAt) {
        const value = other[otherAt] as Value
        if (value !== null) add(cells, at, value)
      },
    },
    fields: single(nullable),
    preAggregates: true,
    result: (cells, at) => [cells[at] as Value],
  }
}
