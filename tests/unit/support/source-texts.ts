import { globSync, readFileSync } from 'node:fs'
import { parseSync } from 'vite'

/** A node of the syntax tree, as far as the search for texts looks at it. */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [member: string]: unknown
}

/** A file of the editor with its syntax tree. */
export interface SourceFile {
  /** From `editor/src`. */
  readonly path: string
  readonly text: string
  readonly program: SyntaxNode
}

/** A text as the source hands it over for translation. */
export interface SourceText {
  readonly path: string
  readonly english: string
}

/** What the source hands over: whole texts, nouns to count, and calls whose text does not stand in them. */
export interface SourceTexts {
  readonly texts: readonly SourceText[]
  readonly nouns: readonly SourceText[]
  readonly unknown: readonly string[]
}

const ROOT = `${import.meta.dirname}/../../../editor/src`

/** Every file of the editor that ships. */
export function sourceFiles(): readonly SourceFile[] {
  return globSync('**/*.{ts,tsx}', { cwd: ROOT })
    .filter((path) => !/\.test\.|^testing\/|^test-setup/.test(path))
    .toSorted()
    .map((path) => {
      const text = readFileSync(`${ROOT}/${path}`, 'utf8')
      return { path, text, program: parseSync(path, text).program as unknown as SyntaxNode }
    })
}

/** All nodes of a tree, each with those around it, the nearest last. */
export function* walk(
  node: SyntaxNode,
  around: readonly SyntaxNode[] = [],
): Generator<readonly [SyntaxNode, readonly SyntaxNode[]]> {
  yield [node, around]
  const inner = [...around, node]
  for (const member of Object.values(node).flat()) if (isNode(member)) yield* walk(member, inner)
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string'
}

/** What `t`, `msg`, `rich` and `counted` are called with. */
export function textsOf(files: readonly SourceFile[]): SourceTexts {
  const texts: SourceText[] = []
  const nouns: SourceText[] = []
  const unknown: string[] = []
  for (const { path, text, program } of files) {
    for (const [node] of walk(program)) {
      const called = calledName(node)
      const [first, second] = (node.arguments ?? []) as readonly SyntaxNode[]
      if (called === 't' || called === 'msg' || called === 'rich') {
        const found = stringsOf(first)
        texts.push(...found.map((english) => ({ path, english })))
        if (found.length === 0 && called !== 't') unknown.push(`${path}: ${text.slice(node.start, node.end)}`)
      }
      if (called === 'counted') nouns.push(...stringsOf(second).map((english) => ({ path, english })))
    }
  }
  return { texts, nouns, unknown }
}

function calledName({ type, callee }: SyntaxNode): unknown {
  return type === 'CallExpression' ? (callee as SyntaxNode).name : undefined
}

/** The strings that an expression may be. */
export function stringsOf(node: SyntaxNode | undefined): readonly string[] {
  if (node === undefined) return []
  if (node.type === 'Literal') return typeof node.value === 'string' ? [node.value] : []
  if (node.type === 'ConditionalExpression')
    return [...stringsOf(node.consequent as SyntaxNode), ...stringsOf(node.alternate as SyntaxNode)]
  return []
}

/** Names of attributes and of members of tables that people read. */
const READ =
  /^(label|title|placeholder|aria-label|ariaLabel|aria-description|description|alt|hint|text|words?|heading|caption|what|message|verb|summary|reason|ariaLabelledBy|listLabel|afterTitle|beforeTitle|suffix)$/

/** What is a name in every language, or no language at all. */
const NAMES =
  /^(Millrace|Kafka|Elasticsearch|Ctrl|npm start|broker-1:9092, broker-2:9092|https:\/\/elastic\.example\.org:9200|region:US-WEST total:>100|total > \d+)$|^\W*$/

/** Texts that people read and that nothing translates: in elements, in attributes, in tables; as `path: text`. */
export function unwrappedTexts(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path }) => !path.startsWith('i18n/') && !path.startsWith('theme/tokens'))
    .flatMap(({ path, program }) =>
      [...walk(program)].flatMap(([node, around]) =>
        readTexts(node, around)
          .filter((text) => /\p{L}{2}/u.test(text) && !NAMES.test(text.trim()))
          .map((text) => `${path}: ${text.trim()}`),
      ),
    )
}

function readTexts(node: SyntaxNode, around: readonly SyntaxNode[]): readonly string[] {
  if (node.type === 'JSXText') return [String(node.value)]
  if (node.type === 'JSXAttribute' && isRead(node.name)) return literalsOf(node.value as SyntaxNode | null)
  if (node.type === 'JSXExpressionContainer' && around.at(-1)?.type !== 'JSXAttribute')
    return literalsOf(node.expression as SyntaxNode)
  if (node.type === 'Property' && isRead(node.key)) return literalsOf(node.value as SyntaxNode)
  return []
}

function isRead(name: unknown): boolean {
  const { name: plain, value } = name as SyntaxNode
  return READ.test(String(plain ?? value))
}

/** The strings that an expression shows: its own, those of its branches, and the fixed parts of templates. */
function literalsOf(node: SyntaxNode | null): readonly string[] {
  switch (node?.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : []
    case 'TemplateLiteral':
      return (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked)
    case 'ConditionalExpression':
      return [...literalsOf(node.consequent as SyntaxNode), ...literalsOf(node.alternate as SyntaxNode)]
    case 'LogicalExpression':
      return literalsOf(node.right as SyntaxNode)
    case 'JSXExpressionContainer':
    case 'TSAsExpression':
      return literalsOf(node.expression as SyntaxNode)
    default:
      return []
  }
}
