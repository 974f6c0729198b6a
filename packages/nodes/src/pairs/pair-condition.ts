import { type CompileResult, compileCondition, type Field, structOf } from '@millrace/expr'

/** The fields that a condition over two rows sees: each row under its name, as in `left.total > right.total`. */
export function pairFields(names: readonly [string, string], rows: readonly (readonly Field[])[]): Field[] {
  return names.map((name, i) => ({ name, type: structOf(rows[i] ?? [], false) }))
}

/** A condition over two rows; null where the text is empty, and all pairs will do. */
export function compilePairCondition(
  text: string,
  names: readonly [string, string],
  rows: readonly (readonly Field[])[],
): CompileResult | null {
  return text.trim() === '' ? null : compileCondition(text, pairFields(names, rows))
}

/** Names of the fields of one row that a condition over two reads; all of them where it takes the row as a whole. */
export function readsOf(
  result: CompileResult | null,
  row: string,
  fields: readonly Field[],
): readonly string[] {
  if (result === null || !result.ok) return []
  const paths = result.expression.reads.filter(([name]) => name === row)
  if (paths.some((path) => path.length === 1)) return fields.map(({ name }) => name)
  return paths.map(([, name]) => name as string)
}
