import { decodeUtf8, type Field, type Row, scalar } from '@millrace/expr'
import type { Expectation, PortDefinition } from '@millrace/graph'
import type { Program, ProgramNode } from '../plan/program.ts'
import type { NodePreview, PreviewRow } from '../preview/preview-recorder.ts'
import type { Preview } from '../preview/run-preview.ts'
import type { DeadLetter } from '../record.ts'

/** The rows that an expectation is about. */
export interface SideRows {
  readonly fields: readonly Field[]
  readonly rows: readonly SideRow[]
}

/** A row with its event time; null where it has none. */
export interface SideRow {
  readonly row: Row
  readonly time: number | null
}

/** Rows that a test keeps of one list; more cannot be compared. */
export const MOST_ROWS = 20_000

const CAUSE: Field = { name: 'cause', type: scalar('string') }
const ERROR_FIELDS: readonly Field[] = ['code', 'message', 'record'].map((name) => ({
  name,
  type: scalar('string'),
}))

/** The rows of a node that an expectation names, or why there are none to look at, in words. */
export function sideRows(
  { node: nodeId, of, port }: Pick<Expectation, 'node' | 'of' | 'port'>,
  preview: Preview,
  program: Program,
): SideRows | string {
  const found = preview.get(nodeId)
  if (found === undefined) return `the node "${nodeId}" did not run.`
  const side = readSide({ of, port, found, program: program.node(nodeId) })
  if (typeof side === 'string' || side.rows.length < MOST_ROWS) return side
  return `there are more than ${MOST_ROWS} rows, which is more than a test compares. Give the test fewer events.`
}

interface Place {
  readonly of: Expectation['of']
  readonly port: string | undefined
  readonly found: NodePreview
  readonly program: ProgramNode
}

function readSide({ of, port, found, program }: Place): SideRows | string {
  const { definition } = program
  switch (of) {
    case 'errors':
      return { fields: ERROR_FIELDS, rows: found.errors.map(errorRow) }
    case 'late': {
      const at = definition.outputs.findIndex(({ name }) => name === 'late')
      const schema = (at < 0 ? undefined : program.outputs[at]) ?? program.inputs[0]
      return { fields: schema?.fields ?? [], rows: found.late.map(plainRow) }
    }
    case 'dropped': {
      const at = portIndex(definition.inputs, port)
      if (typeof at === 'string') return at
      const rows = found.dropped.filter(({ input }) => input === at)
      const fields = [...(program.inputs[at]?.fields ?? []), CAUSE]
      return { fields, rows: rows.map(({ row, time, cause }) => ({ row: [...row, cause], time })) }
    }
    default: {
      const [ports, lists, schemas] =
        of === 'in'
          ? [definition.inputs, found.in, program.inputs]
          : [definition.outputs, found.out, program.outputs]
      const at = portIndex(ports, port)
      if (typeof at === 'string') return at
      const rows = (lists[at] ?? []).filter(({ deleted }) => !deleted)
      return { fields: schemas[at]?.fields ?? [], rows: rows.map(plainRow) }
    }
  }
}

function portIndex(ports: readonly PortDefinition[], port: string | undefined): number | string {
  const at = port === undefined ? 0 : ports.findIndex(({ name }) => name === port)
  if (ports[at] !== undefined) return at
  return port === undefined
    ? 'the node has no such side: a source takes nothing in, a sink gives nothing out.'
    : `the node has no port "${port}" there; it has ${ports.map(({ name }) => `"${name}"`).join(', ') || 'none'}.`
}

function plainRow({ row, time }: PreviewRow): SideRow {
  return { row, time }
}

function errorRow({ code, message, origin, rowJson }: DeadLetter): SideRow {
  const bytes = origin?.value
  return { row: [code, message, rowJson ?? (bytes ? decodeUtf8(bytes) : null)], time: null }
}
