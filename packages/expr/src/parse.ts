import type { Tree } from '@lezer/common'
import type { ExpressionIssue } from './expression.ts'
import { parser } from './generated/parser.ts'
import { issueAt } from './issue.ts'
import { LIMITS } from './limits.ts'
import { readSyntax } from './read-syntax.ts'
import type { Span, Syntax } from './syntax.ts'
import { describeSyntaxError, findSyntaxError } from './syntax-error.ts'
import { isComment, part, parts, skipGaps } from './tree.ts'

/** What a text says, or why it says nothing. */
export type ParseResult =
  | { readonly ok: true; readonly syntax: Syntax }
  | { readonly ok: false; readonly issues: readonly ExpressionIssue[] }

/**
 * First stage: text to syntax. Never throws, whatever the text; the time is linear in its length, which is limited
 * (4,096 characters, nested 32 deep, 500 nodes). A lone surrogate counts as U+FFFD. `check` comes next.
 */
export function parse(text: string): ParseResult {
  const whole = { from: 0, to: text.length }
  if (text.length > LIMITS.textLength)
    return refused(issueAt('too_long', whole, `An expression has at most ${LIMITS.textLength} characters`))
  return parseWellFormed(text.toWellFormed(), whole)
}

function parseWellFormed(text: string, whole: Span): ParseResult {
  const tree = parseTree(text)
  if (skipGaps(text, 0) === text.length) return refused(issueAt('empty', whole, 'An expression is missing'))
  const error = findSyntaxError(tree.topNode)
  if (error !== null) return refused(describeSyntaxError(text, error))
  const { syntax, issues } = readSyntax(part(parts(tree.topNode), 0), text)
  return issues.length === 0 ? { ok: true, syntax } : { ok: false, issues }
}

/** The error-tolerant tree of a text: what highlighting and completion work on. */
export function parseTree(text: string): Tree {
  return parser.parse(text)
}

/** True where the text has comments, which the parsed syntax does not keep. */
export function hasComments(text: string): boolean {
  const cursor = parseTree(text).cursor()
  do {
    if (isComment(cursor.name)) return true
  } while (cursor.next())
  return false
}

function refused(issue: ExpressionIssue): ParseResult {
  return { ok: false, issues: [issue] }
}
