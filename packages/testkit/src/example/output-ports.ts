import { sameRow } from '@millrace/engine'
import type { PortDefinition, StreamSchema } from '@millrace/graph'
import { compareLists } from './compare.ts'
import type { Example } from './example.ts'
import type { Outcome, TimedRow } from './outcome.ts'
import { rowOf, timeOf } from './read-values.ts'

/** What tells the outputs of an example. */
interface Outputs {
  readonly example: Example
  /** The open output ports of the node. */
  readonly ports: readonly PortDefinition[]
  /** Their schemas by name. */
  readonly outputs: Readonly<Record<string, StreamSchema>>
}

/** Names of the outputs whose rows an example lists: all but the late port, which has a list of its own. */
export function resultPorts(ports: readonly PortDefinition[]): readonly string[] {
  return ports.map(({ name }) => name).filter((name) => name !== 'late')
}

/** How many rows an example expects at all its outputs. */
export function countOutputs(outputs: Outputs): number {
  return [...expectedRows(outputs).values()].reduce((sum, rows) => sum + rows.length, 0)
}

/** What differs at each output between a run and the example; null where nothing does. */
export function compareOutputs(prepared: Outputs, outcome: Outcome): readonly (string | null)[] {
  const expected = [...expectedRows(prepared)]
  return expected.map(([port, rows]) => {
    const { fields = [] } = prepared.outputs[port] ?? {}
    const same = (a: TimedRow, b: TimedRow) =>
      sameRow(a.row, b.row, fields) && (b.time === null || a.time === b.time)
    const what = expected.length === 1 ? 'output rows' : `output rows of "${port}"`
    return compareLists(what, outcome.outputs[port] ?? [], rows, same)
  })
}

/** By port: the rows that the example expects; of ports that it does not name, none. */
function expectedRows({ example, ports, outputs }: Outputs): ReadonlyMap<string, readonly TimedRow[]> {
  const names = resultPorts(ports)
  const listed = example.outputs ?? { [names[0] ?? '']: example.output ?? [] }
  const unknown = Object.keys(listed).find((name) => names.length > 0 && !names.includes(name))
  if (unknown !== undefined) throw new Error(`the example names an output "${unknown}" that the node has not`)
  return new Map(
    names.map((name) => {
      const { fields = [] } = outputs[name] ?? {}
      const rows = Object.hasOwn(listed, name) ? (listed[name] ?? []) : []
      const timed = rows.map(({ row, at }) => ({
        row: rowOf(row, fields),
        time: at === undefined ? null : timeOf(at),
      }))
      return [name, timed]
    }),
  )
}
