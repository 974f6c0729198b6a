import { readFileSync, writeFileSync } from 'node:fs'
import { type BenchName, benchCases } from '../cases/index.ts'
import type { BenchCase } from './bench-case.ts'
import { machineText } from './machine.ts'
import type { Result } from './results.ts'
import { markdownTable, textTable } from './table.ts'

/** Puts the figures of a run into a document; cases that did not run keep theirs. */
export async function updateDocs(file: string, results: readonly Result[]): Promise<void> {
  let text = readFileSync(file, 'utf8')
  for (const [name, figures] of Map.groupBy(results, ({ bench }) => bench)) {
    const { benchCase }: { benchCase: BenchCase } = await benchCases[name as BenchName].load()
    text = replaceBlock(text, name, blockOf(benchCase, figures))
  }
  writeFileSync(file, text)
}

/**
 * Replaces what stands between the marks of a case.
 *
 * @throws Error where the document has no such marks
 */
export function replaceBlock(text: string, name: string, block: string): string {
  const [begin, end] = [`<!-- figures of ${name} -->`, `<!-- end of ${name} -->`]
  const from = text.indexOf(begin)
  const to = text.indexOf(end, from)
  if (from < 0 || to < 0) throw new Error(`the document has no lines “${begin}” and “${end}”`)
  return `${text.slice(0, from + begin.length)}\n${block}\n${text.slice(to)}`
}

/** The method, the table, and where it comes from. */
function blockOf({ method, columns }: BenchCase, results: readonly Result[]): string {
  const [first] = results
  const origin = first
    ? `${first.at.slice(0, 10)}, commit ${first.commit}, ${machineText(first.machine)}`
    : ''
  return `*${method}.*\n\n${markdownTable(textTable(columns, results))}\n\n(${origin})`
}
