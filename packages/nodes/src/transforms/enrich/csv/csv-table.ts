import { encodeKey, type Field, formatType, type Value } from '@millrace/expr'
import { type ConfigIssue, quote } from '@millrace/graph'
import { unknownField } from '../../../config/check-fields.ts'
import { checkSchema, type FieldText } from '../../../config/check-schema.ts'
import { issue } from '../../../config/issue.ts'
import { cellReader, inferCellType, isCellType } from './csv-types.ts'
import { type Cell, type CsvRecord, parseCsv } from './parse-csv.ts'

/** Bounds of a table that stands in the settings of a node. */
export const TABLE_LIMITS = { characters: 1_000_000, rows: 20_000, columns: 50 } as const

/** So many mistakes are told at once. */
const TOLD = 10

/** The characters between cells, by the word in the settings. */
export const SEPARATORS = { comma: ',', semicolon: ';', tab: '\t' } as const

/** What a table is read with. */
export interface CsvSettings {
  readonly table: string
  readonly separator: keyof typeof SEPARATORS
  /** Types of columns; where it is empty, they are told from the cells. */
  readonly columns: readonly FieldText[]
}

/** A table with types. */
export interface CsvTable {
  readonly fields: readonly Field[]
  /** Values by field, with the line on which each row begins. */
  readonly rows: readonly { readonly line: number; readonly values: readonly Value[] }[]
  readonly issues: readonly ConfigIssue[]
}

/** Rows by the text of their key, as `encodeKey` writes it. */
export interface IndexedRows {
  readonly rows: ReadonlyMap<string, readonly Value[]>
  readonly issues: readonly ConfigIssue[]
}

/** Tables are asked for many times at every edit of a pipeline, and hardly ever change. */
const KEPT = 8
/** By text, which is long and hence no part of a longer key, then by the other settings. */
const kept = new Map<string, { readonly settings: string; readonly table: CsvTable }>()

/** Reads a table: its first line has the names of its columns. What is wrong stands in the issues, with lines. */
export function readCsvTable(settings: CsvSettings): CsvTable {
  const others = JSON.stringify([settings.separator, settings.columns])
  const known = kept.get(settings.table)
  if (known?.settings === others) return known.table
  const table = read(settings)
  kept.delete(settings.table)
  kept.set(settings.table, { settings: others, table })
  if (kept.size > KEPT) kept.delete([...kept.keys()][0] as string)
  return table
}

/** Finds the rows of a table by some of its fields. A null names no row, and no two rows may have one name. */
export function indexRows(table: CsvTable, names: readonly string[]): IndexedRows {
  const known = indexed.get(table)
  const key = JSON.stringify(names)
  if (known?.key === key) return known.rows
  const rows = index(table, names)
  indexed.set(table, { key, rows })
  return rows
}

/** The last key by which each table was asked. */
const indexed = new WeakMap<CsvTable, { readonly key: string; readonly rows: IndexedRows }>()

function index({ fields, rows }: CsvTable, names: readonly string[]): IndexedRows {
  const positions = names.map((name) => fields.findIndex((field) => field.name === name))
  const types = positions.flatMap((position) => fields[position]?.type ?? [])
  if (types.length < names.length) return { rows: new Map(), issues: [] }
  const found = new Map<string, { readonly line: number; readonly values: readonly Value[] }>()
  const mistakes: Mistake[] = []
  for (const row of rows) {
    const values = positions.map((position) => row.values[position] as Value)
    const key = encodeKey(values, types)
    const first = found.get(key)
    if (values.includes(null)) mistakes.push({ line: row.line, message: 'the key is empty' })
    else if (first) mistakes.push({ line: row.line, message: `line ${first.line} has the same key` })
    else found.set(key, row)
  }
  return { rows: new Map([...found].map(([key, { values }]) => [key, values])), issues: told(mistakes) }
}

interface Mistake {
  readonly line: number
  readonly message: string
}

function read({ table, separator, columns }: CsvSettings): CsvTable {
  const nothing = (issues: readonly ConfigIssue[]) => ({ fields: [], rows: [], issues })
  if (table.trim() === '')
    return nothing([
      issue('table_missing', ['table'], 'Paste or load the table, with the names of its columns first.'),
    ])
  const { records, problem } = parseCsv(table, SEPARATORS[separator], TABLE_LIMITS.rows + 2)
  const [head, ...body] = records
  if (problem !== null || head === undefined) return nothing(told(problem === null ? [] : [problem]))
  const broken = checkShape(head, body)
  if (broken.length > 0) return nothing(broken)
  const names = head.cells as readonly string[]
  const { typed, issues } = columns.length === 0 ? inferred(names, body) : declared(names, columns)
  return readRows(typed, body, issues)
}

