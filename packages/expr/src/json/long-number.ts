/*
 * Numbers of which a double may not tell the whole truth: those written with 16 characters or more. A number of up to
 * 15 digits is the only one of them with its double, so JSON.parse loses nothing of it; of a longer one the text is
 * kept. Keeping it costs time, so a record is first looked at as bytes, one in eight, for such a number.
 */

/** Where a number may be one of many with its double. */
const LONG = 16

/** Every run of 16 bytes covers two neighbours of the bytes that are looked at. */
const STRIDE = LONG / 2

/** A longer number is not looked at more closely. */
const MAX_LENGTH = 1000

/** 1 for the bytes of which numbers are made. */
const NUMBER_BYTES = bytesIn('0123456789.eE+-')

/** 1 for the bytes that may stand before a number in JSON; before a piece of a text stands a quote or another character. */
const BYTES_BEFORE = bytesIn(':,[ \t\r\n')

function bytesIn(characters: string): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) =>
    characters.includes(String.fromCharCode(byte)) ? 1 : 0,
  )
}

/**
 * True where a record may have a number whose text must be kept. With `fractions` that is any long number; without,
 * one whose nearest double is whole: nothing but a double can be had of the others. A number next to zero, which has
 * the double 0, is not found where it is short.
 */
export function hasLongNumber(bytes: Uint8Array, fractions: boolean): boolean {
  for (let i = STRIDE - 1; i + STRIDE < bytes.length; i += STRIDE) {
    if (NUMBER_BYTES[bytes[i] as number] === 1 && NUMBER_BYTES[bytes[i + STRIDE] as number] === 1) {
      if (isLongNumber(bytes, i, fractions)) return true
    }
  }
  return false
}

/** `at` is the first byte of the number that was looked at, or one behind it. */
function isLongNumber(bytes: Uint8Array, at: number, fractions: boolean): boolean {
  let start = at
  while (at - start < LONG && NUMBER_BYTES[bytes[start - 1] as number] === 1) start--
  if (BYTES_BEFORE[bytes[start - 1] as number] !== 1) return false
  let end = at
  while (end - start <= MAX_LENGTH && NUMBER_BYTES[bytes[end] as number] === 1) end++
  if (end - start < LONG) return false
  if (fractions || end - start > MAX_LENGTH) return true
  return Number.isInteger(Number(String.fromCharCode(...bytes.subarray(start, end))))
}

/** The text of a long number, in the place of the number. */
export class NumberText {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }
}

/** Stands before the text of a long number where that is read as a string. No character: no text has a use for it. */
export const MARK = '\uffff'

const WRITTEN_MARK = /\uffff|\\u[fF]{4}/
const CANDIDATES = /(?<=[:,[\s])-?\d[\d.eE+-]{15,}/g
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const NAME_FOLLOWS = /\s*:/y

/**
 * Parses JSON so that every number of 16 characters or more keeps its text: a string that begins with `MARK`, or (in
 * the rare text that has that character itself) a `NumberText`. Throws where JSON.parse does.
 */
export function parseKeepingLongNumbers(text: string): { readonly value: unknown; readonly marked: boolean } {
  if (WRITTEN_MARK.test(text)) return { value: JSON.parse(text, keepText), marked: false }
  return { value: JSON.parse(markNumbers(text)), marked: true }
}

/** A reviver tells the text of every number, but takes ten times as long as to parse without one. */
function keepText(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source
  return typeof value === 'number' && source !== undefined && source.length >= LONG
    ? new NumberText(source)
    : value
}

/** Makes strings of the long numbers. What is no number, or stands where none may, stays and fails to parse. */
function markNumbers(text: string): string {
  let result = ''
  let end = 0
  const quotes = new QuoteCounter(text)
  for (const { 0: number, index } of text.matchAll(CANDIDATES)) {
    if (quotes.isWithinString(index) || !JSON_NUMBER.test(number)) continue
    NAME_FOLLOWS.lastIndex = index + number.length
    if (NAME_FOLLOWS.test(text)) continue
    result += `${text.slice(end, index)}"${MARK}${number}"`
    end = index + number.length
  }
  return result + text.slice(end)
}

/** Tells what stands within strings, from the left to the right. */
class QuoteCounter {
  readonly #text: string
  #at = 0
  #inString = false

  constructor(text: string) {
    this.#text = text
  }

  isWithinString(position: number): boolean {
    for (;;) {
      const quote = this.#text.indexOf('"', this.#at)
      if (quote === -1 || quote >= position) return this.#inString
      if (!this.#inString || !this.#isEscaped(quote)) this.#inString = !this.#inString
      this.#at = quote + 1
    }
  }

  #isEscaped(quote: number): boolean {
    let backslashes = 0
    while (this.#text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes++
    return backslashes % 2 === 1
  }
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/** An int64 has at most 19 digits; a whole number with more is out of range, whatever they are. */
const MAX_DIGITS = 20

/** The exact value of a number's text: a whole number, or that it is a fraction or has more than 20 digits. */
export function exactInteger(source: string): bigint | 'fraction' | 'large' {
  const [text, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(source) ?? []
  // A short number beyond the doubles.
  if (text === undefined) return 'large'
  const digits = (whole + fraction).replace(/^0+/, '')
  const shift = Number(exponent) - fraction.length
  if (digits === '') return 0n
  if (digits.length + shift > MAX_DIGITS) return 'large'
  if (shift >= 0) return BigInt(sign + digits + '0'.repeat(shift))
  return /^0*$/.test(digits.slice(shift)) ? BigInt(`${sign}${digits.slice(0, shift)}`) : 'fraction'
}
