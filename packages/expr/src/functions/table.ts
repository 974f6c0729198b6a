import { ARRAY_FUNCTIONS } from './array.ts'
import { DECIMAL_FUNCTIONS, DECIMAL_OPERATORS } from './decimal.ts'
import { ENCODING_FUNCTIONS } from './encoding.ts'
import { EXTRACT_FUNCTION } from './extract.ts'
import { FOREIGN_NAMES } from './foreign-names.ts'
import type { FunctionRow } from './function.ts'
import { JSON_FUNCTIONS } from './json.ts'
import { LAMBDA_FUNCTIONS } from './lambda.ts'
import { LOGIC_FUNCTIONS } from './logic.ts'
import { MAP_FUNCTIONS } from './map.ts'
import { ARITHMETIC_OPERATORS, MATH_FUNCTIONS } from './math.ts'
import { PATTERN_FUNCTIONS } from './pattern.ts'
import { CONCATENATION_OPERATOR, TEXT_FUNCTIONS } from './text.ts'
import { TIME_FUNCTIONS } from './time.ts'

/** The groups of functions, in the order in which they are documented. */
export const FUNCTION_GROUPS = {
  logic: LOGIC_FUNCTIONS,
  math: withDecimals(MATH_FUNCTIONS, DECIMAL_FUNCTIONS),
  text: TEXT_FUNCTIONS,
  pattern: PATTERN_FUNCTIONS,
  time: [...EXTRACT_FUNCTION, ...TIME_FUNCTIONS],
  array: [...ARRAY_FUNCTIONS, ...LAMBDA_FUNCTIONS],
  map: MAP_FUNCTIONS,
  json: JSON_FUNCTIONS,
  encoding: ENCODING_FUNCTIONS,
} as const satisfies Record<string, readonly FunctionRow[]>

/** The name of a group of functions. */
export type FunctionGroup = keyof typeof FUNCTION_GROUPS

const FUNCTIONS = byName(Object.values(FUNCTION_GROUPS).flat())
const OPERATORS = byName([
  ...withDecimals(ARITHMETIC_OPERATORS, DECIMAL_OPERATORS),
  ...CONCATENATION_OPERATOR,
])

/** Rows for decimals stand before those for doubles, which take decimals as well. */
function withDecimals(
  rows: readonly FunctionRow[],
  decimals: readonly FunctionRow[],
): readonly FunctionRow[] {
  const rank = ({ name, parameters }: FunctionRow) => `${name} ${parameters.includes('double') ? 1 : 0}`
  return [...rows, ...decimals].toSorted((a, b) => (rank(a) < rank(b) ? -1 : Number(rank(a) > rank(b))))
}

function byName(rows: readonly FunctionRow[]): ReadonlyMap<string, readonly FunctionRow[]> {
  return Map.groupBy(rows, (row) => row.name)
}

/** The rows of a function, whatever the case of its name; undefined where there is none. */
export function functionRows(name: string): readonly FunctionRow[] | undefined {
  return FUNCTIONS.get(name.toLowerCase())
}

/** The rows of an operator. */
export function operatorRows(operator: string): readonly FunctionRow[] {
  return OPERATORS.get(operator) ?? []
}

/** The names of all functions. */
export function functionNames(): readonly string[] {
  return [...FUNCTIONS.keys()]
}

/** The name here of a function that other languages call so; undefined where none is known. */
export function localName(foreignName: string): string | undefined {
  return FOREIGN_NAMES.get(foreignName.toLowerCase())
}
