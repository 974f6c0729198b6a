/** A file of the repository. */
export interface SourceFile {
  /** From the repository's root, with slashes. */
  readonly path: string
  readonly text: string
}

/** A line that breaks a rule. */
export interface BrokenRule {
  readonly path: string
  readonly line: number
  readonly message: string
}

/**
 * Which workspaces each one may import: expr ← graph ← engine ← nodes ← apps. Apps never import one
 * another; the testkit is for tests.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  expr: [],
  graph: ['expr'],
  engine: ['expr', 'graph'],
  contracts: ['expr', 'graph', 'engine'],
  nodes: ['expr', 'graph', 'engine'],
  testkit: ['expr', 'graph', 'engine', 'nodes'],
  editor: ['expr', 'graph', 'engine', 'nodes', 'contracts'],
  api: ['expr', 'graph', 'engine', 'nodes', 'contracts'],
  executor: ['expr', 'graph', 'engine', 'nodes', 'contracts'],
  stack: [],
}

/** Entry points that only servers may use. */
const NODE_ONLY = ['@millrace/nodes/connectors', '@millrace/contracts/secrets']
const BROWSER_SAFE = ['expr', 'graph', 'engine', 'nodes', 'editor']

/** Packages that hold meaning: no input or output, no clock, no chance. Time and randomness are arguments. */
const PURE = ['expr', 'graph', 'engine', 'nodes']
const IMPURE_IMPORT = /^(node:|kafkajs$|ioredis$|@elastic\/|@platformatic\/|lz4-napi$|snappyjs$|pg$|bullmq$)/
const IMPURE_CALL =
  /(?<![.\w]|async )(Date\.now|Math\.random|performance\.now|setTimeout|setInterval|setImmediate|fetch)\(|\bnew Date\(\)|(?<![.\w])process\./

/** Never, anywhere: text that becomes code, or markup that was not made by React. */
const FORBIDDEN_CALL = /(?<![.\w])eval\(|\bnew Function\(|node:vm|dangerouslySetInnerHTML/

const IMPORT =
  /(?:^|\s)(?:import|export)\s[^'"`]*?from\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|^import\s+['"]([^'"]+)['"]/gm

/** Every line of a file that breaks a rule. */
export function checkFile(file: SourceFile): BrokenRule[] {
  return [...checkImports(file), ...checkCalls(file)]
}

function checkImports(file: SourceFile): BrokenRule[] {
  return [...file.text.matchAll(IMPORT)].flatMap((match) => {
    const target = match[1] ?? match[2] ?? match[3] ?? ''
    const message = importFault(file.path, target)
    return message === null
      ? []
      : [{ path: file.path, line: lineOf(file.text, match.index + match[0].search(/\S/)), message }]
  })
}

function importFault(path: string, target: string): string | null {
  const from = workspaceOf(path)
  if (from === null) return null
  const test = isTest(path)
  if (NODE_ONLY.includes(target) && BROWSER_SAFE.includes(from) && !test)
    return `${from} runs in browsers: no ${target}`
  if (PURE.includes(from) && !test && !isConnector(path) && IMPURE_IMPORT.test(target)) {
    return `${from} is pure: no import of ${target} outside connector files`
  }
  const to = importedWorkspace(path, target)
  if (to === null || to === from) return null
  const allowed = MAY_IMPORT[from] ?? []
  if (allowed.includes(to) || (test && (to === 'testkit' || to === 'stack'))) return null
  return `${from} may not import ${to}`
}

function checkCalls({ path, text }: SourceFile): BrokenRule[] {
  const from = workspaceOf(path)
  if (isTest(path) || path.startsWith('scripts/import-rules')) return []
  const pure = from !== null && PURE.includes(from) && !isConnector(path)
  return text.split('\n').flatMap((line, i) => {
    const code = line.replace(/\/\/.*$|^\s*\*.*$/, '')
    const fault = (pure && IMPURE_CALL.exec(code)?.[0]) || FORBIDDEN_CALL.exec(code)?.[0]
    return fault ? [{ path, line: i + 1, message: `${fault} has no place here` }] : []
  })
}

/** The workspace a file belongs to; null for files that tie all of them together. */
function workspaceOf(path: string): string | null {
  const [top, second] = path.split('/')
  if (top === 'packages') return second ?? null
  return top !== undefined && top in MAY_IMPORT ? top : null
}

function importedWorkspace(path: string, target: string): string | null {
  const named = /^@millrace\/([a-z]+)/.exec(target)
  if (named) return named[1] as string
  if (!target.startsWith('.')) return null
  const parts = path.split('/').slice(0, -1)
  for (const step of target.split('/')) {
    if (step === '..') parts.pop()
    else if (step !== '.') parts.push(step)
  }
  return workspaceOf(parts.join('/'))
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$|\.test-helper\.ts$|\/testing\/|\/test\/|\/dev\//.test(path)
}

function isConnector(path: string): boolean {
  return /(^|\/)connector(s|-[a-z-]+)?(\.ts$|\/)/.test(path)
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
