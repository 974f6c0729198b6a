import {
  compile,
  type DataType,
  formatType,
  parseTimestamp,
  scalar,
  toInt64,
  type Value,
  withNullable,
} from '@millrace/expr'
import type { Cell } from './parse-csv.ts'

const KINDS = ['boolean', 'string', 'int64', 'double', 'decimal', 'timestamp']

/** True for types whose values a cell can hold: those without parts, bytes left out. */
export function isCellType({ kind }: DataType): boolean {
  return KINDS.includes(kind)
}

/** Reads the text of a cell as a value of a type; null where it is none. */
export type ReadCell = (text: string) => Value

/** A reader for cells of a type for which `isCellType` holds; a text means what `cast` makes of it. */
export function cellReader(type: DataType): ReadCell {
  if (type.kind === 'string') return (text) => text
  const target = formatType(withNullable(type, true))
  const compiled = compile(`try_cast(cell as ${target})`, [{ name: 'cell', type: scalar('string') }])
  if (!compiled.ok) throw new Error(`a cell cannot be read as ${target}`)
  const { evaluate } = compiled.expression
  return (text) => {
    const value = evaluate([text], { time: 0 })
    // As in JSON, there are no infinities.
    return typeof value === 'number' && !Number.isFinite(value) ? null : value
  }
}

/** What texts look like, from the narrowest type to the widest. A number with a zero in front is a name, as 0123 is. */
const LOOKS: readonly (readonly ['boolean' | 'int64' | 'double' | 'timestamp', (text: string) => boolean])[] =
  [
    ['boolean', (text) => text === 'true' || text === 'false'],
    ['int64', (text) => /^-?(0|[1-9]\d{0,18})$/.test(text) && toInt64(BigInt(text)) !== null],
    [
      'double',
      (text) => /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text)),
    ],
    ['timestamp', (text) => /^\d{4}-\d\d-\d\d[T ]\d\d:/.test(text) && parseTimestamp(text) !== null],
  ]

/** The type that fits all cells of a column; never null where no cell is empty. */
export function inferCellType(cells: readonly Cell[]): DataType {
  const texts = cells.filter((cell) => cell !== null)
  const looks = texts.length === 0 ? undefined : LOOKS.find(([, fits]) => texts.every(fits))
  return scalar(looks?.[0] ?? 'string', texts.length < cells.length)
}
