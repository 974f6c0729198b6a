import { RecordError } from '@millrace/engine'
import { decodeKey, type Field, type Row, TIMESTAMP_LIMIT, type Value } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import { AggregatePlan, type ReportFault } from '../../aggregates/aggregate-plan.ts'
import { WHOLE } from '../../aggregates/cells.ts'
import { compileAggregates } from '../../aggregates/compile-aggregates.ts'
import { type KeyReader, keyReader } from '../../config/key-reader.ts'
import { Pace } from './pace.ts'
import type { WindowConfig } from './settings.ts'

/** Places in a state row: what is known of its window or pane, a time, and the cells of the aggregates. */
export const FLAGS = 0
export const MARK = 1
export const CELLS = 2

/** The result is out, early or in full. */
export const EMITTED = 1
/** Something came since then. */
export const CHANGED = 2

/** A time beyond all windows. */
export const NEVER = TIMESTAMP_LIMIT + 1

/** A valid config over a known input: what all operators of a window share. */
export class WindowPlan {
  readonly config: WindowConfig
  /** Reads the group of input rows. */
  readonly group: KeyReader
  readonly groupFields: readonly Field[]
  readonly aggregates: AggregatePlan
  readonly pace: Pace
  /** Fields of a state row. */
  readonly stateFields: readonly Field[]

  constructor(config: WindowConfig, input: StreamSchema) {
    const aggregates = compileAggregates(config.aggregates, input.fields)
    if (aggregates === null) throw new Error('the config was not validated: an aggregate does not compile')
    this.config = config
    this.group = keyReader(input.fields, config.groupBy)
    this.groupFields = this.group.types.map((type, i) => ({ name: config.groupBy[i] ?? '', type }))
    this.aggregates = new AggregatePlan(aggregates)
    this.pace = new Pace(config)
    this.stateFields = [
      { name: '#flags', type: WHOLE },
      { name: '#mark', type: WHOLE },
      ...this.aggregates.cellFields,
    ]
  }

  /** A state row before any event. */
  newRow(mark = 0): Value[] {
    return [0, mark, ...this.aggregates.newCells()]
  }

  /** The values of a result: group, window and aggregates. */
  resultOf(group: string, start: number, end: number, row: Row, report: ReportFault): Row {
    const result = this.#resultHead(group, start, end)
    this.aggregates.appendResults(result, row, CELLS, report)
    return result
  }

  /** The values of the result of a window without events that fills a gap. */
  emptyResult(group: string, start: number, end: number): Row {
    const result = this.#resultHead(group, start, end)
    this.aggregates.appendEmpty(result)
    return result
  }

  #resultHead(group: string, start: number, end: number): Value[] {
    return [...decodeKey(group, this.group.types), start, end]
  }
}

/**
 * Hands on windows from `start` to `end` if both are timestamps.
 *
 * @throws RecordError where they are not
 */
export function checkBounds(start: number, end: number): void {
  if (start >= -TIMESTAMP_LIMIT && end <= TIMESTAMP_LIMIT) return
  throw new RecordError('timestamp_out_of_range', 'A window of the event leaves the range of timestamps.')
}
