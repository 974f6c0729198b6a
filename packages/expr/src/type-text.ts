import type { SyntaxNode } from '@lezer/common'
import type { ExpressionIssue } from './expression.ts'
import { parser } from './generated/parser.ts'
import { issueAt, type Reading } from './issue.ts'
import { LIMITS } from './limits.ts'
import { quoteName } from './names.ts'
import { suggest } from './suggest.ts'
import type { NameSyntax, Span } from './syntax.ts'
import { describeSyntaxError, findSyntaxError } from './syntax-error.ts'
import { part, parts, readName, textOf } from './tree.ts'
import {
  arrayOf,
  type DataType,
  decimal,
  type Field,
  isMapKeyType,
  MAX_PRECISION,
  mapOf,
  SCALAR_KINDS,
  type ScalarKind,
  scalar,
  structOf,
} from './type.ts'

/** The outcome of reading a type. */
export type TypeResult =
  | { readonly ok: true; readonly type: DataType }
  | { readonly ok: false; readonly issue: ExpressionIssue }

const typeParser = parser.configure({ top: 'TypeText' })

/** Stands where a type could not be read; the issue that says so goes with it. */
const UNREADABLE = scalar('string')

const FOREIGN_NAMES: ReadonlyMap<string, ScalarKind | 'decimal'> = new Map<string, ScalarKind | 'decimal'>([
  ['bigint', 'int64'],
  ['bool', 'boolean'],
  ['bytea', 'bytes'],
  ['char', 'string'],
  ['date', 'timestamp'],
  ['datetime', 'timestamp'],
  ['dec', 'decimal'],
  ['float', 'double'],
  ['int', 'int64'],
  ['integer', 'int64'],
  ['long', 'int64'],
  ['number', 'double'],
  ['numeric', 'decimal'],
  ['real', 'double'],
  ['smallint', 'int64'],
  ['text', 'string'],
  ['varchar', 'string'],
])

/**
 * Reads a type: `string`, `int64 not null`, `decimal(18, 2)`, `map<string, int64>`,
 * `array<struct<sku string not null, qty int64>>`. Words are compared without regard to case; names of struct fields are
 * plain or in double quotes. Nested at most 32 deep.
 */
export function parseType(text: string): TypeResult {
  const whole = { from: 0, to: text.length }
  if (text.length > LIMITS.typeTextLength) return refused(issueAt('too_long', whole, 'The type is too long'))
  if (text.trim() === '') return refused(issueAt('empty', whole, 'A type is missing'))
  const root = typeParser.parse(text).topNode
  const error = findSyntaxError(root)
  if (error !== null) return refused(describeSyntaxError(text, error))
  const reading: Reading = { text, issues: [] }
  const type = readType(part(parts(root), 0), reading)
  const issue = reading.issues[0]
  return issue === undefined ? { ok: true, type } : refused(issue)
}

function refused(issue: ExpressionIssue): TypeResult {
  return { ok: false, issue }
}

/** Writes a type so that `parseType` reads the same type. */
export function formatType(type: DataType): string {
  return type.nullable ? formatKind(type) : `${formatKind(type)} not null`
}

/** Writes a type without its own `not null`: what messages name. */
export function formatKind(type: DataType): string {
  if (type.kind === 'decimal') return `decimal(${type.precision}, ${type.scale})`
  if (type.kind === 'array') return `array<${formatType(type.element)}>`
  if (type.kind === 'map') return `map<${formatKind(type.key)}, ${formatType(type.value)}>`
  if (type.kind === 'struct') return `struct<${type.fields.map(formatField).join(', ')}>`
  return type.kind
}

function formatField(field: Field): string {
  return `${quoteName(field.name)} ${formatType(field.type)}`
}

/** Reads the type at a `Type` node of the syntax tree. What is wrong with it is added to the reading's issues. */
export function readType(node: SyntaxNode, reading: Reading, depth = 1): DataType {
  const children = parts(node)
  const nullable = !children.some((child) => child.name === 'NotNull')
  const list = children.find((child) => child.name === 'TypeArguments')
  const digits = children.find((child) => child.name === 'TypeDigits')
  const name = readName(part(children, 0), reading.text)
  const kind = name.name.toLowerCase()
  const site: Site = { node, list, reading, depth, nullable }
  if (depth > LIMITS.typeDepth) return wrong(reading, node, 'The type is nested too deep', 'too_deep')
  if (kind === 'decimal') return readDigits(site, digits)
  if (digits !== undefined && KNOWN_NAMES.has(kind))
    return wrong(reading, digits, 'Only decimal takes numbers in brackets, as in decimal(18, 2)')
  if (kind === 'array') return arrayOf(readElement(site), nullable)
  if (kind === 'map') return readMap(site)
  if (kind === 'struct') return structOf(readFields(site), nullable)
  if (list !== undefined)
    return wrong(reading, list, 'Only array, map and struct take types in angle brackets')
  return readScalar(kind, name, site, digits)
}

