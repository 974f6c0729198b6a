import type { DataType, Row, Value } from '@millrace/expr'

/**
 * Keeps what must be known of the values it was given, in a few cells of a row, from `at` on. Nothing here fails: what
 * leaves its type does so in the result. Merging the cells of disjoint sets of events gives the cells of all of them,
 * in any order (doubles: but for rounding).
 */
export interface Accumulator {
  /** Accumulators of one name over the same values hold the same: aggregates share them. */
  readonly name: string
  /** Types of its cells, for the state codec. */
  readonly stateTypes: readonly DataType[]
  /** The cells before any event: plain values that nobody changes. */
  readonly init: Row
  /** Takes a value that is not null, of an event with this event time, epoch ms. Changes cells in place. */
  add(cells: Value[], at: number, value: Value, time: number): void
  /** Takes the cells of another row, which stay as they are. */
  merge(cells: Value[], at: number, other: Row, otherAt: number): void
}

/** One field of an aggregate's result. */
export interface ResultField {
  /** Stands behind the name that the aggregate has; empty for the result proper. */
  readonly suffix: string
  readonly type: DataType
}

/** A result that cannot be given: it is null, and somebody must be told. */
export interface ResultFault {
  readonly code: 'int64_overflow' | 'decimal_overflow'
  readonly message: string
}

/** An aggregate over values of one type: what it keeps, and what it makes of that. */
export interface Aggregator {
  readonly accumulator: Accumulator
  readonly fields: readonly ResultField[]
  /** True where parts that were added up before a cut give the same result. */
  readonly preAggregates: boolean
  /** The result where values were expected and none came; absent: what it is over nothing. */
  readonly empty?: readonly Value[]
  /** The values of the result's fields; shares nothing that changes with the cells. */
  result(cells: Row, at: number, report: (fault: ResultFault) => void): readonly Value[]
}

/** What some aggregates want to know beside their argument. */
export interface AggregateOptions {
  /** Percentile: 0 to 100. */
  readonly percentile: number
  /** Percentile: keep the values themselves, up to `exactUpTo`. */
  readonly exact: boolean
  /** Count distinct and exact percentile: number of values up to which the result is exact. */
  readonly exactUpTo: number
  /** Collect: number of values that are kept. */
  readonly limit: number
}

/** One aggregate function. */
export interface AggregateFunction {
  /** True where it may stand without argument: it then takes every event. */
  readonly takesRows: boolean
  /** Null where arguments of this type have no such aggregate. */
  forType(type: DataType, options: AggregateOptions): Aggregator | null
}

/** A result with one field. */
export function single(type: DataType): readonly ResultField[] {
  return [{ suffix: '', type }]
}
