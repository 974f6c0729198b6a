import type { Evaluate } from '../expression.ts'
import type { Int64 } from '../int64.ts'
import { bigint, unsupported } from '../sql/call-sql.ts'
import {
  CONTAINS,
  chr,
  joined,
  LPAD,
  OVERLAY,
  OVERLAY_OF,
  REPEAT,
  REPLACE,
  RPAD,
  SPLIT_PART,
  SUBSTRING_FROM,
  SUBSTRING_OF,
  split,
  translate,
} from '../sql/text.ts'
import { codePointLength, joinTexts, replaceText, sliceCodePoints, splitPart, trimSpaces } from '../text.ts'
import {
  capitalizeWords,
  characterOf,
  firstCodePoint,
  joinWith,
  leftOf,
  overlayText,
  padLeft,
  padRight,
  positionOf,
  repeatText,
  reverseText,
  rightOf,
  splitText,
  translateText,
  trimCharacters,
} from '../text-edit.ts'
import { type FunctionRow, lazy, row, strict } from './function.ts'

/** The operator that joins texts, for a chain of any length. */
// biome-ignore format: one row a line, columns aligned
export const CONCATENATION_OPERATOR: readonly FunctionRow[] = [
  row('||', ['string', 'string…'], 'string', 'any', strict((...texts: string[]) => joinTexts(texts)), joined, 'The texts joined; null if one of them is null.', "'a' || 'b' = 'ab'"),
]

const NO_CODE_POINT = unsupported("Flink's ASCII gives a byte, not a character")
const NO_LETTERS = unsupported("Flink's INITCAP knows ASCII letters only")

