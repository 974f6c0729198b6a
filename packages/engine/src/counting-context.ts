import type { EvaluationContext, Row, SoftErrorCode } from '@millrace/expr'
import type { Output } from './operator.ts'
import type { StreamRecord } from './record.ts'
import type { RecordFault } from './record-fault.ts'

/** The row that an error of a part of it is shown with, and the output port whose fields it has. */
interface Place {
  readonly row: Row
  readonly port: number
}

/** The context of one record after the other; tells an output of errors that made a part of the record's row null. */
export class CountingContext implements EvaluationContext {
  time = 0
  #codes: SoftErrorCode[] = []
  readonly onSoftError = (code: SoftErrorCode): void => void this.#codes.push(code)

  /**
   * What `pass` makes of a record. Without an output nobody is told of errors: the row was counted before. `placeOf` says
   * with which row they are shown.
   */
  run<T>(
    record: StreamRecord,
    pass: (record: StreamRecord, context: EvaluationContext) => T,
    out: Output | null,
    placeOf: (made: T, record: StreamRecord) => Place,
  ): T {
    this.time = record.time
    if (this.#codes.length > 0) this.#codes = []
    const made = pass(record, this)
    if (this.#codes.length > 0 && out !== null) this.#report(placeOf(made, record), out)
    return made
  }

  #report({ row, port }: Place, out: Output): void {
    for (const code of this.#codes) out.fault(row, softErrorFault(code), port)
  }
}

/** What is said of an error that made a part of an expression null. */
export function softErrorFault(code: SoftErrorCode): RecordFault {
  return { code, message: SOFT_ERRORS[code] }
}

const SOFT_ERRORS: Readonly<Record<SoftErrorCode, string>> = {
  decimal_overflow: 'A decimal has more digits than its type, and is null.',
}
