import {
  _case,
  _else,
  _false,
  _in,
  _null,
  _true,
  and,
  as,
  between,
  cast,
  distinct,
  end,
  escapeWord,
  from,
  is,
  like,
  not,
  or,
  then,
  tryCast,
  when,
} from '../generated/parser.terms.ts'

const TERMS: ReadonlyMap<string, number> = new Map([
  ['and', and],
  ['as', as],
  ['between', between],
  ['case', _case],
  ['cast', cast],
  ['distinct', distinct],
  ['else', _else],
  ['end', end],
  ['escape', escapeWord],
  ['false', _false],
  ['from', from],
  ['in', _in],
  ['is', is],
  ['like', like],
  ['not', not],
  ['null', _null],
  ['or', or],
  ['then', then],
  ['true', _true],
  ['try_cast', tryCast],
  ['when', when],
])

/** The reserved words in lower case, sorted. A field or struct member of such a name is written in double quotes. */
export const RESERVED_WORDS: readonly string[] = [...TERMS.keys()]

/** Tells the parser whether an identifier is a reserved word, whatever its case: the grammar's term, else −1. */
export function keyword(word: string, _stack?: unknown): number {
  return TERMS.get(word.toLowerCase()) ?? -1
}