/** Functions of text. Positions and lengths count code points. */
// biome-ignore format: one row a line, columns aligned
export const TEXT_FUNCTIONS: readonly FunctionRow[] = [
  row('ascii',       ['string'],                              'int64',         'any',    strict(firstCodePoint), NO_CODE_POINT, 'The code point of the first character; 0 for an empty text.', "ascii('A') = 65"),
  row('chr',         ['int64'],                               'string',        'always', strict(characterOf), chr, 'The character of a code point; null where there is none.', "chr(65) = 'A'"),
  row('concat',      ['string', 'string…'],                   'string',        'never',  lazy(joinWithoutNulls), "CONCAT_WS('', $*)", 'The texts joined; null counts as empty text.', "concat('a', null, 'b') = 'ab'"),
  row('concat_ws',   ['string', 'string…'],                   'string',        'any',    lazy(joinBySeparator), 'CONCAT_WS($*)', 'The texts that are not null, with the first argument between them.', "concat_ws(', ', 'a', null, 'b') = 'a, b'"),
  row('contains',    ['string', 'string'],                    'boolean',       'any',    strict((a: string, b: string) => a.includes(b)), CONTAINS, 'True if the second text stands anywhere in the first.', "contains('abc', 'bc')"),
  row('ends_with',   ['string', 'string'],                    'boolean',       'any',    strict((a: string, b: string) => a.endsWith(b)), 'ENDSWITH($1, $2:bare)', 'True if the first text ends with the second.', "ends_with('abc', 'bc')"),
  row('initcap',     ['string'],                              'string',        'any',    strict(capitalizeWords), NO_LETTERS, 'The text with the first letter of every word in upper case, the others in lower case.', "initcap('hello WORLD') = 'Hello World'"),
  row('left',        ['string', 'int64'],                     'string',        'any',    strict(leftOf), 'LEFT($1, $2:int)', 'So many characters from the start.', "left('abcd', 2) = 'ab'"),
  row('length',      ['string'],                              'int64',         'any',    strict(codePointLength), bigint('CHAR_LENGTH($1)'), 'The number of characters.', "length('añ😀') = 3"),
  row('lower',       ['string'],                              'string',        'any',    strict((a: string) => a.toLowerCase()), 'LOWER($1)', 'The text in lower case.', "lower('ABC') = 'abc'"),
  row('lpad',        ['string', 'int64', 'string'],           'string',        'always', strict(padLeft), LPAD, 'The text filled up on the left to so many characters, or cut off behind them; null for a negative length or empty filling.', "lpad('7', 3, '0') = '007'"),
  row('ltrim',       ['string'],                              'string',        'any',    strict((a: string) => trimSpaces(a, true, false)), "TRIM(LEADING ' ' FROM $1)", 'The text without spaces at the start.', "ltrim('  a ') = 'a '"),
  row('ltrim',       ['string', 'string'],                    'string',        'any',    strict((a: string, set: string) => trimCharacters(a, set, true, false)), 'LTRIM($1, $2:bare)', 'The text without spaces, or without these characters, at the start.', "ltrim('--a-', '-') = 'a-'"),
  row('overlay',     ['string', 'string', 'int64'],           'string',        'any',    strict((a: string, b: string, start: Int64) => overlayText(a, b, start, codePointLength(b))), OVERLAY, 'The text with the second one written over it from a position (1 is the first) on.', "overlay('abcdef', 'XY', 2) = 'aXYdef'"),
  row('overlay',     ['string', 'string', 'int64', 'int64'],  'string',        'any',    strict(overlayText), OVERLAY_OF, 'The text with the second one written over it from a position (1 is the first) on, or in place of so many characters.', "overlay('abcdef', 'XY', 2, 4) = 'aXYf'"),
  row('position',    ['string', 'string'],                    'int64',         'any',    strict(positionOf), bigint('POSITION($2:bare IN $1)'), 'Where the second text begins in the first (1 is the first character); 0 if it does not stand there.', "position('abcd', 'cd') = 3"),
  row('repeat',      ['string', 'int64'],                     'string',        'any',    strict(repeatText), REPEAT, 'The text so many times.', "repeat('ab', 3) = 'ababab'"),
  row('replace',     ['string', 'string', 'string'],          'string',        'any',    strict(replaceText), REPLACE, 'The first text with every occurrence of the second replaced by the third.', "replace('a-b-c', '-', '+') = 'a+b+c'"),
  row('reverse',     ['string'],                              'string',        'any',    strict(reverseText), 'REVERSE($1)', 'The characters from the last to the first.', "reverse('abc') = 'cba'"),
  row('right',       ['string', 'int64'],                     'string',        'any',    strict(rightOf), 'RIGHT($1, $2:int)', 'So many characters up to the end.', "right('abcd', 2) = 'cd'"),
  row('rpad',        ['string', 'int64', 'string'],           'string',        'always', strict(padRight), RPAD, 'The text filled up on the right to so many characters, or cut off behind them; null for a negative length or empty filling.', "rpad('ab', 4, '.') = 'ab..'"),
  row('rtrim',       ['string'],                              'string',        'any',    strict((a: string) => trimSpaces(a, false, true)), "TRIM(TRAILING ' ' FROM $1)", 'The text without spaces at the end.', "rtrim(' a  ') = ' a'"),
  row('rtrim',       ['string', 'string'],                    'string',        'any',    strict((a: string, set: string) => trimCharacters(a, set, false, true)), 'RTRIM($1, $2:bare)', 'The text without spaces, or without these characters, at the end.', "rtrim('-a--', '-') = '-a'"),
  row('split',       ['string', 'string'],                    'array<string>', 'any',    strict(splitText), split, 'The parts of a text cut at a delimiter; its characters for an empty delimiter.', "split('a,b,c', ',')[2] = 'b'"),
  row('split_part',  ['string', 'string', 'int64'],           'string',        'always', strict(splitPart), SPLIT_PART, 'The nth part (from 1) of a text cut at a delimiter; null if there is none.', "split_part('a,b,c', ',', 2) = 'b'"),
  row('starts_with', ['string', 'string'],                    'boolean',       'any',    strict((a: string, b: string) => a.startsWith(b)), 'STARTSWITH($1, $2:bare)', 'True if the first text starts with the second.', "starts_with('abc', 'ab')"),
  row('substring',   ['string', 'int64'],                     'string',        'any',    strict(substringFrom), SUBSTRING_FROM, 'The text from a position (1 is the first) on.', "substring('abcd', 2) = 'bcd'"),
  row('substring',   ['string', 'int64', 'int64'],            'string',        'always', strict(substringOf), SUBSTRING_OF, 'The text from a position (1 is the first) on, or so many characters of it; null for a negative length.', "substring('abcd', 2, 2) = 'bc'"),
  row('translate',   ['string', 'string', 'string'],          'string',        'any',    strict(translateText), translate, 'The text with every character of the second replaced by the one at its place in the third, or removed where there is none.', "translate('a-b_c', '-_', ' ') = 'a bc'"),
  row('trim',        ['string'],                              'string',        'any',    strict((a: string) => trimSpaces(a, true, true)), "TRIM(BOTH ' ' FROM $1)", 'The text without spaces at both ends.', "trim('  a ') = 'a'"),
  row('trim',        ['string', 'string'],                    'string',        'any',    strict((a: string, set: string) => trimCharacters(a, set, true, true)), 'BTRIM($1, $2:bare)', 'The text without spaces, or without these characters, at both ends.', "trim('(a)', '()') = 'a'"),
  row('upper',       ['string'],                              'string',        'any',    strict((a: string) => a.toUpperCase()), 'UPPER($1)', 'The text in upper case.', "upper('abc') = 'ABC'"),
]

function joinWithoutNulls(args: readonly Evaluate[]): Evaluate {
  return (row, context) => joinTexts(args.map((argument) => argument(row, context) as string | null))
}

function joinBySeparator(args: readonly Evaluate[]): Evaluate {
  return (row, context) => {
    const [separator, ...texts] = args.map((argument) => argument(row, context) as string | null)
    return separator === null ? null : joinWith(separator as string, texts)
  }
}

function substringFrom(text: string, start: Int64): string {
  return sliceCodePoints(text, Number(start) - 1, Number.MAX_SAFE_INTEGER)
}

function substringOf(text: string, start: Int64, length: Int64): string | null {
  const first = Number(start) - 1
  return length < 0 ? null : sliceCodePoints(text, first, first + Number(length))
}
