import { RecordError, type StreamRecord } from '@millrace/engine'
import { type Field, type Row, TIMESTAMP_LIMIT, type Value } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import { type KeyReader, keyReader } from '../../config/key-reader.ts'
import { type CompiledAggregate, compileAggregates } from './compile-aggregates.ts'
import type { WindowConfig } from './definition.ts'

/** A valid config over a known input: what all operators of a window share. */
export class WindowPlan {
  readonly config: WindowConfig
  /** Reads the group of input rows. */
  readonly group: KeyReader
  readonly groupFields: readonly Field[]
  /** Fields of the cells that the aggregates keep. */
  readonly cellFields: readonly Field[]
  /** The cells before any event. */
  readonly initialCells: Row
  readonly #aggregates: readonly CompiledAggregate[]
  /** Where the cells of each aggregate begin. */
  readonly #places: readonly number[]

  constructor(config: WindowConfig, input: StreamSchema) {
    const aggregates = compileAggregates(config.aggregates, input.fields)
    if (aggregates === null) throw new Error('the config was not validated: an aggregate does not compile')
    const types = aggregates.map(({ aggregator }) => aggregator.stateTypes)
    this.config = config
    this.group = keyReader(input.fields, config.groupBy)
    this.groupFields = this.group.types.map((type, i) => ({ name: config.groupBy[i] ?? '', type }))
    this.cellFields = types.flat().map((type, i) => ({ name: `#${i}`, type }))
    this.initialCells = aggregates.flatMap(({ aggregator }) => aggregator.init)
    this.#aggregates = aggregates
    this.#places = types.map((_, i) => types.slice(0, i).flat().length)
  }

  /** The start of the window that an event time belongs to: floored division, so that it holds for negative times. */
  startOf(time: number): number {
    const { size, offset } = this.config
    const into = (time - offset) % size
    return time - (into < 0 ? into + size : into)
  }

  /**
   * As `startOf`, for a window whose bounds are timestamps.
   *
   * @throws RecordError where they are beyond the range of timestamps
   */
  checkedStartOf(time: number): number {
    const start = this.startOf(time)
    if (start >= -TIMESTAMP_LIMIT && start + this.config.size <= TIMESTAMP_LIMIT) return start
    throw new RecordError('timestamp_out_of_range', 'The window of the event leaves the range of timestamps.')
  }

  /** The watermark at which a window is final (semantics rule 8). */
  finalAt(start: number): number {
    return start + this.config.size - 1 + this.config.allowedLateness
  }

  /** What each aggregate takes of an event; null where it takes nothing. Throws where an expression fails. */
  argumentsOf(record: StreamRecord): Value[] {
    return this.#aggregates.map(({ argument, where }) => {
      if (where !== null && where(record.row, record) !== true) return null
      return argument === null ? true : argument(record.row, record)
    })
  }

  /** Adds arguments to cells, which begin at index `from`. Throws RecordError; the cells are then of no use. */
  add(cells: Value[], from: number, values: readonly Value[]): void {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as Value
      if (value !== null) this.#aggregate(i).aggregator.add(cells, from + this.#place(i), value)
    }
  }

  /** Adds the cells of another row, which begin there at `otherFrom`; as `add`. */
  merge(cells: Value[], from: number, other: Row, otherFrom: number): void {
    for (let i = 0; i < this.#aggregates.length; i++) {
      const place = this.#place(i)
      this.#aggregate(i).aggregator.merge(cells, from + place, other, otherFrom + place)
    }
  }

  /** The values of the result: group, window and aggregates. */
  resultOf(group: readonly Value[], start: number, cells: Row): Row {
    const results = this.#aggregates.map(({ aggregator }, i) => aggregator.result(cells, this.#place(i)))
    return [...group, start, start + this.config.size, ...results]
  }

  #aggregate(i: number): CompiledAggregate {
    return this.#aggregates[i] as CompiledAggregate
  }

  #place(i: number): number {
    return this.#places[i] as number
  }
}
