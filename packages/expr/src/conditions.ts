import { isEquatable, isOrdered } from './coerce.ts'
import { formatDecimal, readDecimal } from './decimal.ts'
import { literal } from './literal.ts'
import { quotePath } from './names.ts'
import { hasComments, parse } from './parse.ts'
import { type LikeShape, likeShape, readLike } from './pattern.ts'
import type { DecimalLiteral, LikeSyntax, Syntax } from './syntax.ts'
import { skipGaps } from './tree.ts'
import { type DataType, MAX_PRECISION, type ScalarKind } from './type.ts'
import type { Value } from './value.ts'

const EQUALITY = ['=', '<>', 'in', 'not in'] as const
const ORDER = ['<', '<=', '>', '>=', 'between', 'not between'] as const
const SHAPES = [
  'starts with',
  'not starts with',
  'ends with',
  'not ends with',
  'contains',
  'not contains',
  'like',
  'not like',
] as const
const NULLNESS = ['is null', 'is not null'] as const

/** How a row of the condition builder compares, in the builder's words. */
export type SimpleOperator = (typeof EQUALITY | typeof ORDER | typeof SHAPES | typeof NULLNESS)[number]

/** Patterns of `like` that the builder offers by name, so that nobody has to write `%`. */
type NamedShape = Exclude<LikeShape, 'equals'>

/** The operators that a field of this type can be compared with, in the order in which the builder offers them. */
export function simpleOperators(type: DataType): readonly SimpleOperator[] {
  return [
    ...(isEquatable(type) ? EQUALITY : []),
    ...(type.kind === 'string' ? SHAPES : []),
    ...(isOrdered(type) ? ORDER : []),
    ...NULLNESS,
  ]
}

/** A literal to compare with. */
export interface SimpleOperand {
  readonly kind: ScalarKind | 'decimal'
  /** Of a decimal: the number as text, such as `12.50`. */
  readonly value: Value
}

/** One row of the condition builder: `field operator literals`. */
export interface SimpleCondition {
  readonly path: readonly string[]
  readonly operator: SimpleOperator
  /** None for `is null`, two for `between`, one or more for `in`, else one. */
  readonly operands: readonly SimpleOperand[]
}

/** Rows that must all hold, or of which one must. */
export interface SimpleGroup {
  readonly conjunction: 'and' | 'or'
  readonly rows: readonly SimpleCondition[]
}

/** A condition as the builder shows it: rows, and groups of rows, that must all hold, or of which one must. */
export interface SimpleConditions {
  readonly conjunction: 'and' | 'or'
  readonly rows: readonly (SimpleCondition | SimpleGroup)[]
}

/**
 * Reads a condition as rows of the builder; null where it is more than that: nested deeper than one level of groups, with
 * functions, with comments, or wrong. An empty text has no rows. Formatting the rows gives a text with the same meaning,
 * and reading that the same rows, but that a group of one row is that row.
 */
export function parseSimpleConditions(text: string): SimpleConditions | null {
  if (skipGaps(text, 0) === text.length) return { conjunction: 'and', rows: [] }
  const parsed = parse(text)
  if (!parsed.ok || hasComments(text)) return null
  return readChain(parsed.syntax, (syntax) =>
    syntax.kind === 'logic' ? readChain(syntax, readRow) : readRow(syntax),
  )
}

/** The terms of a chain of `and` or `or`; anything else is a chain of one. */
function readChain<Term>(syntax: Syntax, readTerm: (syntax: Syntax) => Term | null) {
  const isChain = syntax.kind === 'logic'
  const rows = (isChain ? syntax.operands : [syntax]).map(readTerm)
  if (!rows.every((row) => row !== null)) return null
  return { conjunction: isChain ? syntax.operator : 'and', rows } as const
}

function readRow(syntax: Syntax): SimpleCondition | null {
  switch (syntax.kind) {
    case 'comparison':
      return rowOf(syntax.left, syntax.operator, [syntax.right])
    case 'in':
      return rowOf(syntax.operand, syntax.negated ? 'not in' : 'in', syntax.options)
    case 'between':
      return rowOf(syntax.operand, syntax.negated ? 'not between' : 'between', [syntax.low, syntax.high])
    case 'nullTest':
      return rowOf(syntax.operand, syntax.negated ? 'is not null' : 'is null', [])
    case 'like':
      return readLikeRow(syntax)
    default:
      return null
  }
}

