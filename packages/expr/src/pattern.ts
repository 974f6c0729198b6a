import { RE2JS, RE2JSException } from 're2js'
import { EvaluationError } from './expression.ts'
import { LIMITS } from './limits.ts'

/** Tells whether a text matches. Throws `text_too_long` where finding out could take too long. */
export type TextMatcher = (text: string) => boolean

/** A matcher, or in words why the pattern is none. */
export type PatternResult = { readonly ok: true; readonly matches: TextMatcher } | PatternFault

/** A compiled regular expression, or in words why the pattern is none. */
export type RegexpResult = { readonly ok: true; readonly program: RE2JS } | PatternFault

/** In words what is wrong with a pattern. */
export interface PatternFault {
  readonly ok: false
  readonly message: string
}

/** A piece of a `like` pattern: literal text, exactly one code point (`_`), or any number of them (`%`). */
export type LikePiece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'one' | 'any' }

/** The four shapes of `like` pattern that have a name of their own. */
export type LikeShape = 'equals' | 'starts with' | 'ends with' | 'contains'

const WILDCARD = { '%': { kind: 'any' }, _: { kind: 'one' } } as const satisfies Record<string, LikePiece>

/**
 * Compiles a regular expression in RE2 syntax. Time is linear in the text: at most 1,000 instructions of program for each
 * of at most 65,536 characters, if every text goes through `matchableText`.
 */
export function compileRegexp(pattern: string): RegexpResult {
  if (pattern.length > LIMITS.patternLength) return patternTooLong()
  try {
    const program = RE2JS.compile(pattern)
    if (program.programSize() > LIMITS.patternProgram)
      return { ok: false, message: 'The pattern repeats too much' }
    return { ok: true, program }
  } catch (error) {
    if (error instanceof RE2JSException)
      return { ok: false, message: `The pattern is wrong: ${error.message}` }
    throw error
  }
}

function patternTooLong(): PatternFault {
  return { ok: false, message: `A pattern has at most ${LIMITS.patternLength} characters` }
}

/** Hands on a text that a pattern may be tried on; throws `text_too_long` where finding out could take too long. */
export function matchableText(text: string): string {
  if (text.length <= LIMITS.matchedTextLength) return text
  throw new EvaluationError('text_too_long', `A text of ${text.length} characters is too long for a pattern`)
}

/** Compiles a pattern of `like`, which must match the whole text. `escaper` makes the `%`, `_` or itself behind it literal. */
export function compileLike(pattern: string, escaper: string | null): PatternResult {
  if (pattern.length > LIMITS.patternLength) return patternTooLong()
  if (escaper !== null && [...escaper].length !== 1)
    return { ok: false, message: 'escape takes exactly one character' }
  const pieces = readLike(pattern, escaper)
  if (pieces === null) return { ok: false, message: `Behind ${escaper} only %, _ and ${escaper} may stand` }
  return { ok: true, matches: likeMatcher(pieces) }
}

/** Cuts a `like` pattern into pieces, neighbouring texts and neighbouring `%` joined; null where an escape stands wrong. */
export function readLike(pattern: string, escaper: string | null): LikePiece[] | null {
  const pieces: LikePiece[] = []
  const characters = [...pattern]
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i]!
    if (character === escaper) {
      const literal = characters[++i]
      if (literal !== '%' && literal !== '_' && literal !== escaper) return null
      addPiece(pieces, { kind: 'text', text: literal })
    } else {
      addPiece(
        pieces,
        character === '%' || character === '_' ? WILDCARD[character] : { kind: 'text', text: character },
      )
    }
  }
  return pieces
}

function addPiece(pieces: LikePiece[], piece: LikePiece): void {
  const last = pieces.at(-1)
  if (piece.kind === 'any' && last?.kind === 'any') return
  if (piece.kind !== 'text' || last?.kind !== 'text') pieces.push(piece)
  else pieces[pieces.length - 1] = { kind: 'text', text: last.text + piece.text }
}

/** The shape of a pattern and the text in it; null where it has `_`, or `%` elsewhere. */
export function likeShape(
  pieces: readonly LikePiece[],
): { readonly shape: LikeShape; readonly text: string } | null {
  const kinds = pieces.map((piece) => piece.kind).join(' ')
  const text = pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('')
  if (kinds === '' || kinds === 'text') return { shape: 'equals', text }
  if (kinds === 'text any' || kinds === 'any') return { shape: 'starts with', text }
  if (kinds === 'any text') return { shape: 'ends with', text }
  return kinds === 'any text any' ? { shape: 'contains', text } : null
}

const SHAPE_MATCHERS = {
  equals: (wanted) => (text) => text === wanted,
  'starts with': (wanted) => (text) => text.startsWith(wanted),
  'ends with': (wanted) => (text) => text.endsWith(wanted),
  contains: (wanted) => (text) => text.includes(wanted),
} as const satisfies Record<LikeShape, (wanted: string) => TextMatcher>

function likeMatcher(pieces: readonly LikePiece[]): TextMatcher {
  const shape = likeShape(pieces)
  if (shape !== null) return SHAPE_MATCHERS[shape.shape](shape.text)
  const source = pieces.map(regexpOf).join('')
  const program = RE2JS.compile(source, RE2JS.DOTALL)
  return (text) => program.testExact(matchableText(text))
}

function regexpOf(piece: LikePiece): string {
  if (piece.kind === 'text') return RE2JS.quote(piece.text)
  return piece.kind === 'one' ? '.' : '.*'
}
