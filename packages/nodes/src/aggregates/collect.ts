import { arrayOf, type DataType, type Row, scalar, type Value, withNullable } from '@millrace/expr'
import type { Accumulator, AggregateOptions, Aggregator } from './aggregator.ts'
import { placeOf } from './sorted-list.ts'
import { LIST_BYTES, valueSize } from './value-size.ts'

/**
 * The values as an array in order of event time (ties: by arrival), with whether there were more: of too many, those of
 * the earliest events are kept, at most `limit` and 64 kB.
 */
export function collectOf(type: DataType, { limit }: AggregateOptions): Aggregator {
  const list = arrayOf(withNullable(type, false))
  return {
    accumulator: collected(type, limit),
    fields: [
      { suffix: '', type: list },
      { suffix: '_truncated', type: scalar('boolean', false) },
    ],
    preAggregates: false,
    result(cells, at) {
      const values = cells[at + 1] as readonly Value[] | null
      return [values === null ? null : [...values], cells[at + 2] !== null]
    },
  }
}

/** Cells: the times of the values, the values, and the time from which on values are left out (null: none are). */
function collected(type: DataType, limit: number): Accumulator {
  const list = new TimedList(limit, !FIXED_SIZE.has(type.kind))
  return {
    name: `collected up to ${limit}`,
    stateTypes: [
      arrayOf(scalar('timestamp', false)),
      arrayOf(withNullable(type, false)),
      scalar('timestamp'),
    ],
    init: [null, null, null],
    add(cells, at, value, time) {
      const end = cells[at + 2] as number | null
      if (end === null || time < end) list.insert(cells, at, value, time)
    },
    merge(cells, at, other, otherAt) {
      list.merge(cells, at, other, otherAt)
    },
  }
}

const FIXED_SIZE: ReadonlySet<string> = new Set(['boolean', 'int64', 'double', 'decimal', 'timestamp'])

class TimedList {
  readonly #limit: number
  readonly #mustMeasure: boolean

  constructor(limit: number, mustMeasure: boolean) {
    this.#limit = limit
    this.#mustMeasure = mustMeasure
  }

  insert(cells: Value[], at: number, value: Value, time: number): void {
    if (cells[at] === null) {
      cells[at] = []
      cells[at + 1] = []
    }
    const times = cells[at] as number[]
    const values = cells[at + 1] as Value[]
    const place = placeOf(times, time, isNotBehind)
    times.splice(place, 0, time)
    values.splice(place, 0, value)
    while (values.length > this.#limit || (this.#mustMeasure && valueSize(values) > LIST_BYTES))
      leaveOutLast(cells, at)
  }

  /** The other's values count as later arrivals. */
  merge(cells: Value[], at: number, other: Row, otherAt: number): void {
    const end = earlier(cells[at + 2] as number | null, other[otherAt + 2] as number | null)
    const times = (other[otherAt] ?? []) as readonly number[]
    const values = (other[otherAt + 1] ?? []) as readonly Value[]
    const ownEnd = cells[at + 2] as number | null
    while (end !== null && ((cells[at] as readonly number[] | null)?.at(-1) ?? end) > end)
      leaveOutLast(cells, at)
    for (let i = 0; i < times.length; i++) {
      const time = times[i] as number
      if (ownEnd === null || time < ownEnd) this.insert(cells, at, values[i] as Value, time)
    }
    cells[at + 2] = earlier(end, cells[at + 2] as number | null)
  }
}

/** Finds the place behind all entries of the same time. */
function isNotBehind(entry: number, time: number): number {
  return entry <= time ? -1 : 1
}

function leaveOutLast(cells: Value[], at: number): void {
  const values = cells[at + 1] as Value[]
  values.pop()
  cells[at + 2] = (cells[at] as number[]).pop() as number
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return Math.min(a, b)
}
