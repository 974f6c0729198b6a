import { type CompiledExpression, compile, type Field, quoteName } from '@millrace/expr'
import type { SelectConfig } from './settings.ts'

/** One field of the output as text, and the setting that gives it its name or value. */
export interface ColumnText {
  readonly name: string
  readonly expression: string
  /** Path of the setting; null for a field that is passed on as it is. */
  readonly path: readonly [list: 'rename' | 'cast' | 'fields', index: string] | null
}

/** One field of the output and where its values come from. */
export interface Column {
  readonly name: string
  readonly expression: CompiledExpression
}

/**
 * The fields of the output, in their order: those of the input that go on, in their places, then derived ones as they
 * are listed; a derived one takes the place of a field of its name that would go on as it is.
 */
export function columnTexts(config: SelectConfig, input: readonly Field[]): readonly ColumnText[] {
  const columns = input
    .filter(({ name }) => goesOn(name, config))
    .map(({ name }) => passedColumn(name, config))
  config.fields.forEach(({ name, expression }, i) => {
    const column: ColumnText = { name, expression, path: ['fields', String(i)] }
    const place = columns.findIndex((other) => other.name === name && other.path === null)
    if (place < 0) columns.push(column)
    else columns[place] = column
  })
  return columns
}

/** As `columnTexts`, compiled. Null where an expression does not compile. */
export function columnsOf(config: SelectConfig, input: readonly Field[]): readonly Column[] | null {
  const columns: Column[] = []
  for (const { name, expression } of columnTexts(config, input)) {
    const result = compile(expression, input)
    if (!result.ok) return null
    columns.push({ name, expression: result.expression })
  }
  return columns
}

function goesOn(name: string, { rest, keep, drop, rename, cast }: SelectConfig): boolean {
  if (rest === 'keep') return !drop.includes(name)
  return keep.includes(name) || [...rename, ...cast].some(({ field }) => field === name)
}

function passedColumn(name: string, { rename, cast }: SelectConfig): ColumnText {
  const renamed = rename.findIndex(({ field }) => field === name)
  const changed = cast.findIndex(({ field }) => field === name)
  const path = renamed >= 0 ? (['rename', String(renamed)] as const) : null
  return {
    name: rename[renamed]?.name ?? name,
    expression: castText(quoteName(name), cast[changed]),
    path: path ?? (changed >= 0 ? ['cast', String(changed)] : null),
  }
}

/** The text of a cast; the value itself where there is none, or its type is not written yet. */
export function castText(value: string, cast: SelectConfig['cast'][number] | undefined): string {
  if (cast === undefined || cast.type.trim() === '') return value
  return `${cast.failure === 'null' ? 'try_cast' : 'cast'}(${value} as ${cast.type})`
}
