import type { Matcher, RE2JS } from 're2js'
import { EvaluationError } from './expression.ts'
import type { Int64 } from './int64.ts'
import { LIMITS } from './limits.ts'
import { matchableText } from './pattern.ts'
import { limitLength } from './text.ts'

/** What the first match, or a group of it (0 is all of it), covers; null where there is none. */
export function extractMatch(program: RE2JS, text: string, group: Int64): string | null {
  const matcher = program.matcher(matchableText(text))
  return isGroup(program, group) && matcher.find() ? matcher.group(Number(group)) : null
}

/** What every match, or a group of it, covers, null for a group that took no part; null where there is no such group. */
export function extractMatches(
  program: RE2JS,
  text: string,
  group: Int64,
): readonly (string | null)[] | null {
  if (!isGroup(program, group)) return null
  return allMatches(program, text, (matcher) => matcher.group(Number(group)))
}

/** The number of matches. */
export function countMatches(program: RE2JS, text: string): number {
  return allMatches(program, text, () => null).length
}

const REFERENCE = /\$(\d)/g

/**
 * Replaces every match; in the replacement `$1` stands for what the first group covers, `$0` for the match, a group that
 * took no part or does not exist for nothing. Throws `result_too_long`.
 */
export function replaceMatches(program: RE2JS, text: string, replacement: string): string {
  let result = ''
  let end = 0
  allMatches(program, text, (matcher) => {
    const made = replacement.replaceAll(REFERENCE, (_, group: string) => {
      return isGroup(program, Number(group)) ? (matcher.group(Number(group)) ?? '') : ''
    })
    result += text.slice(end, matcher.start()) + made
    limitLength(result.length)
    end = matcher.end()
    return null
  })
  return result + text.slice(end)
}

function isGroup(program: RE2JS, group: Int64): boolean {
  return group >= 0 && group <= program.groupCount()
}

/**
 * Asks for every match. One may take as long as the text is, so their number times the text's length is limited; throws
 * `text_too_long`.
 */
function allMatches<T>(program: RE2JS, text: string, read: (matcher: Matcher) => T): T[] {
  const matcher = program.matcher(matchableText(text))
  const results: T[] = []
  while (matcher.find()) {
    results.push(read(matcher))
    if (results.length * text.length > LIMITS.repeatedMatching)
      throw new EvaluationError('text_too_long', `A text of ${text.length} characters has too many matches`)
  }
  return results
}