/** A `Type` node that is read. */
interface Site {
  readonly node: SyntaxNode
  /** What stands in angle brackets. */
  readonly list: SyntaxNode | undefined
  readonly reading: Reading
  readonly depth: number
  readonly nullable: boolean
}

/** `decimal(precision, scale)`; without a scale it is 0. Without digits it has none that everybody would expect. */
function readDigits({ node, list, reading, nullable }: Site, digits: SyntaxNode | undefined): DataType {
  if (digits === undefined || list !== undefined) {
    const message =
      'Write how many digits a decimal has, and how many of them behind the point: decimal(18, 2)'
    return wrong(reading, node, message)
  }
  const numbers = parts(digits).filter((child) => child.name === 'Number')
  const [precision = Number.NaN, scale = 0] = numbers.map((child) => wholeNumber(textOf(child, reading.text)))
  if (precision >= 1 && precision <= MAX_PRECISION && scale <= precision)
    return decimal(precision, scale, nullable)
  const message = `A decimal has 1 to ${MAX_PRECISION} digits, up to all of them behind the point: decimal(18, 2)`
  return wrong(reading, digits, message)
}

function wholeNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
}

function readElement({ node, list, reading, depth }: Site): DataType {
  const [content] = unnamedArguments(list, 1)
  if (content === undefined)
    return wrong(reading, node, 'Write the type of the elements, as in array<string>')
  return readType(content, reading, depth + 1)
}

function readMap({ node, list, reading, depth, nullable }: Site): DataType {
  const [key, value] = unnamedArguments(list, 2)
  if (key === undefined || value === undefined)
    return wrong(reading, node, 'Write the types of keys and values, as in map<string, int64>')
  const keyType = readType(key, reading, depth + 1)
  if (!isMapKeyType(keyType))
    return wrong(reading, key, 'The keys of a map are string, int64, decimal, boolean or timestamp')
  return mapOf(keyType, readType(value, reading, depth + 1), nullable)
}

/** The types in angle brackets, none of them with a name; empty where they are not so many. */
function unnamedArguments(list: SyntaxNode | undefined, count: number): readonly SyntaxNode[] {
  const types = typeArguments(list).map((argument) => parts(argument))
  return types.length === count && types.every((content) => content.length === 1)
    ? types.map((content) => part(content, 0))
    : []
}

function readFields({ node, list, reading, depth }: Site): Field[] {
  if (list === undefined) wrong(reading, node, 'Write the fields, as in struct<sku string, qty int64>')
  const names = new Set<string>()
  return typeArguments(list).map((field) => {
    const content = parts(field)
    const type = readType(part(content, -1), reading, depth + 1)
    if (content.length !== 2)
      return { name: '', type: wrong(reading, field, 'A field needs a name and a type') }
    const { name } = readName(part(content, 0), reading.text)
    if (names.has(name)) wrong(reading, field, `The field ${quoteName(name)} stands twice`)
    names.add(name)
    return { name, type }
  })
}

function typeArguments(list: SyntaxNode | undefined): SyntaxNode[] {
  return list === undefined ? [] : parts(list).filter((child) => child.name === 'TypeArgument')
}

const WITH_PARTS = ['array', 'decimal', 'map', 'struct']
const KNOWN_NAMES: ReadonlySet<string> = new Set([...SCALAR_KINDS, ...WITH_PARTS])

function readScalar(kind: string, name: NameSyntax, site: Site, digits: SyntaxNode | undefined): DataType {
  const known = SCALAR_KINDS.find((candidate) => candidate === kind)
  if (known !== undefined) return scalar(known, site.nullable)
  const meant = FOREIGN_NAMES.get(kind) ?? suggest(kind, [...SCALAR_KINDS, ...WITH_PARTS]) ?? undefined
  const expected = `${SCALAR_KINDS.join(', ')}, decimal(18, 2), array<…>, map<…> or struct<…>`
  const message =
    meant === undefined
      ? `Expected a type (${expected}), found ${kind}`
      : `There is no type ${kind}. Did you mean ${meant}?`
  // The length of a varchar(20) has no place here.
  const at = meant === 'decimal' ? name : { from: name.from, to: digits?.to ?? name.to }
  site.reading.issues.push(issueAt('type_mismatch', at, message, meant))
  return UNREADABLE
}

function wrong(
  reading: Reading,
  at: Span,
  message: string,
  code: 'type_mismatch' | 'too_deep' = 'type_mismatch',
): DataType {
  reading.issues.push(issueAt(code, at, message))
  return UNREADABLE
}
