import type { EvaluationContext, Row, SoftErrorCode } from '@millrace/expr'
import type { Operator, OperatorContext, Output } from './operator.ts'
import { asDeletion, asNewRow, asUpdate, type StreamRecord, withRow } from './record.ts'
import { recordFault } from './record-fault.ts'

/** What a stateless node makes of a row: one for an output port, or nothing, for a cause that the preview shows. */
export type Passage = PassedRow | { readonly drop: string }

interface PassedRow {
  readonly row: Row
  readonly port: number
}

/**
 * What becomes of the row of a record: a function of its row and time alone. Expressions are evaluated in the context,
 * so that what makes a part of them null is counted. Throws `EvaluationError` or `RecordError` for a row that cannot be
 * handled.
 */
export type PassRow = (record: StreamRecord, context: EvaluationContext) => Passage

/**
 * An operator without state that makes at most one row of each, and is right about updating streams: what stands behind
 * it is what `pass` makes of the rows as they are now. An update of a row that now goes nowhere, elsewhere, or fails,
 * becomes a deletion; one of a row that went nowhere before becomes a new row.
 *
 * Where the stream does not tell what a row was before, a row that goes nowhere is deleted at all ports under the
 * values that it came with: a node that drops rows must pass the others on as they are.
 *
 * @param ports number of output ports that rows may go to
 */
export function statelessOperator(
  { inputs: [input] }: Pick<OperatorContext, 'inputs'>,
  pass: PassRow,
  ports = 1,
): Operator {
  const changes = input?.updates?.before ? passToldChange : passUntoldChange
  const context = new CountingContext()
  const passCounted: CountedPass = (record, out) => context.run(record, pass, out)
  return {
    process(record, _input, out) {
      if (record.kind === undefined) passNew(record, passCounted(record, out), out)
      else changes(record, passCounted, out, ports)
    },
  }
}

type CountedPass = (record: StreamRecord, out: Output | null) => Passage

/** The context of one record after the other; tells an output of errors that made a part of the record's row null. */
class CountingContext implements EvaluationContext {
  time = 0
  #codes: SoftErrorCode[] = []
  readonly onSoftError = (code: SoftErrorCode): void => void this.#codes.push(code)

  /** Without an output nobody is told: the row was counted before. */
  run(record: StreamRecord, pass: PassRow, out: Output | null): Passage {
    this.time = record.time
    if (this.#codes.length > 0) this.#codes = []
    const passage = pass(record, this)
    if (this.#codes.length > 0 && out !== null) this.#report(record, passage, out)
    return passage
  }

  #report(record: StreamRecord, passage: Passage, out: Output): void {
    const [row, port] = 'row' in passage ? [passage.row, passage.port] : [record.row, 0]
    for (const code of this.#codes) out.fault(row, { code, message: SOFT_ERRORS[code] }, port)
  }
}

const SOFT_ERRORS: Readonly<Record<SoftErrorCode, string>> = {
  decimal_overflow: 'A decimal has more digits than its type, and is null.',
}

function passNew(record: StreamRecord, passage: Passage, out: Output): void {
  if ('drop' in passage) out.drop(record, passage.drop)
  else out.emit(passage.row === record.row ? record : withRow(record, passage.row), passage.port)
}

/** The row as it was is known: so is what became of it here. */
function passToldChange(record: StreamRecord, pass: CountedPass, out: Output): void {
  const was = passageBefore(record, pass)
  if (record.kind === 'delete') {
    takeBack(record, was, out)
    if ('drop' in was) out.drop(record, was.drop)
    return
  }
  const is = passageNow(
    () => pass(record, out),
    () => takeBack(record, was, out),
  )
  if ('drop' in is) {
    takeBack(record, was, out)
    out.drop(record, is.drop)
  } else if ('row' in was && was.port === is.port) {
    out.emit(asUpdate({ ...record, row: is.row }, was.row), is.port)
  } else {
    takeBack(record, was, out)
    out.emit(asNewRow({ ...record, row: is.row }), is.port)
  }
}

/** What became of the row before. One that could not be handled went to dead letters, and no further. */
function passageBefore(record: StreamRecord, pass: CountedPass): Passage {
  try {
    return pass(asNewRow({ ...record, row: record.before ?? record.row }), null)
  } catch (error) {
    return { drop: recordFault(error).message }
  }
}

/** The row that an update replaces is wrong by now, even where the new one cannot be handled. */
function passageNow(pass: () => Passage, beforeThrowing: () => void): Passage {
  try {
    return pass()
  } catch (error) {
    recordFault(error)
    beforeThrowing()
    throw error
  }
}

function takeBack(record: StreamRecord, was: Passage, out: Output): void {
  if ('row' in was) out.emit(asDeletion(record, was.row), was.port)
}

/** The row may have gone anywhere: it is put where it belongs now, and taken back everywhere else. */
function passUntoldChange(record: StreamRecord, pass: CountedPass, out: Output, ports: number): void {
  const is = pass(record, out)
  const row = 'row' in is ? is.row : record.row
  const isHere = 'row' in is && record.kind === 'update'
  if ('drop' in is) out.drop(record, is.drop)
  if (isHere) out.emit(asUpdate({ ...record, row }), is.port)
  for (let port = 0; port < ports; port++) {
    if (!isHere || port !== is.port) out.emit(asDeletion(record, row), port)
  }
}
