import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.join(import.meta.dirname, '../../..')
const NOT_OURS = new Set([
  'node_modules',
  'dist',
  'generated',
  '.git',
  '.millrace',
  '.turbo',
  'test-results',
  'results',
])

/** A Markdown file of the repository. */
export interface Document {
  /** From the root, with slashes. */
  readonly path: string
  readonly text: string
}

/** Every file and folder of the repository, from the root, with slashes; what is made while working is left out. */
export const repositoryPaths: readonly string[] = ['**/*', '.ci/*']
  .flatMap((pattern) => globSync(pattern, { cwd: root, exclude: (name) => NOT_OURS.has(name) }))
  .map((file) => file.split(path.sep).join('/'))

/** The documents of the root, those in docs, and the README of every part. */
export const documents: readonly Document[] = repositoryPaths
  .filter((file) => /^([A-Z]+|docs\/[\w-]+)\.md$|(^|\/)README\.md$/.test(file))
  .map((file) => ({ path: file, text: readText(file) }))

/** The text of a file, by its path from the root. */
export function readText(file: string): string {
  return readFileSync(path.join(root, file), 'utf8')
}

/** The document with this path. */
export function documentAt(file: string): Document {
  const found = documents.find((document) => document.path === file)
  if (found === undefined) throw new Error(`there is no ${file}`)
  return found
}

/** The targets of links and images that lead into the repository and lead nowhere. */
export function brokenLinks({ path: from, text }: Document): string[] {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string)
  return links.filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(from, link))
}

function leadsSomewhere(from: string, link: string): boolean {
  const [file = '', heading] = link.split('#')
  const target = file === '' ? from : path.posix.join(path.posix.dirname(from), file)
  if (!existsSync(path.join(root, target))) return false
  return heading === undefined || headingsOf(readText(target)).includes(heading)
}

/** The names by which links lead to the headings of a document. */
function headingsOf(text: string): string[] {
  const titles = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title as string)
  return titles.map((title) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  )
}

/** The texts in backticks, and apart from them the blocks of code. */
export function codeOf({ text }: Document): { readonly spans: string[]; readonly blocks: string[] } {
  const blocks = [...text.matchAll(/^```\w*\n(.*?)^```/gms)].map(([, block]) => block as string)
  const prose = text.replaceAll(/^```.*?^```/gms, '').replaceAll(/^ {4}.*$/gm, (line) => {
    blocks.push(line)
    return ''
  })
  return { spans: [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span as string), blocks }
}

const SOURCE = /\.(ts|tsx|mjs|json|md|ya?ml|png|css|html|grammar|prisma|sql|java|xml)$/
const PATH = /^[\w.*-]+(\/[\w.*-]+)*\/?$/
/** Made by installing, building and running. */
const MADE = /(^|\/)(node_modules|dist|\.millrace|generated|results|server\.pid\.json)(\/|$)/
const topFolders = new Set(
  repositoryPaths.filter((file) => file.includes('/')).map((file) => file.split('/')[0] as string),
)

/** The paths that a document names in code. In blocks only those count that begin with a folder of the root. */
export function namedPaths(document: Document): string[] {
  const { spans, blocks } = codeOf(document)
  const tokens = (text: string) => text.split(/[\s'"`()|=,;]+/)
  const inSpans = spans.flatMap((span) => (span.includes(' ') ? tokens(span).filter(isFromRoot) : [span]))
  const all = [...inSpans, ...blocks.flatMap(tokens).filter(isFromRoot)]
  return [...new Set(all)].filter((token) => looksLikePath(token) && !MADE.test(token))
}

function isFromRoot(token: string): boolean {
  return token.includes('/') && topFolders.has(token.split('/')[0] as string)
}

function looksLikePath(token: string): boolean {
  if (!PATH.test(token) || /^[*.]*$|^\.\//.test(token)) return false
  return SOURCE.test(token) || token.endsWith('/') || isFromRoot(token)
}

/**
 * True where a named path is there. Documents name paths from the root; a README may also name those below its own
 * folder, by their ends. Patterns of file names are about the whole repository.
 */
export function exists(named: string, { path: from }: Document): boolean {
  const pattern = pathPattern(named.replace(/\/$/, ''))
  const isFileNames = /^\*[^/]*$|\*\.ts$/.test(named)
  const folder = isFileNames || !from.endsWith('README.md') ? '' : `${path.posix.dirname(from)}/`
  const below = isFileNames || (folder !== '' && folder !== './') ? `|^${folder}(.*/)?${pattern}$` : ''
  const wanted = new RegExp(`^${pattern}$${below}`)
  return repositoryPaths.some((file) => wanted.test(file))
}

function pathPattern(named: string): string {
  return named.replaceAll('.', '\\.').replaceAll('*', '[^/]*')
}
