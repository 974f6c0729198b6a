import { ARRAY_ROWS } from './array.ts'
import type { FunctionRows } from './constants.ts'
import { ENCODING_ROWS } from './encoding.ts'
import { JSON_ROWS } from './json.ts'
import { LAMBDA_ROWS } from './lambda.ts'
import { LOGIC_ROWS } from './logic.ts'
import { MAP_ROWS } from './map.ts'
import { MATH_ROWS } from './math.ts'
import { PATTERN_ROWS } from './pattern.ts'
import { TEXT_ROWS } from './text.ts'
import { TIME_ROWS } from './time.ts'

/** For every function: what is usual, null, the limits, and what is refused or fails. */
export const FUNCTION_ROWS: FunctionRows = {
  ...LOGIC_ROWS,
  ...MATH_ROWS,
  ...TEXT_ROWS,
  ...PATTERN_ROWS,
  ...TIME_ROWS,
  ...ARRAY_ROWS,
  ...LAMBDA_ROWS,
  ...MAP_ROWS,
  ...JSON_ROWS,
  ...ENCODING_ROWS,
}
