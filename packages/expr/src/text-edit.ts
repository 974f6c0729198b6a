import type { Int64 } from './int64.ts'
import { codePointLength, limitLength, sliceCodePoints } from './text.ts'

/** Where a part begins in a text, in code points from 1; 0 where it does not stand in it. */
export function positionOf(text: string, part: string): number {
  const index = text.indexOf(part)
  return index === -1 ? 0 : codePointLength(text.slice(0, index)) + 1
}

/** The first code points of a text. */
export function leftOf(text: string, count: Int64): string {
  return sliceCodePoints(text, 0, Number(count))
}

/** The last code points of a text. */
export function rightOf(text: string, count: Int64): string {
  return count <= 0
    ? ''
    : sliceCodePoints(text, codePointLength(text) - Number(count), Number.MAX_SAFE_INTEGER)
}

/**
 * What must stand beside a text so that it has so many code points, made of the padding over and over. Null where the
 * length is negative or the padding empty. Throws `result_too_long`.
 */
function paddingFor(text: string, length: Int64, padding: string): string | null {
  if (length < 0 || padding === '') return null
  const missing = Number(length) - codePointLength(text)
  if (missing <= 0) return ''
  limitLength(missing)
  const times = Math.ceil(missing / codePointLength(padding))
  return sliceCodePoints(repeatText(padding, times), 0, missing)
}

/** A text of so many code points, filled on the left or cut off on the right; null as `paddingFor`. */
export function padLeft(text: string, length: Int64, padding: string): string | null {
  const missing = paddingFor(text, length, padding)
  return missing === null ? null : missing + leftOf(text, length)
}

/** A text of so many code points, filled or cut off on the right; null as `paddingFor`. */
export function padRight(text: string, length: Int64, padding: string): string | null {
  const missing = paddingFor(text, length, padding)
  return missing === null ? null : leftOf(text, length) + missing
}

/** A text so many times; throws `result_too_long` before it is built. */
export function repeatText(text: string, times: Int64): string {
  if (times <= 0 || text === '') return ''
  limitLength(text.length * Number(times))
  return text.repeat(Number(times))
}

/** The code points from the last to the first. */
export function reverseText(text: string): string {
  return Array.from(text).reverse().join('')
}

/** Every word (letters and digits) with its first letter in upper and the others in lower case. */
export function capitalizeWords(text: string): string {
  return text.replaceAll(/[\p{L}\p{M}\p{N}]+/gu, (word) => {
    const first = leftOf(word, 1)
    return first.toUpperCase() + word.slice(first.length).toLowerCase()
  })
}

/** Replaces each code point of `from` by the one at its place in `to`, and removes those that have none there. */
export function translateText(text: string, from: string, to: string): string {
  const replacements = Array.from(to)
  const table = new Map<string, string>()
  for (const [i, character] of Array.from(from).entries())
    if (!table.has(character)) table.set(character, replacements[i] ?? '')
  let result = ''
  for (const character of text) result += table.get(character) ?? character
  return result
}

/** Cuts all code points that stand in `characters` off the start and the end, as asked. */
export function trimCharacters(text: string, characters: string, start: boolean, end: boolean): string {
  const set = new Set(characters)
  const points = Array.from(text)
  let from = 0
  let to = points.length
  if (start) while (from < to && set.has(points[from] as string)) from++
  if (end) while (to > from && set.has(points[to - 1] as string)) to--
  return points.slice(from, to).join('')
}

/** A text with `length` code points from a position (1 is the first) on replaced; the text where there is no position. */
export function overlayText(text: string, replacement: string, start: Int64, length: Int64): string {
  if (start < 1 || start > codePointLength(text)) return text
  const first = Number(start) - 1
  const rest = sliceCodePoints(text, first + Math.max(0, Number(length)), Number.MAX_SAFE_INTEGER)
  return sliceCodePoints(text, 0, first) + replacement + rest
}

/** The code point of the first character; 0 for an empty text. */
export function firstCodePoint(text: string): number {
  return text.codePointAt(0) ?? 0
}

/** The character of a code point; null where there is none. */
export function characterOf(codePoint: Int64): string | null {
  const code = Number(codePoint)
  const isCharacter = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
  return isCharacter ? String.fromCodePoint(code) : null
}

/**
 * The parts between the delimiters; the characters where the delimiter is empty, none for an empty text. Throws
 * `result_too_long` where there are too many.
 */
export function splitText(text: string, delimiter: string): readonly string[] {
  if (text === '') return []
  return delimiter === '' ? Array.from(text) : text.split(delimiter)
}

/** Joins the texts that are not null, with a separator between; throws `result_too_long`. */
export function joinWith(separator: string, texts: readonly (string | null)[]): string {
  const present = texts.filter((text) => text !== null)
  const length = present.reduce(
    (sum, text) => sum + text.length,
    separator.length * Math.max(0, present.length - 1),
  )
  limitLength(length)
  return present.join(separator)
}
