import { type Output, type StreamRecord, withRow } from '@millrace/engine'
import type { Row, Value } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import { AggregatePlan } from '../../aggregates/aggregate-plan.ts'
import type { ResultFault } from '../../aggregates/aggregator.ts'
import { compileAggregates } from '../../aggregates/compile-aggregates.ts'
import { type KeyReader, keyReader } from '../../config/key-reader.ts'
import { onlyInput } from '../../config/only-input.ts'
import type { RunningConfig } from './settings.ts'

/** A valid config over a known input. */
export class RunningPlan {
  readonly group: KeyReader
  readonly aggregates: AggregatePlan
  readonly #faults: ResultFault[] = []
  readonly #report = (fault: ResultFault): void => {
    this.#faults.push(fault)
  }

  constructor({ groupBy, aggregates }: RunningConfig, inputs: readonly StreamSchema[]) {
    const { fields } = onlyInput({ inputs })
    const compiled = compileAggregates(aggregates, fields)
    if (compiled === null) throw new Error('the config was not validated: an aggregate does not compile')
    this.group = keyReader(fields, groupBy)
    this.aggregates = new AggregatePlan(compiled)
  }

  /** Sends an event with the aggregates. A result that leaves its type is null, and goes to dead letters too. */
  send(record: StreamRecord, cells: Row, out: Output): void {
    const row: Value[] = record.row.slice()
    this.aggregates.appendResults(row, cells, 0, this.#report)
    for (const fault of this.#faults) out.fault(row, fault)
    this.#faults.length = 0
    out.emit(withRow(record, row))
  }
}