function rowOf(field: Syntax, operator: SimpleOperator, operands: readonly Syntax[]): SimpleCondition | null {
  const path = pathOf(field)
  const literals = operands.map(operandOf)
  return path !== null && literals.every((operand) => operand !== null)
    ? { path, operator, operands: literals }
    : null
}

function pathOf(syntax: Syntax): string[] | null {
  if (syntax.kind === 'field') return [syntax.name.name]
  if (syntax.kind !== 'member') return null
  const path = pathOf(syntax.object)
  return path && [...path, syntax.name.name]
}

function operandOf(syntax: Syntax): SimpleOperand | null {
  if (syntax.kind !== 'literal' || syntax.literal === 'null') return null
  const { value, decimal } = syntax
  if (decimal !== undefined && (syntax.literal === 'decimal' || !isTold(decimal, Number(value))))
    return { kind: 'decimal', value: formatDecimal(decimal.value, decimal.type.scale) }
  return { kind: syntax.literal, value }
}

/** True where the text of a double is the number that was written. */
function isTold({ value, type }: DecimalLiteral, double: number): boolean {
  const told = readDecimal(String(double), MAX_PRECISION, type.scale)
  return told !== null && told !== 'overflow' && told.exact && told.value === value
}

function readLikeRow(syntax: LikeSyntax): SimpleCondition | null {
  const row = rowOf(syntax.operand, syntax.negated ? 'not like' : 'like', [syntax.pattern])
  const escaper = syntax.escape && operandOf(syntax.escape)
  const pattern = row?.operands[0]?.value
  if (
    row === null ||
    typeof pattern !== 'string' ||
    (syntax.escape !== null && typeof escaper?.value !== 'string')
  )
    return null
  const pieces = readLike(pattern, escaper === null ? null : String(escaper.value))
  const shape = pieces && likeShape(pieces)
  if (!shape || shape.shape === 'equals') return syntax.escape === null ? row : null
  const operator: SimpleOperator = syntax.negated ? `not ${shape.shape}` : shape.shape
  return { ...row, operator, operands: [{ kind: 'string', value: shape.text }] }
}

/** The text of the rows: `region = 'US-WEST' and (total > 100 or vip = true)`. Without rows it is empty. */
export function formatSimpleConditions({ conjunction, rows }: SimpleConditions): string {
  return rows
    .map((row) => ('rows' in row ? formatGroup(row) : formatRow(row)))
    .filter((text) => text !== '')
    .join(` ${conjunction} `)
}

function formatGroup(group: SimpleGroup): string {
  const text = formatSimpleConditions(group)
  return group.rows.length > 1 ? `(${text})` : text
}

function formatRow({ path, operator, operands }: SimpleCondition): string {
  const field = quotePath(path)
  const pattern = PATTERNS.get(operator.replace(/^not /, ''))
  if (pattern !== undefined) {
    const like = operator.startsWith('not ') ? 'not like' : 'like'
    return `${field} ${like} ${formatPattern(pattern, String(operands[0]?.value ?? ''))}`
  }
  const texts = operands.map(formatOperand)
  if (operator === 'in' || operator === 'not in') return `${field} ${operator} (${texts.join(', ')})`
  return [field, operator, texts.join(' and ')].filter((part) => part !== '').join(' ')
}

function formatOperand({ kind, value }: SimpleOperand): string {
  return kind === 'decimal' ? `decimal ${literal(value, 'string')}` : literal(value, kind)
}

type Pattern = (text: string) => string

/** Where the text stands in the pattern of each shape. */
const PATTERNS: ReadonlyMap<string, Pattern> = new Map<NamedShape, Pattern>([
  ['starts with', (text) => `${text}%`],
  ['ends with', (text) => `%${text}`],
  ['contains', (text) => `%${text}%`],
])

function formatPattern(pattern: Pattern, text: string): string {
  if (!/[%_]/.test(text)) return literal(pattern(text), 'string')
  return `${literal(pattern(text.replaceAll(/[%_\\]/g, '\\$&')), 'string')} escape '\\'`
}
