import type { Evaluate } from '../expression.ts'
import type { Int64 } from '../int64.ts'
import { compileRegexp } from '../pattern.ts'
import { codePointLength, joinTexts, replaceText, sliceCodePoints, splitPart, trimSpaces } from '../text.ts'
import { type FunctionRow, lazy, matching, row, strict } from './function.ts'

/** The operator that joins texts, for a chain of any length. */
// biome-ignore format: one row a line, columns aligned
export const CONCATENATION_OPERATOR: readonly FunctionRow[] = [
  row('||', ['string', 'string…'], 'string', 'any', strict((...texts: string[]) => joinTexts(texts)), 'The texts joined; null if one of them is null.', "'a' || 'b' = 'ab'"),
]

/** Functions of text. Positions and lengths count code points. */
// biome-ignore format: one row a line, columns aligned
export const TEXT_FUNCTIONS: readonly FunctionRow[] = [
  row('concat',      ['string', 'string…'],           'string',  'never',  lazy(joinWithoutNulls),                       'The texts joined; null counts as empty text.',                       "concat('a', null, 'b') = 'ab'"),
  row('contains',    ['string', 'string'],            'boolean', 'any',    strict((a: string, b: string) => a.includes(b)),   'True if the second text stands anywhere in the first.',         "contains('abc', 'bc')"),
  row('ends_with',   ['string', 'string'],            'boolean', 'any',    strict((a: string, b: string) => a.endsWith(b)),   'True if the first text ends with the second.',                  "ends_with('abc', 'bc')"),
  row('length',      ['string'],                      'int64',   'any',    strict(codePointLength),                      'The number of characters.',                                          "length('añ😀') = 3"),
  row('lower',       ['string'],                      'string',  'any',    strict((a: string) => a.toLowerCase()),       'The text in lower case.',                                            "lower('ABC') = 'abc'"),
  row('ltrim',       ['string'],                      'string',  'any',    strict((a: string) => trimSpaces(a, true, false)), 'The text without spaces at the start.',                         "ltrim('  a ') = 'a '"),
  row('regexp_like', ['string', 'pattern'],           'boolean', 'any',    matching(compileRegexp),                      'True if the regular expression (RE2) matches somewhere in the text.', "regexp_like('a-17', '[0-9]+$')"),
  row('replace',     ['string', 'string', 'string'],  'string',  'any',    strict(replaceText),                          'The first text with every occurrence of the second replaced by the third.', "replace('a-b-c', '-', '+') = 'a+b+c'"),
  row('rtrim',       ['string'],                      'string',  'any',    strict((a: string) => trimSpaces(a, false, true)), 'The text without spaces at the end.',                           "rtrim(' a  ') = ' a'"),
  row('split_part',  ['string', 'string', 'int64'],   'string',  'always', strict(splitPart),                            'The nth part (from 1) of a text cut at a delimiter; null if there is none.', "split_part('a,b,c', ',', 2) = 'b'"),
  row('starts_with', ['string', 'string'],            'boolean', 'any',    strict((a: string, b: string) => a.startsWith(b)), 'True if the first text starts with the second.',                "starts_with('abc', 'ab')"),
  row('substring',   ['string', 'int64'],             'string',  'any',    strict(substringFrom),                        'The text from a position (1 is the first) on.',                      "substring('abcd', 2) = 'bcd'"),
  row('substring',   ['string', 'int64', 'int64'],    'string',  'always', strict(substringOf),                          'So many characters from a position (1 is the first) on; null for a negative length.', "substring('abcd', 2, 2) = 'bc'"),
  row('trim',        ['string'],                      'string',  'any',    strict((a: string) => trimSpaces(a, true, true)), 'The text without spaces at both ends.',                          "trim('  a ') = 'a'"),
  row('upper',       ['string'],                      'string',  'any',    strict((a: string) => a.toUpperCase()),       'The text in upper case.',                                            "upper('abc') = 'ABC'"),
]

function joinWithoutNulls(args: readonly Evaluate[]): Evaluate {
  return (row, context) => joinTexts(args.map((argument) => argument(row, context) as string | null))
}

function substringFrom(text: string, start: Int64): string {
  return sliceCodePoints(text, Number(start) - 1, Number.MAX_SAFE_INTEGER)
}

function substringOf(text: string, start: Int64, length: Int64): string | null {
  const first = Number(start) - 1
  return length < 0 ? null : sliceCodePoints(text, first, first + Number(length))
}
