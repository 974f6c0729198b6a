/** A block of a text: what the help of the node types is made of. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly string[] }
  | {
      readonly kind: 'table'
      readonly head: readonly string[]
      readonly rows: readonly (readonly string[])[]
    }

/** A piece of a line. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: string }
  | { readonly kind: 'emphasis'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }

const HEADING = /^(#{1,3}) +(.+)$/
const ITEM = /^(?:[-*]|(\d+)\.) +(.+)$/
const FENCE = /^```/
const TABLE_LINE = /^\|.*\|$/
const TABLE_RULE = /^\|[\s:|-]+\|$/

/**
 * Reads the subset of Markdown that the help of node types is written in: headings, paragraphs, lists, tables, fenced
 * code. Everything else, HTML included, is plain text.
 */
export function readMarkdown(text: string): readonly Block[] {
  const lines = text.split(/\r?\n/)
  const blocks: Block[] = []
  let at = 0
  while (at < lines.length) {
    const [block, next] = readBlock(lines, at)
    if (block !== null) blocks.push(block)
    at = next
  }
  return blocks
}

/** The block that begins at a line, and the line behind it. */
function readBlock(lines: readonly string[], at: number): readonly [Block | null, number] {
  const line = lines[at]?.trim() ?? ''
  if (line === '') return [null, at + 1]
  if (FENCE.test(line)) return readFence(lines, at)
  const heading = HEADING.exec(line)
  if (heading !== null) {
    return [{ kind: 'heading', level: heading[1]?.length as 1 | 2 | 3, text: heading[2] ?? '' }, at + 1]
  }
  if (TABLE_LINE.test(line) && TABLE_RULE.test(lines[at + 1]?.trim() ?? '')) return readTable(lines, at)
  return ITEM.test(line) ? readList(lines, at) : readParagraph(lines, at)
}

function readFence(lines: readonly string[], at: number): readonly [Block, number] {
  const end = lines.findIndex((line, i) => i > at && FENCE.test(line.trim()))
  const last = end === -1 ? lines.length : end
  return [{ kind: 'code', text: lines.slice(at + 1, last).join('\n') }, last + 1]
}

function readTable(lines: readonly string[], at: number): readonly [Block, number] {
  let end = at + 2
  while (TABLE_LINE.test(lines[end]?.trim() ?? '')) end++
  const rows = lines.slice(at + 2, end).map(cellsOf)
  return [{ kind: 'table', head: cellsOf(lines[at] ?? ''), rows }, end]
}

function cellsOf(line: string): readonly string[] {
  const inner = line.trim().slice(1, -1)
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
}

function readList(lines: readonly string[], at: number): readonly [Block, number] {
  const items: string[] = []
  let end = at
  for (; end < lines.length; end++) {
    const line = lines[end] ?? ''
    const item = ITEM.exec(line.trim())
    if (item !== null) items.push(item[2] ?? '')
    // A line that is set in belongs to the item before it.
    else if (/^\s+\S/.test(line) && items.length > 0) items.push(`${items.pop()} ${line.trim()}`)
    else break
  }
  return [{ kind: 'list', ordered: ITEM.exec(lines[at]?.trim() ?? '')?.[1] !== undefined, items }, end]
}

function readParagraph(lines: readonly string[], at: number): readonly [Block, number] {
  let end = at + 1
  while (end < lines.length && continuesParagraph(lines[end]?.trim() ?? '')) end++
  const text = lines.slice(at, end).map((line) => line.trim())
  return [{ kind: 'paragraph', text: text.join(' ') }, end]
}

function continuesParagraph(line: string): boolean {
  return line !== '' && !HEADING.test(line) && !ITEM.test(line) && !FENCE.test(line) && !TABLE_LINE.test(line)
}

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^()\s]+)\)/g

/** The pieces of a line. Links lead to http and https only; others are plain text. */
export function readInline(text: string): readonly Inline[] {
  const pieces: Inline[] = []
  let from = 0
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) pieces.push({ kind: 'text', text: text.slice(from, match.index) })
    pieces.push(pieceOf(match))
    from = match.index + match[0].length
  }
  if (from < text.length) pieces.push({ kind: 'text', text: text.slice(from) })
  return pieces
}

function pieceOf([whole, code, strong, emphasis, label, href]: RegExpExecArray): Inline {
  if (code !== undefined) return { kind: 'code', text: code }
  if (strong !== undefined) return { kind: 'strong', text: strong }
  if (emphasis !== undefined) return { kind: 'emphasis', text: emphasis }
  if (label !== undefined && href !== undefined && /^https?:\/\//i.test(href))
    return { kind: 'link', text: label, href }
  return { kind: 'text', text: label ?? whole }
}
