import type { SyntaxNode } from '@lezer/common'
import type { NameSyntax } from './syntax.ts'

const GAP = /(?:\s|--[^\n]*|\/\*[\s\S]*?\*\/)*/y

/** The children of a node of the Lezer tree, keywords and punctuation included, comments left out. */
export function parts(node: SyntaxNode): SyntaxNode[] {
  const result: SyntaxNode[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (!isComment(child.name)) result.push(child)
  }
  return result
}

/** The part at an index. The grammar says how many there are, so a missing one is our own fault. */
export function part(children: readonly SyntaxNode[], index: number): SyntaxNode {
  const child = children.at(index)
  if (child === undefined) throw new Error(`The syntax tree has no part ${index}`)
  return child
}

/** True for the names of both kinds of comment. */
export function isComment(nodeName: string): boolean {
  return nodeName === 'LineComment' || nodeName === 'BlockComment'
}

/** The text that a node covers. */
export function textOf(node: SyntaxNode, text: string): string {
  return text.slice(node.from, node.to)
}

/** Reads the name in or under an Identifier, QuotedName, Field, MemberName, FunctionName or TypeName. */
export function readName(node: SyntaxNode, text: string): NameSyntax {
  const inner = node.firstChild ?? node
  const written = textOf(inner, text)
  const quoted = inner.name === 'QuotedName'
  const name = quoted ? unquote(written) : written
  return { name, quoted, from: inner.from, to: inner.to }
}

/** The text between quotes of either kind, doubled quotes made single. */
export function unquote(written: string): string {
  const quote = written[0] ?? ''
  return written
    .slice(1, -1)
    .replaceAll(quote + quote, quote)
    .toWellFormed()
}

/** The first position from `from` on that is neither white space nor part of a comment. */
export function skipGaps(text: string, from: number): number {
  GAP.lastIndex = from
  return from + (GAP.exec(text)?.[0].length ?? 0)
}
