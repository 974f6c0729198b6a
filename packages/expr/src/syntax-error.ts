import type { SyntaxNode } from '@lezer/common'
import type { ExpressionIssue } from './expression.ts'
import { RESERVED_WORDS } from './grammar/keywords.ts'
import { issueAt } from './issue.ts'
import type { Span } from './syntax.ts'
import { skipGaps } from './tree.ts'

interface Hint {
  readonly message: string
  readonly replacement?: string
}

const EQUALITY: Hint = { message: 'Equality is written with one =', replacement: '=' }
const TEXT_QUOTE: Hint = { message: "Text is written in straight single quotes: 'text'", replacement: "'" }
const NAME_QUOTE: Hint = { message: 'Straight quotes are needed here', replacement: '"' }

/** What people write in other languages, and how it is written here. */
const HINTS: ReadonlyMap<string, Hint> = new Map([
  ['==', EQUALITY],
  ['===', EQUALITY],
  ['!==', { message: 'Inequality is written <>', replacement: '<>' }],
  ['=<', { message: 'At most is written <=', replacement: '<=' }],
  ['=>', { message: 'At least is written >=', replacement: '>=' }],
  [
    '->',
    {
      message:
        'A lambda can only be the last argument of a function of arrays, as in any(items, i -> i.qty > 1)',
    },
  ],
  ['&&', { message: 'Both conditions: write and', replacement: ' and ' }],
  ['&', { message: 'Both conditions: write and', replacement: ' and ' }],
  ['|', { message: 'Either condition: write or', replacement: ' or ' }],
  ['!', { message: 'The opposite is written not', replacement: 'not ' }],
  ['%', { message: 'The remainder is written mod(a, b)' }],
  ['::', { message: 'A conversion is written cast(value as type)' }],
  ['/*', { message: 'The comment has no end: write */ behind it' }],
  ["'", { message: "The text that starts here has no closing quote '" }],
  ['"', { message: 'The name that starts here has no closing quote "' }],
  ['`', { message: 'A name with special characters stands in double quotes', replacement: '"' }],
  ['‘', TEXT_QUOTE],
  ['’', TEXT_QUOTE],
  ['‚', TEXT_QUOTE],
  ['“', NAME_QUOTE],
  ['”', NAME_QUOTE],
  ['„', NAME_QUOTE],
])

/** Reserved words that are also likely names of fields. */
const LIKELY_NAMES: ReadonlySet<string> = new Set([
  'as',
  'case',
  'cast',
  'distinct',
  'end',
  'escape',
  'from',
  'in',
  'is',
  'like',
])

/** What stands before `=>` where it is meant as the arrow of a lambda. */
const PARAMETERS_BEFORE = /[(,]\s*(?:[\p{L}_][\p{L}\p{N}_]*|\([^()]*\))\s*=?$/u
const LAMBDA: Hint = { message: 'A lambda is written i -> i.qty', replacement: '->' }

const OPERATOR_CHARACTERS = '=&|!<>%:*/'
const WORD = /^[\p{L}\p{N}_.]+/u

/** The first place at which the tree does not follow the grammar, or null. */
export function findSyntaxError(root: SyntaxNode): SyntaxNode | null {
  const cursor = root.cursor()
  do {
    if (cursor.type.isError) return cursor.node
  } while (cursor.next())
  return null
}

/** Says in words what is wrong at the place that `findSyntaxError` found. */
export function describeSyntaxError(text: string, error: SyntaxNode): ExpressionIssue {
  const from = skipGaps(text, error.from)
  if (from >= text.length) return issueAt('syntax', lastCharacter(text), endMessage(error))
  const token = tokenAt(text, from)
  const written = text.slice(token.from, token.to)
  const hint = written === '=>' && PARAMETERS_BEFORE.test(text.slice(0, from)) ? LAMBDA : HINTS.get(written)
  if (hint !== undefined) return issueAt('syntax', token, hint.message, hint.replacement)
  if (RESERVED_WORDS.includes(written.toLowerCase())) return reservedWord(written, token)
  return issueAt('syntax', token, `${written} is not expected here; is an operator or a comma missing?`)
}

function endMessage(error: SyntaxNode): string {
  if (error.parent?.name === 'Case') return 'A case needs end behind its last branch'
  return 'The expression ends too early: something is missing behind this'
}

function lastCharacter(text: string): Span {
  const to = text.trimEnd().length
  return { from: Math.max(0, to - 1), to }
}

function tokenAt(text: string, from: number): Span {
  const rest = text.slice(from)
  const word = WORD.exec(rest)
  if (word !== null) return { from, to: from + word[0].length }
  if (rest.startsWith('->')) return { from, to: from + 2 }
  if (!OPERATOR_CHARACTERS.includes(text.charAt(from)))
    return { from, to: from + String.fromCodePoint(rest.codePointAt(0) ?? 0).length }
  let start = from
  let end = from + 1
  while (start > 0 && OPERATOR_CHARACTERS.includes(text.charAt(start - 1))) start--
  while (end < text.length && OPERATOR_CHARACTERS.includes(text.charAt(end))) end++
  return { from: start, to: end }
}

function reservedWord(written: string, at: Span): ExpressionIssue {
  const message = `${written} cannot stand here: it is a word of the language`
  if (!LIKELY_NAMES.has(written.toLowerCase())) return issueAt('syntax', at, message)
  return issueAt('syntax', at, `${message}. A field of that name is written in double quotes`, `"${written}"`)
}
