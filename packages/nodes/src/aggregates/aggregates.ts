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
import { averageOfDecimals, averageOfInt64, sumOfDecimals, sumOfInt64 } from './sum-exact.ts'

/** Every aggregate function by its name, in the order of the form. Semantics rules 14 to 16. */
export const AGGREGATES = {
  count: { takesRows: true, forType: () => count },
  count_distinct: { takesRows: false, forType: distinctOf },
  sum: { takesRows: false, forType: sumOf },
  avg: { takesRows: false, forType: averageOf },
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

function sumOf(type: DataType): Aggregator | null {
  if (type.kind === 'decimal') return sumOfDecimals(type)
  if (type.kind === 'int64') return sumOfInt64
  return type.kind === 'double' ? sumOfDoubles : null
}

function averageOf(type: DataType): Aggregator | null {
  if (type.kind === 'decimal') return averageOfDecimals(type)
  if (type.kind === 'int64') return averageOfInt64
  return type.kind === 'double' ? averageOfDoubles : null
}
