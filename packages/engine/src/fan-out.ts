import type { EvaluationContext, Row } from '@millrace/expr'
import { CountingContext } from './counting-context.ts'
import type { Operator, OperatorContext, Output } from './operator.ts'
import { asDeletion, asNewRow, asUpdate, type StreamRecord, withRow } from './record.ts'
import { recordFault } from './record-fault.ts'

/** One of the rows that a stateless node makes of a row. */
export interface FannedRow {
  readonly row: Row
  /** Index of an output port. */
  readonly port: number
  /**
   * Tells the rows of one record and port apart: when the record is updated, rows of the same name are updated. It must
   * stand in the row, as a part of what names rows behind.
   */
  readonly name: string | number | bigint | boolean | null
}

/** What a stateless node makes of a row: rows, or nothing, for a cause that the preview shows. */
export type FanOut = readonly FannedRow[] | { readonly drop: string }

/** As `PassRow`, for nodes that make any number of rows of one. */
export type FanOutRow = (record: StreamRecord, context: EvaluationContext) => FanOut

/**
 * As `statelessOperator`, for nodes that make several rows of one. Of an update, rows that are made no more are taken
 * back, those with a name that was there are updated, the others are new.
 *
 * Where the stream does not tell what a row was before, at most one row may go to each port, as it is: there it is put
 * where it belongs now, and taken back at all other ports.
 *
 * @param ports the output ports that rows may go to, by index
 */
export function fanOutOperator(
  { inputs: [input] }: Pick<OperatorContext, 'inputs'>,
  fanOut: FanOutRow,
  ports: readonly number[] = [0],
): Operator {
  const changes = input?.updates?.before ? passToldChange : passUntoldChange
  const context = new CountingContext()
  const [first = 0] = ports
  const placeOf = (made: FanOut, { row }: StreamRecord) =>
    ('drop' in made ? undefined : made[0]) ?? { row, port: first }
  const fanCounted: CountedFanOut = (record, out) => context.run(record, fanOut, out, placeOf)
  return {
    process(record, _input, out) {
      if (record.kind === undefined) passNew(record, fanCounted(record, out), out)
      else changes(record, fanCounted, out, ports)
    },
  }
}

type CountedFanOut = (record: StreamRecord, out: Output | null) => FanOut

function passNew(record: StreamRecord, made: FanOut, out: Output): void {
  for (const { row, port } of rowsOf(record, made, out))
    out.emit(row === record.row ? record : withRow(record, row), port)
}

/** The rows; none where the record is dropped, which is counted. */
function rowsOf(record: StreamRecord, made: FanOut, out: Output): readonly FannedRow[] {
  if (!('drop' in made)) return made
  out.drop(record, made.drop)
  return []
}

function passToldChange(record: StreamRecord, fanOut: CountedFanOut, out: Output): void {
  const was = rowsBefore(record, fanOut)
  if (record.kind === 'delete') {
    for (const one of was) takeBack(record, one, out)
    rowsOf(record, fanAgain(record, fanOut), out)
    return
  }
  const is = rowsNow(record, fanOut, was, out)
  const now = new Set(is.map(nameOf))
  for (const one of was) if (!now.has(nameOf(one))) takeBack(record, one, out)
  const before = new Map(was.map((one) => [nameOf(one), one.row]))
  for (const one of is) {
    const old = before.get(nameOf(one))
    const changed = { ...record, row: one.row }
    out.emit(old === undefined ? asNewRow(changed) : asUpdate(changed, old), one.port)
  }
}

/** What was made of the row before: nothing of one that could not be handled. */
function rowsBefore(record: StreamRecord, fanOut: CountedFanOut): readonly FannedRow[] {
  const made = fanAgain({ ...record, row: record.before ?? record.row }, fanOut)
  return 'drop' in made ? [] : made
}

/** What is made of a row that was handled once already, as a new one. */
function fanAgain(record: StreamRecord, fanOut: CountedFanOut): FanOut {
  try {
    return fanOut(asNewRow(record), null)
  } catch (error) {
    return { drop: recordFault(error).message }
  }
}

/** What is made of the row now. Those that an update replaces are wrong by now, even where the new row fails. */
function rowsNow(
  record: StreamRecord,
  fanOut: CountedFanOut,
  was: readonly FannedRow[],
  out: Output,
): readonly FannedRow[] {
  try {
    return rowsOf(record, fanOut(record, out), out)
  } catch (error) {
    recordFault(error)
    for (const one of was) takeBack(record, one, out)
    throw error
  }
}

function takeBack(record: StreamRecord, { row, port }: FannedRow, out: Output): void {
  out.emit(asDeletion(record, row), port)
}

function nameOf({ port, name }: FannedRow): string {
  return `${port} ${typeof name} ${name}`
}

function passUntoldChange(
  record: StreamRecord,
  fanOut: CountedFanOut,
  out: Output,
  ports: readonly number[],
): void {
  const is = rowsOf(record, fanOut(record, out), out)
  const reached = new Set(record.kind === 'update' ? is.map(({ port }) => port) : [])
  for (const port of reached) out.emit(asUpdate(record), port)
  for (const port of ports) if (!reached.has(port)) out.emit(asDeletion(record, record.row), port)
}
