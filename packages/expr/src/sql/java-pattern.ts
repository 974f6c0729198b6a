import { type Unsupported, unsupported } from './call-sql.ts'

/** The pieces of a pattern in RE2 syntax; in classes others than outside. */
const OUTSIDE =
  /\\Q[\s\S]*?(?:\\E|$)|\\[0-7]{1,3}|\\x(?:\{[0-9a-fA-F]+\}|[0-9a-fA-F]{2})|\\[pP](?:\{\^?\w+\}|\w)|\\[\s\S]|\(\?P?<\w+>|\(\?[a-zA-Z-]*[:)]|\{\d+(?:,\d*)?\}|\[\^?\]?|[\s\S]/gu
const INSIDE =
  /\[:\^?\w+:\]|\\[0-7]{1,3}|\\x(?:\{[0-9a-fA-F]+\}|[0-9a-fA-F]{2})|\\[pP](?:\{\^?\w+\}|\w)|\\[\s\S]|\]|[\s\S]/gu

const SPACES = '\\t\\n\\f\\r '

/** Pieces outside classes that Java reads otherwise, and what it reads like that. */
const OUTSIDE_PIECES: ReadonlyMap<string, string> = new Map([
  ['$', '\\z'],
  ['{', '\\{'],
  ['\\v', '\\x0B'],
  ['\\s', `[${SPACES}]`],
  ['\\S', `[^${SPACES}]`],
  ['\\b', '(?:(?<=\\w)(?!\\w)|(?<!\\w)(?=\\w))'],
  ['\\B', '(?:(?<=\\w)(?=\\w)|(?<!\\w)(?!\\w))'],
])

/** The same for pieces within classes. */
const INSIDE_PIECES: ReadonlyMap<string, string> = new Map([
  ['[', '\\['],
  ['&', '\\&'],
  ['\\v', '\\x0B'],
  ['\\s', SPACES],
])

const POSIX_CLASSES: ReadonlyMap<string, string> = new Map([
  ['alnum', 'Alnum'],
  ['alpha', 'Alpha'],
  ['ascii', 'ASCII'],
  ['blank', 'Blank'],
  ['cntrl', 'Cntrl'],
  ['digit', 'Digit'],
  ['graph', 'Graph'],
  ['lower', 'Lower'],
  ['print', 'Print'],
  ['punct', 'Punct'],
  ['space', 'Space'],
  ['upper', 'Upper'],
  ['xdigit', 'XDigit'],
])

/** Thrown at a piece that Java's syntax cannot say. */
class NoJava extends Error {}

/**
 * A valid regular expression of RE2 in the syntax of Java, of the same meaning: `$` is the end of the text, `.` all but
 * a line feed, `\s` without the vertical tab, classes of letters those of ASCII, names of groups are left out.
 */
export function javaPattern(pattern: string): string | Unsupported {
  try {
    return translate(pattern)
  } catch (error) {
    if (error instanceof NoJava) return unsupported(`regular expressions of Java have no ${error.message}`)
    throw error
  }
}

function translate(pattern: string): string {
  let java = ''
  let at = 0
  let hasDot = false
  while (at < pattern.length) {
    const piece = pieceAt(OUTSIDE, pattern, at)
    at += piece.length
    if (piece.startsWith('[')) {
      const inside = readClass(piece, pattern, at)
      java += inside.java
      at = inside.end
    } else {
      hasDot ||= piece === '.'
      java += outsidePiece(piece)
    }
  }
  return hasDot || java === '' ? `(?d)${java}` : java
}

function pieceAt(pieces: RegExp, pattern: string, at: number): string {
  const sticky = new RegExp(pieces.source, 'uy')
  sticky.lastIndex = at
  return sticky.exec(pattern)?.[0] ?? ''
}

function outsidePiece(piece: string): string {
  if (piece.startsWith('(?')) return group(piece)
  return OUTSIDE_PIECES.get(piece) ?? escaped(piece)
}

function group(piece: string): string {
  if (piece.includes('<')) return '('
  if (/[mU]/.test(piece)) throw new NoJava(`flags ${piece}`)
  return piece.replace('i', 'iu')
}

function escaped(piece: string): string {
  if (piece === '\\C') throw new NoJava('single bytes \\C')
  if (/^\\[0-7]/.test(piece)) return `\\0${piece.slice(1)}`
  if (/^\\[pP]/.test(piece)) return property(piece)
  return piece
}

/** Categories have one or two letters, all else is a script. */
function property(piece: string): string {
  const [, letter = '', caret = '', name = ''] = /^\\([pP])\{?(\^?)(\w+)\}?$/.exec(piece) ?? []
  if (name === 'Any') throw new NoJava('class Any')
  const negated = (letter === 'P') !== (caret === '^')
  return `\\${negated ? 'P' : 'p'}{${name.length <= 2 ? '' : 'Is'}${name}}`
}

/** Reads a class from behind its opening, where a `]` is itself, up to its end. */
function readClass(
  opening: string,
  pattern: string,
  from: number,
): { readonly java: string; readonly end: number } {
  let java = opening.replace(']', '\\]')
  let at = from
  for (;;) {
    const piece = pieceAt(INSIDE, pattern, at)
    at += piece.length
    if (piece === ']' || piece === '') return { java: `${java}]`, end: at }
    java += insidePiece(piece)
  }
}

function insidePiece(piece: string): string {
  const posix = /^\[:(\^?)(\w+):\]$/.exec(piece)
  if (posix !== null) return posixClass(posix[1] === '^', posix[2] as string)
  if (piece === '\\S') throw new NoJava('\\S within a class')
  return INSIDE_PIECES.get(piece) ?? escaped(piece)
}

function posixClass(negated: boolean, name: string): string {
  if (name === 'word') return negated ? '\\W' : '\\w'
  return `\\${negated ? 'P' : 'p'}{${POSIX_CLASSES.get(name)}}`
}
