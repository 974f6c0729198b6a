import type { EvaluationContext, Row } from '@millrace/expr'
import { CountingContext } from './counting-context.ts'
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
 * @param ports the output ports that rows may go to, by index
 */
export function statelessOperator(
  { inputs: [input] }: Pick<OperatorContext, 'inputs'>,
  pass: PassRow,
  ports: readonly number[] = ONLY_PORT,
): Operator {
  const changes = input?.updates?.before ? passToldChange : passUntoldChange
  const context = new CountingContext()
  const [first = 0] = ports
  const placeOf = (passage: Passage, { row }: StreamRecord) =>
    'row' in passage ? passage : { row, port: first }
  const passCounted: CountedPass = (record, out) => context.run(record, pass, out, placeOf)
  return {
    process(record, _input, out) {
      if (record.kind === undefined) passNew(record, passCounted(record, out), out)
      else changes(record, passCounted, out, ports)
    },
  }
}

const ONLY_PORT = [0] as const

type CountedPass = (record: StreamRecord, out: Output | null) => Passage

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
function passUntoldChange(
  record: StreamRecord,
  pass: CountedPass,
  out: Output,
  ports: readonly number[],
): void {
  const is = pass(record, out)
  const row = 'row' in is ? is.row : record.row
  const isHere = 'row' in is && record.kind === 'update'
  if ('drop' in is) out.drop(record, is.drop)
  if (isHere) out.emit(asUpdate({ ...record, row }), is.port)
  for (const port of ports) {
    if (!isHere || port !== is.port) out.emit(asDeletion(record, row), port)
  }
}
