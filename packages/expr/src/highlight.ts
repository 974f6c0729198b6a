import { parser } from './generated/parser.ts'
import { RESERVED_WORDS } from './grammar/keywords.ts'

/** The Lezer parser of the language: an editor builds its language support on it. */
export const expressionParser = parser

/** What the parts of an expression are to the eye. */
export type HighlightRole =
  | 'keyword'
  | 'constant'
  | 'string'
  | 'number'
  | 'field'
  | 'function'
  | 'type'
  | 'operator'
  | 'comment'

const CONSTANTS = ['true', 'false', 'null']

/** The names of the grammar's nodes by role, so that an editor can attach its styles. */
export const HIGHLIGHT_NODES = {
  keyword: [...RESERVED_WORDS.filter((word) => !CONSTANTS.includes(word)), 'TimeUnit'],
  constant: CONSTANTS,
  string: ['String'],
  number: ['Number'],
  field: ['Field', 'MemberName', 'LambdaParameter'],
  function: ['FunctionName'],
  type: ['TypeName'],
  operator: ['CompareOperator', 'ConcatOperator', 'SumOperator', 'Minus', 'ProductOperator', 'Arrow'],
  comment: ['LineComment', 'BlockComment'],
} as const satisfies Record<HighlightRole, readonly string[]>
