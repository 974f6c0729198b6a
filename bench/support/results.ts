import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Figure } from './bench-case.ts'
import type { Machine } from './machine.ts'

/** One line of a results file: a figure with all its samples, and where it comes from. */
export interface Result extends Figure {
  /** Name of the case. */
  readonly bench: string
  /** When the case began, ISO 8601. */
  readonly at: string
  readonly commit: string
  readonly quick: boolean
  readonly machine: Machine
}

/** Adds lines to a file; makes its folder. */
export function writeResults(file: string, results: readonly Result[]): void {
  mkdirSync(path.dirname(file), { recursive: true })
  appendFileSync(file, results.map((result) => `${JSON.stringify(result)}\n`).join(''))
}

/** The lines of a file, none where there is no file. Only what `writeResults` wrote is read. */
export function readResults(file: string): Result[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as Result)
}