function checkShape(head: CsvRecord, body: readonly CsvRecord[]): readonly ConfigIssue[] {
  const wide = head.cells.length
  const { rows, columns } = TABLE_LIMITS
  if (wide > columns)
    return told([{ line: head.line, message: `there are ${wide} columns; at most ${columns} are allowed` }])
  if (body.length > rows) return [tooLarge(`It has more than ${rows.toLocaleString('en-US')} rows.`)]
  const nameless = head.cells.flatMap((name, i) =>
    name === null || name === '' ? [{ line: head.line, message: `column ${i + 1} has no name` }] : [],
  )
  const repeated = head.cells.flatMap((name, i) =>
    name !== null && head.cells.indexOf(name) < i
      ? [{ line: head.line, message: `two columns are called ${quote(name)}` }]
      : [],
  )
  const uneven = body.flatMap(({ line, cells }) =>
    cells.length === wide ? [] : [{ line, message: `there are ${cells.length} cells, not ${wide}` }],
  )
  return told([...nameless, ...repeated, ...uneven])
}

/** That a table does not fit the bounds. */
function tooLarge(message: string): ConfigIssue {
  return issue('table_too_large', ['table'], `${message} Put a larger one into a topic.`)
}

/** A field with the place of its column. */
interface Column {
  readonly field: Field
  readonly position: number
}

interface Typed {
  readonly typed: readonly Column[]
  readonly issues: readonly ConfigIssue[]
}

function inferred(names: readonly string[], body: readonly CsvRecord[]): Typed {
  const typed = names.map((name, position) => {
    const type = inferCellType(body.map(({ cells }) => cells[position] as Cell))
    return { field: { name, type }, position }
  })
  return { typed, issues: [] }
}

function declared(names: readonly string[], texts: readonly FieldText[]): Typed {
  const { fields, issues } = checkSchema(texts, 'columns')
  const found = issues.length > 0 ? [] : fields.map((field, i) => columnOf(field, i, names))
  return {
    typed: found.flatMap((one) => ('position' in one ? [one] : [])),
    issues: [...issues, ...found.flatMap((one) => ('position' in one ? [] : [one]))],
  }
}

function columnOf(field: Field, index: number, names: readonly string[]): Column | ConfigIssue {
  const at = ['columns', String(index)]
  const position = names.indexOf(field.name)
  if (position === -1) {
    const columns = names.map((name) => ({ name, type: field.type }))
    return unknownField(field.name, columns, [...at, 'name'])
  }
  if (isCellType(field.type)) return { field, position }
  const message = `A cell cannot hold a value of type ${formatType(field.type)}.`
  return issue('field_type', [...at, 'type'], message)
}

function readRows(
  typed: readonly Column[],
  body: readonly CsvRecord[],
  issues: readonly ConfigIssue[],
): CsvTable {
  const mistakes: Mistake[] = []
  const readers = typed.map(({ field, position }) => ({ field, position, read: cellReader(field.type) }))
  const rows = body.map(({ line, cells }) => {
    const values = readers.map(({ field, position, read }): Value => {
      const cell = cells[position] as Cell
      const value = cell === null ? null : read(cell)
      const message = problemOf(field, cell, value)
      if (message !== null) mistakes.push({ line, message })
      return value
    })
    return { line, values }
  })
  return { fields: typed.map(({ field }) => field), rows, issues: [...issues, ...told(mistakes)] }
}

function problemOf({ name, type }: Field, cell: Cell, value: Value): string | null {
  if (value !== null) return null
  if (cell !== null)
    return `${quote(shortened(cell))} in column ${quote(name)} is no ${formatType({ ...type, nullable: true })}`
  return type.nullable ? null : `column ${quote(name)} is empty, which its type does not allow`
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text
}

function told(mistakes: readonly Mistake[]): readonly ConfigIssue[] {
  const issues = mistakes
    .slice(0, TOLD)
    .map(({ line, message }) => issue('table_invalid', ['table'], `Line ${line}: ${message}.`))
  const more = mistakes.length - TOLD
  return more <= 0
    ? issues
    : [...issues, issue('table_invalid', ['table'], `There are ${more} more mistakes like these.`)]
}
