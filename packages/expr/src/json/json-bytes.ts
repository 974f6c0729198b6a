/*
 * Steps over JSON as bytes. Each takes the position where something begins and the end of the bytes, and returns the
 * position behind it, or `NOT_PLAIN` where it is no JSON in UTF-8.
 */

/** What is here is for others to read. */
export const NOT_PLAIN = -1

/** Bytes that have a meaning. */
export const BYTE = {
  quote: 0x22,
  comma: 0x2c,
  minus: 0x2d,
  point: 0x2e,
  zero: 0x30,
  colon: 0x3a,
  openArray: 0x5b,
  backslash: 0x5c,
  closeArray: 0x5d,
  false: 0x66,
  null: 0x6e,
  true: 0x74,
  u: 0x75,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const

/** 1 for the bytes that end a plain run of a text: its quote, an escape, control characters, bytes beyond ASCII. */
const ENDS_RUN = tableOf(
  (byte) => byte < 0x20 || byte > 0x7f || byte === BYTE.quote || byte === BYTE.backslash,
)
const SPACE = bytesIn(' \t\r\n')
const DIGIT = bytesIn('0123456789')
const HEX = bytesIn('0123456789abcdefABCDEF')
const ESCAPED = bytesIn('"\\/bfnrt')
const EXPONENT = bytesIn('eE')
const SIGN = bytesIn('+-')

function tableOf(isIn: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (isIn(byte) ? 1 : 0))
}

function bytesIn(characters: string): Uint8Array {
  return tableOf((byte) => characters.includes(String.fromCharCode(byte)))
}

/** Where white space ends. */
export function skipSpace(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && SPACE[bytes[at] as number] === 1) at++
  return at
}

/** Where a run of ASCII without escapes ends, in a text: at its quote mostly. */
export function endOfRun(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && ENDS_RUN[bytes[at] as number] === 0) at++
  return at
}

/** Where the quote of a text without escapes stands; `from` is behind the first one. */
export function endOfText(bytes: Uint8Array, from: number, end: number): number {
  let at = endOfRun(bytes, from, end)
  while ((bytes[at] as number) > 0x7f) {
    at = skipCharacter(bytes, at)
    if (at === NOT_PLAIN) return NOT_PLAIN
    at = endOfRun(bytes, at, end)
  }
  return bytes[at] === BYTE.quote ? at : NOT_PLAIN
}

/** Behind a character beyond ASCII in well-formed UTF-8 (The Unicode Standard, table 3-7). */
export function skipCharacter(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number
  const second = bytes[at + 1] as number
  if (lead < 0xc2 || lead > 0xf4 || !isTail(second)) return NOT_PLAIN
  if (lead < 0xe0) return at + 2
  if (!isTail(bytes[at + 2]) || second < leastSecond(lead) || second > mostSecond(lead)) return NOT_PLAIN
  if (lead < 0xf0) return at + 3
  return isTail(bytes[at + 3]) ? at + 4 : NOT_PLAIN
}

function isTail(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}

/** Below are longer forms of what is shorter. */
function leastSecond(lead: number): number {
  if (lead === 0xe0) return 0xa0
  return lead === 0xf0 ? 0x90 : 0x80
}

/** Above are surrogates, and what is beyond the last character. */
function mostSecond(lead: number): number {
  if (lead === 0xed) return 0x9f
  return lead === 0xf4 ? 0x8f : 0xbf
}

/** Behind a text; `from` is behind its first quote. */
function skipText(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at !== NOT_PLAIN) {
    at = endOfRun(bytes, at, end)
    if (bytes[at] === BYTE.quote) return at + 1
    at = bytes[at] === BYTE.backslash ? skipEscape(bytes, at) : skipCharacter(bytes, at)
  }
  return NOT_PLAIN
}

function skipEscape(bytes: Uint8Array, at: number): number {
  if (ESCAPED[bytes[at + 1] as number] === 1) return at + 2
  return bytes[at + 1] === BYTE.u && isHex(bytes, at + 2) ? at + 6 : NOT_PLAIN
}

