import { EvaluationError } from './expression.ts'
import { LIMITS } from './limits.ts'

const SURROGATE = /[\ud800-\udfff]/

/** Hands on a string that an expression made; throws `result_too_long` beyond 64 Ki UTF-16 units. */
export function limitText(text: string): string {
  limitLength(text.length)
  return text
}

/** Throws `result_too_long` where a string that an expression is about to make would be too long. */
export function limitLength(length: number): void {
  const limit = LIMITS.stringLength
  if (length <= limit) return
  throw new EvaluationError('result_too_long', `The text has ${length} characters, the limit is ${limit}`)
}

/** Negative, 0 or positive as a stands before, with or behind b in the order of code points, which is that of UTF-8 bytes. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = a.charCodeAt(i) - b.charCodeAt(i)
    if (difference !== 0) return codePointOrder(a.charCodeAt(i)) - codePointOrder(b.charCodeAt(i))
  }
  return a.length - b.length
}

/** Surrogates stand for code points beyond all other units, so they sort behind them. */
function codePointOrder(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

/** The number of code points of a well-formed string. */
export function codePointLength(text: string): number {
  if (!SURROGATE.test(text)) return text.length
  let length = 0
  for (let i = 0; i < text.length; i++) if (!isTrailing(text.charCodeAt(i))) length++
  return length
}

function isTrailing(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}

/** The code points from `start` (0 is the first) up to `end`, exclusive; positions outside the text are cut off. */
export function sliceCodePoints(text: string, start: number, end: number): string {
  const first = Math.max(0, start)
  if (end <= first) return ''
  if (!SURROGATE.test(text)) return text.slice(first, end)
  const from = unitOffset(text, 0, first)
  return text.slice(from, unitOffset(text, from, end - first))
}

function unitOffset(text: string, from: number, codePoints: number): number {
  let offset = from
  for (let i = 0; i < codePoints && offset < text.length; i++) {
    offset += isTrailing(text.charCodeAt(offset + 1)) ? 2 : 1
  }
  return offset
}

/** Cuts spaces (U+0020, as SQL says) off the start and the end, as asked. */
export function trimSpaces(text: string, start: boolean, end: boolean): string {
  let from = 0
  let to = text.length
  if (start) while (from < to && text.charCodeAt(from) === 0x20) from++
  if (end) while (to > from && text.charCodeAt(to - 1) === 0x20) to--
  return text.slice(from, to)
}

/** Joins texts; throws `result_too_long` before a joined text would grow beyond bounds. */
export function joinTexts(texts: readonly (string | null)[]): string {
  let result = ''
  for (const text of texts) if (text !== null) result = limitText(result + text)
  return result
}

/** Replaces every occurrence; an empty `search` replaces nothing. Throws `result_too_long` before it builds the result. */
export function replaceText(text: string, search: string, replacement: string): string {
  if (search === '') return text
  let count = 0
  for (let at = text.indexOf(search); at !== -1; at = text.indexOf(search, at + search.length)) count++
  limitLength(text.length + count * (replacement.length - search.length))
  return text.replaceAll(search, () => replacement)
}

/** The nth part (1 is the first) of a text cut at a delimiter; null where there is none, or the delimiter is empty. */
export function splitPart(text: string, delimiter: string, index: number): string | null {
  if (delimiter === '' || index < 1) return null
  let from = 0
  for (let part = 1; ; part++) {
    const to = text.indexOf(delimiter, from)
    if (part === index) return text.slice(from, to === -1 ? text.length : to)
    if (to === -1) return null
    from = to + delimiter.length
  }
}
