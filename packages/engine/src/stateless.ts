import type { Row } from '@millrace/expr'
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
 * What becomes of the row of a record: a function of its row and time alone. Throws `EvaluationError` or `RecordError`
 * for a row that cannot be handled.
 */
export type PassRow = (record: StreamRecord) => Passage

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
  return {
    process(record, _input, out) {
      if (record.kind === undefined) passNew(record, pass(record), out)
      else changes(record, pass, out, ports)
    },
  }
}

function passNew(record: StreamRecord, passage: Passage, out: Output): void {
  if ('drop' in passage) out.drop(record, passage.drop)
  else out.emit(passage.row === record.row ? record : withRow(record, passage.row), passage.port)
}

/** The row as it was is known: so is what became of it here. */
function passToldChange(record: StreamRecord, pass: PassRow, out: Output): void {
  const was = passageBefore(record, pass)
  if (record.kind === 'delete') {
    takeBack(record, was, out)
    if ('drop' in was) out.drop(record, was.drop)
    return
  }
  const is = passageNow(record, pass, () => takeBack(record, was, out))
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
function passageBefore(record: StreamRecord, pass: PassRow): Passage {
  try {
    return pass(asNewRow({ ...record, row: record.before ?? record.row }))
  } catch (error) {
    return { drop: recordFault(error).message }
  }
}

/** The row that an update replaces is wrong by now, even where the new one cannot be handled. */
function passageNow(record: StreamRecord, pass: PassRow, beforeThrowing: () => void): Passage {
  try {
    return pass(record)
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
function passUntoldChange(record: StreamRecord, pass: PassRow, out: Output, ports: number): void {
  const is = pass(record)
  const row = 'row' in is ? is.row : record.row
  const isHere = 'row' in is && record.kind === 'update'
  if ('drop' in is) out.drop(record, is.drop)
  if (isHere) out.emit(asUpdate({ ...record, row }), is.port)
  for (let port = 0; port < ports; port++) {
    if (!isHere || port !== is.port) out.emit(asDeletion(record, row), port)
  }
}
