import { type Document, documents, readText, repositoryPaths } from './documents.ts'

/** Variables of the system, which mean here what they mean everywhere. */
const AMBIENT = new Set(['PATH', 'NODE_OPTIONS'])

const OURS = /\bMILLRACE_[A-Z0-9_]*[A-Z0-9]\b/g
const READ = /\benv\.([A-Z][A-Z0-9_]+)\b/g
const TEST = /\.test\.tsx?$|\.test-helper\.ts$|\/testing\//

/** The parts whose variables users and developers must be able to look up. */
export const documentedParts = [
  'scripts',
  'stack',
  'api',
  'executor',
  ...new Set(
    repositoryPaths
      .filter((file) => /^packages\/[^/]+\//.test(file))
      .map((file) => file.split('/').slice(0, 2).join('/')),
  ),
]

/** The environment variables that the code of a part reads; tests are left out. */
export function variablesOf(part: string): ReadonlySet<string> {
  return readIn((file) => file.startsWith(`${part}/`) && !TEST.test(file))
}

/** The environment variables that any code reads, tests and docker-compose.yml included. */
export function allVariables(): ReadonlySet<string> {
  return readIn((file) => !file.startsWith('tests/unit/'))
}

function readIn(isWanted: (file: string) => boolean): Set<string> {
  const files = repositoryPaths.filter((file) => /\.(ts|tsx|mjs|yml)$/.test(file) && isWanted(file))
  const names = files.map(readText).flatMap((text) => [...namesIn(text, OURS), ...namesIn(text, READ)])
  return new Set(names.filter((name) => !AMBIENT.has(name)))
}

function namesIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([whole, name]) => name ?? whole)
}

/** The variables that a document names: ours anywhere, others in tables of variables. */
export function variablesIn({ text }: Document): ReadonlySet<string> {
  const rows = tablesOfVariables(text).map(([name]) => name)
  return new Set([...namesIn(text, OURS), ...rows])
}

/** By name: the default that a document gives in a table of variables. */
export function defaultsIn({ text }: Document): ReadonlyMap<string, string> {
  return new Map(tablesOfVariables(text))
}

/** Name and last column of each row of the tables whose first column is headed "variable". */
function tablesOfVariables(text: string): [string, string][] {
  const tables = text.matchAll(/^\| variable \|.*\n\|[-| ]+\n((?:\|.*\n)+)/gim)
  const rows = [...tables].flatMap(([, body]) => (body as string).trim().split('\n'))
  return rows.map((row) => {
    const cells = row.split('|').map((cell) => cell.trim().replaceAll('`', ''))
    return [cells[1] ?? '', cells.at(-2) ?? '']
  })
}

/** The documents in which the variables of a part may stand: that of the root, and its own. */
export function documentsOf(part: string): Document[] {
  return documents.filter(({ path }) => path === 'README.md' || path === `${part}/README.md`)
}
