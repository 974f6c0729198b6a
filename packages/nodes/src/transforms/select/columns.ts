import { type CompiledExpression, type CompileResult, compile, type Field, quoteName } from '@millrace/expr'
import type { SelectConfig } from './definition.ts'

/** One field of the output and where its values come from. */
export interface Column {
  readonly name: string
  readonly expression: CompiledExpression
}

/**
 * The fields of the output, in their order: where other fields are kept, those of the input in their places (a field of
 * the same name is replaced there), then new ones as they are listed; else the listed ones alone.
 * Null where an expression does not compile.
 */
export function columnsOf(config: SelectConfig, fields: readonly Field[]): readonly Column[] | null {
  const columns = arrange(config, fields).map(([name, text]) => ({ name, result: compile(text, fields) }))
  return columns.every(isCompiled)
    ? columns.map(({ name, result }) => ({ name, expression: result.expression }))
    : null
}

type Compiled = Extract<CompileResult, { ok: true }>

function isCompiled(column: {
  name: string
  result: CompileResult
}): column is { name: string; result: Compiled } {
  return column.result.ok
}

/** Name and expression text of each column. */
function arrange({ rest, fields, drop }: SelectConfig, input: readonly Field[]): readonly [string, string][] {
  const derived = new Map(fields.map(({ name, expression }) => [name, expression]))
  if (rest === 'drop') return [...derived]
  const dropped = new Set(drop)
  const kept = input.filter(({ name }) => !dropped.has(name))
  const inPlace = new Map(kept.map(({ name }) => [name, derived.get(name) ?? quoteName(name)]))
  const added = [...derived].filter(([name]) => !inPlace.has(name))
  return [...inPlace, ...added]
}
