import { SEPARATORS, TABLE_LIMITS } from './csv-table.ts'
import { parseCsv } from './parse-csv.ts'

/** How large a table is; rows without the line of names. */
export interface CsvSize {
  readonly rows: number
  readonly columns: number
}

/** Counts rows and columns of a table, up to its first mistake; an unknown word for the separator means a comma. */
export function csvSize(table: string, separator: string): CsvSize {
  const between = Object.entries(SEPARATORS).find(([word]) => word === separator)?.[1] ?? SEPARATORS.comma
  const { records } = parseCsv(table, between, TABLE_LIMITS.rows + 2)
  return { rows: Math.max(0, records.length - 1), columns: records[0]?.cells.length ?? 0 }
}
