import type { Column, Figure, Goal } from './bench-case.ts'
import { median, spread } from './statistics.ts'

/** A table as rows of texts; the first row is the head, the first column the names. */
export type TextTable = readonly (readonly string[])[]

/** The figures of a case as texts: the median of each column, then goals, spread and remarks where there are any. */
export function textTable(columns: readonly Column[], figures: readonly Figure[]): TextTable {
  const last = [
    { title: 'goal', text: goalText(columns) },
    { title: 'spread', text: spreadText(columns) },
    { title: 'remark', text: ({ remark = '' }: Figure) => remark },
  ].filter(({ text }) => figures.some((figure) => text(figure) !== ''))
  return [
    ['', ...columns.map(({ title }) => title), ...last.map(({ title }) => title)],
    ...figures.map((figure) => [
      figure.name,
      ...columns.map((column) => valueText(figure, column)),
      ...last.map(({ text }) => text(figure)),
    ]),
  ]
}

/** For a terminal: names to the left, all else to the right. */
export function plainTable(table: TextTable): string {
  const widths = widthsOf(table)
  return table
    .map((row) =>
      row
        .map((cell, i) => pad(cell, widths[i] ?? 0, i > 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** For a document. */
export function markdownTable(table: TextTable): string {
  const [head = [], ...rows] = table
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'))
  return [head, rule, ...rows].map(line).join('\n')
}

/** Whether a figure reaches all of its goals; null where it has none. */
export function goalMet({ samples, goal }: Figure): boolean | null {
  return goal === undefined ? null : listOf(goal).every((each) => isMet(samples, each))
}

function isMet(samples: Figure['samples'], { column, kind, value }: Goal): boolean {
  const reached = median(samples[column] ?? [])
  return kind === 'at least' ? reached >= value : reached <= value
}

function listOf(goal: NonNullable<Figure['goal']>): readonly Goal[] {
  return 'kind' in goal ? [goal] : goal
}

function valueText({ samples }: Figure, { key, digits }: Column): string {
  const values = samples[key] ?? []
  return values.length === 0 ? '' : numberText(median(values), digits)
}

function goalText(columns: readonly Column[]): (figure: Figure) => string {
  return ({ samples, goal }) =>
    listOf(goal ?? [])
      .map((each) => {
        const column = columns.find(({ key }) => key === each.column)
        const bound = numberText(each.value, Number.isInteger(each.value) ? 0 : (column?.digits ?? 0))
        return `${SIGNS[each.kind]} ${bound} ${column?.title ?? ''}: ${isMet(samples, each) ? 'met' : 'MISSED'}`
      })
      .join(', ')
}

const SIGNS: Readonly<Record<Goal['kind'], string>> = { 'at least': '≥', 'at most': '≤' }

/** Of the first column. */
function spreadText([first]: readonly Column[]): (figure: Figure) => string {
  return ({ samples }) => {
    const values = samples[first?.key ?? ''] ?? []
    return values.length < 2 ? '' : `± ${Math.round(100 * spread(values))} %`
  }
}

function numberText(value: number, digits: number): string {
  if (!Number.isFinite(value)) return '–'
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

function widthsOf(table: TextTable): number[] {
  return (table[0] ?? []).map((_, i) => Math.max(...table.map((row) => row[i]?.length ?? 0)))
}

function pad(cell: string, width: number, right: boolean): string {
  return right ? cell.padStart(width) : cell.padEnd(width)
}
