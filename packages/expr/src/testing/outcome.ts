import { compile } from '../compile.ts'
import {
  EvaluationError,
  type EvaluationErrorCode,
  type ExpressionIssueCode,
  type SoftErrorCode,
} from '../expression.ts'
import { arrayOf, decimal, type Field, mapOf, scalar, structOf } from '../type.ts'
import type { Row, Value } from '../value.ts'

const item = structOf([
  { name: 'sku', type: scalar('string', false) },
  { name: 'qty', type: scalar('int64') },
])

/** The fields that the tests' expressions name. */
export const FIELDS: readonly Field[] = [
  { name: 'qty', type: scalar('int64', false) },
  { name: 'total', type: scalar('double') },
  { name: 'region', type: scalar('string') },
  { name: 'active', type: scalar('boolean') },
  { name: 'ts', type: scalar('timestamp', false) },
  { name: 'raw', type: scalar('bytes') },
  { name: 'tags', type: arrayOf(scalar('string'), false) },
  { name: 'numbers', type: arrayOf(scalar('int64')) },
  { name: 'items', type: arrayOf(item) },
  {
    name: 'address',
    type: structOf([
      { name: 'city', type: scalar('string', false) },
      { name: 'zip code', type: scalar('int64') },
      { name: 'geo', type: structOf([{ name: 'lat', type: scalar('double', false) }]) },
    ]),
  },
  { name: 'nothing', type: scalar('int64') },
  { name: 'nowhere', type: structOf([{ name: 'city', type: scalar('string', false) }]) },
  { name: 'constructor', type: scalar('string') },
  { name: '__proto__', type: scalar('int64') },
  { name: 'price', type: decimal(10, 2) },
  { name: 'rate', type: decimal(5, 4, false) },
  { name: 'huge', type: decimal(38, 0, false) },
  { name: 'amounts', type: arrayOf(decimal(10, 2)) },
  { name: 'labels', type: mapOf(scalar('string'), scalar('int64')) },
  { name: 'stock', type: mapOf(scalar('int64'), scalar('string', false), false) },
  { name: 'tariff', type: mapOf(decimal(4, 2), scalar('string')) },
]

/** 2026-01-31T10:42:07.900Z. */
export const TIME = 1_769_856_127_900

/** A row of these fields. */
export const ROW: Row = [
  3,
  9.5,
  'US-WEST',
  true,
  TIME,
  Uint8Array.of(10, 255),
  ['new', null],
  [1, 9_007_199_254_740_993n],
  [
    ['sku-1', 2],
    ['sku-2', null],
  ],
  ['Rome', 12, [41.9]],
  null,
  null,
  'builder',
  7,
  1250,
  11_900,
  10n ** 38n - 1n,
  [1250, null, -5],
  ['a', 1, 'b', null],
  [7, 'seven', 9_007_199_254_740_993n, 'large'],
  [150, 'low'],
]

/** An expression that fails while it runs. */
export function fails(code: EvaluationErrorCode): { readonly fails: EvaluationErrorCode } {
  return { fails: code }
}

/** A text that is refused, by the code of its first issue. */
export function refused(code: ExpressionIssueCode): { readonly refused: ExpressionIssueCode } {
  return { refused: code }
}

/** Null, and counted as an error. */
export function counted(code: SoftErrorCode): { readonly counted: SoftErrorCode } {
  return { counted: code }
}

/** What a text comes to. */
export type Outcome =
  | Value
  | ReturnType<typeof fails>
  | ReturnType<typeof refused>
  | ReturnType<typeof counted>

/** Compiles and evaluates a text over the tests' row. */
export function outcome(text: string, fields: readonly Field[] = FIELDS, row: Row = ROW): Outcome {
  const result = compile(text, fields)
  if (!result.ok) return refused(result.issues[0]?.code as ExpressionIssueCode)
  const errors: SoftErrorCode[] = []
  try {
    const value = result.expression.evaluate(row, { time: TIME, onSoftError: (code) => errors.push(code) })
    const [error] = errors
    return value === null && error !== undefined ? counted(error) : value
  } catch (error) {
    if (error instanceof EvaluationError) return fails(error.code)
    throw error
  }
}