function isHex(bytes: Uint8Array, at: number): boolean {
  for (let i = at; i < at + 4; i++) if (HEX[bytes[i] as number] !== 1) return false
  return true
}

/** Where digits end. */
export function skipDigits(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && DIGIT[bytes[at] as number] === 1) at++
  return at
}

/** Behind the whole part of a number, which begins with no other zero than its only one. */
export function skipWhole(bytes: Uint8Array, from: number, end: number): number {
  const first = bytes[from] === BYTE.minus ? from + 1 : from
  if (bytes[first] === BYTE.zero) return first + 1
  const at = skipDigits(bytes, first, end)
  return at === first ? NOT_PLAIN : at
}

function skipNumber(bytes: Uint8Array, from: number, end: number): number {
  let at = skipWhole(bytes, from, end)
  if (at === NOT_PLAIN) return NOT_PLAIN
  if (bytes[at] === BYTE.point) {
    const digits = skipDigits(bytes, at + 1, end)
    if (digits === at + 1) return NOT_PLAIN
    at = digits
  }
  if (EXPONENT[bytes[at] as number] !== 1) return at
  const first = SIGN[bytes[at + 1] as number] === 1 ? at + 2 : at + 1
  const digits = skipDigits(bytes, first, end)
  return digits === first ? NOT_PLAIN : digits
}

/** Words by their first byte. */
const WORDS = new Map(['true', 'false', 'null'].map((word) => [word.charCodeAt(0), codesOf(word)]))

function codesOf(word: string): Uint8Array {
  return Uint8Array.from(word, (character) => character.charCodeAt(0))
}

/** Behind `true`, `false` or `null`. */
export function skipWord(bytes: Uint8Array, from: number): number {
  const word = WORDS.get(bytes[from] as number)
  return word !== undefined && startsWith(bytes, from, word) ? from + word.length : NOT_PLAIN
}

/** True where these bytes stand at a position. */
export function startsWith(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false
  return true
}

/** Behind a value of any kind, with at most so many levels of arrays and objects. */
export function skipValue(bytes: Uint8Array, at: number, end: number, levels: number): number {
  const first = bytes[at]
  if (first === BYTE.quote) return skipText(bytes, at + 1, end)
  if (first === BYTE.openObject || first === BYTE.openArray) return skipNested(bytes, at, end, levels)
  const word = skipWord(bytes, at)
  return word === NOT_PLAIN ? skipNumber(bytes, at, end) : word
}

function skipNested(bytes: Uint8Array, from: number, end: number, levels: number): number {
  if (levels === 0) return NOT_PLAIN
  const isObject = bytes[from] === BYTE.openObject
  const close = isObject ? BYTE.closeObject : BYTE.closeArray
  let at = skipSpace(bytes, from + 1, end)
  if (bytes[at] === close) return at + 1
  for (;;) {
    if (isObject) at = skipName(bytes, at, end)
    if (at !== NOT_PLAIN) at = skipValue(bytes, at, end, levels - 1)
    if (at === NOT_PLAIN) return NOT_PLAIN
    at = skipSpace(bytes, at, end)
    if (bytes[at] === close) return at + 1
    if (bytes[at] !== BYTE.comma) return NOT_PLAIN
    at = skipSpace(bytes, at + 1, end)
  }
}

/** Where the value of a member begins. */
function skipName(bytes: Uint8Array, from: number, end: number): number {
  if (bytes[from] !== BYTE.quote) return NOT_PLAIN
  const behind = skipText(bytes, from + 1, end)
  return behind === NOT_PLAIN ? NOT_PLAIN : skipColon(bytes, behind, end)
}

/** From behind a name to where its value begins. */
export function skipColon(bytes: Uint8Array, from: number, end: number): number {
  const at = skipSpace(bytes, from, end)
  return bytes[at] === BYTE.colon ? skipSpace(bytes, at + 1, end) : NOT_PLAIN
}
