import type { DataType } from '@millrace/expr'
import type { AggregateFunction, Aggregator } from './aggregator.ts'
import { collectOf } from './collect.ts'
import { count } from './count.ts'
import { populationDeviation, sampleDeviation } from './deviation.ts'
import { distinctOf } from './distinct.ts'
import { greatestOf, leastOf } from './extremes.ts'
import { firstOf, lastOf } from './first-last.ts'
import { percentileOf } from './percentile.ts'
import { averageOfDoubles, sumOfDoubles } from './sum-double.ts'
import { averageOfInt64, sumOfInt64 } from './sum-int64.ts'

/** Every aggregate function by its name, in the order of the form. Semantics rules 14 to 16. */
export const AGGREGATES = {
  count: { takesRows: true, forType: () => count },
  count_distinct: { takesRows: false, forType: distinctOf },
  sum: { takesRows: false, forType: byKind({ int64: sumOfInt64, double: sumOfDoubles }) },
  avg: { takesRows: false, forType: byKind({ int64: averageOfInt64, double: averageOfDoubles }) },
  min: { takesRows: false, forType: leastOf },
  max: { takesRows: false, forType: greatestOf },
  first: { takesRows: false, forType: firstOf },
  last: { takesRows: false, forType: lastOf },
  stddev_samp: { takesRows: false, forType: sampleDeviation },
  stddev_pop: { takesRows: false, forType: populationDeviation },
  percentile: { takesRows: false, forType: percentileOf },
  collect: { takesRows: false, forType: collectOf },
} as const satisfies Readonly<Record<string, AggregateFunction>>

/** Name of an aggregate function. */
export type AggregateName = keyof typeof AGGREGATES

function byKind(kinds: { readonly [kind: string]: Aggregator }): (type: DataType) => Aggregator | null {
  return ({ kind }) => (Object.hasOwn(kinds, kind) ? (kinds[kind] as Aggregator) : null)
}
