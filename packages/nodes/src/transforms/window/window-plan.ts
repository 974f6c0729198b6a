import { RecordError } from '@millrace/engine'
import { type Field, type Row, TIMESTAMP_LIMIT, type Value } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import { AggregatePlan, type ReportFault } from '../../aggregates/aggregate-plan.ts'
import { compileAggregates } from '../../aggregates/compile-aggregates.ts'
import { type KeyReader, keyReader } from '../../config/key-reader.ts'
import type { WindowConfig } from './definition.ts'

/** A valid config over a known input: what all operators of a window share. */
export class WindowPlan {
  readonly config: WindowConfig
  /** Reads the group of input rows. */
  readonly group: KeyReader
  readonly groupFields: readonly Field[]
  readonly aggregates: AggregatePlan

  constructor(config: WindowConfig, input: StreamSchema) {
    const aggregates = compileAggregates(config.aggregates, input.fields)
    if (aggregates === null) throw new Error('the config was not validated: an aggregate does not compile')
    this.config = config
    this.group = keyReader(input.fields, config.groupBy)
    this.groupFields = this.group.types.map((type, i) => ({ name: config.groupBy[i] ?? '', type }))
    this.aggregates = new AggregatePlan(aggregates)
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

  /** The values of the result: group, window and aggregates. */
  resultOf(group: readonly Value[], start: number, cells: Row, report: ReportFault): Row {
    const row = [...group, start, start + this.config.size]
    this.aggregates.appendResults(row, cells, 0, report)
    return row
  }
}
