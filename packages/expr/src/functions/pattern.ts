import type { RE2JS } from 're2js'
import type { Int64 } from '../int64.ts'
import { matchableText } from '../pattern.ts'
import { countMatches, extractMatch, extractMatches, replaceMatches } from '../regexp.ts'
import { bigint } from '../sql/call-sql.ts'
import { regexpReplace } from '../sql/text.ts'
import { type FunctionRow, prepared, row } from './function.ts'

/** Functions of regular expressions, in the syntax of RE2. Groups are counted from 1; 0 is the whole match. */
// biome-ignore format: one row a line, columns aligned
export const PATTERN_FUNCTIONS: readonly FunctionRow[] = [
  row('regexp_count',       ['string', 'pattern'],           'int64',         'any',    prepared((program: RE2JS) => (text: string) => countMatches(program, text)), bigint('REGEXP_COUNT($1, $2)'), 'The number of matches of a regular expression.', "regexp_count('a1b22', '[0-9]+') = 2"),
  row('regexp_extract',     ['string', 'pattern'],           'string',        'always', prepared((program: RE2JS) => (text: string) => extractMatch(program, text, 0)), 'REGEXP_EXTRACT($1, $2)', 'What the first match covers; null if there is none.', "regexp_extract('a-17', '[0-9]+') = '17'"),
  row('regexp_extract',     ['string', 'pattern', 'int64'],  'string',        'always', prepared((program: RE2JS) => (text: string, group: Int64) => extractMatch(program, text, group)), 'REGEXP_EXTRACT($1, $2, $3:int)', 'What the first match of a regular expression, or a group of it (1 is the first), covers; null if there is none.', "regexp_extract('k=v', '(.)=(.)', 2) = 'v'"),
  row('regexp_extract_all', ['string', 'pattern'],           'array<string>', 'always', prepared((program: RE2JS) => (text: string) => extractMatches(program, text, 0)), 'REGEXP_EXTRACT_ALL($1, $2, 0)', 'What all matches cover.', "regexp_extract_all('a1b22', '[0-9]+')[2] = '22'"),
  row('regexp_extract_all', ['string', 'pattern', 'int64'],  'array<string>', 'always', prepared((program: RE2JS) => (text: string, group: Int64) => extractMatches(program, text, group)), 'REGEXP_EXTRACT_ALL($1, $2, $3:int)', 'What all matches of a regular expression, or a group of each (1 is the first), cover.', "regexp_extract_all('a=1 b=2', '(.)=(.)', 1)[2] = 'b'"),
  row('regexp_like',        ['string', 'pattern'],           'boolean',       'any',    prepared((program: RE2JS) => (text: string) => program.test(matchableText(text))), 'REGEXP($1, $2)', 'True if the regular expression matches somewhere in the text.', "regexp_like('a-17', '[0-9]+$')"),
  row('regexp_replace',     ['string', 'pattern', 'string'], 'string',        'any',    prepared((program: RE2JS) => (text: string, by: string) => replaceMatches(program, text, by)), regexpReplace, 'The text with every match replaced; in the replacement $1 is what the first group covers.', "regexp_replace('17 km', '[0-9]', '#') = '## km'"),
]
