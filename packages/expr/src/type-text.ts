import type { SyntaxNode } from '@lezer/common'
import type { ExpressionIssue } from './expression.ts'
import { parser } from './generated/parser.ts'
import { issueAt, type Reading } from './issue.ts'
import { LIMITS } from './limits.ts'
import { quoteName } from './names.ts'
import { suggest } from './suggest.ts'
import type { NameSyntax, Span } from './syntax.ts'
import { describeSyntaxError, findSyntaxError } from './syntax-error.ts'
import { part, parts, readName } from './tree.ts'
import {
  arrayOf,
  type DataType,
  type Field,
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

const FOREIGN_NAMES: ReadonlyMap<string, ScalarKind> = new Map([
  ['bigint', 'int64'],
  ['bool', 'boolean'],
  ['bytea', 'bytes'],
  ['char', 'string'],
  ['date', 'timestamp'],
  ['datetime', 'timestamp'],
  ['float', 'double'],
  ['int', 'int64'],
  ['integer', 'int64'],
  ['long', 'int64'],
  ['number', 'double'],
  ['real', 'double'],
  ['smallint', 'int64'],
  ['text', 'string'],
  ['varchar', 'string'],
])

/**
 * Reads a type: `string`, `int64 not null`, `array<struct<sku string not null, qty int64>>`. Words are compared without
 * regard to case; names of struct fields are plain or in double quotes. Nested at most 32 deep.
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
  if (type.kind === 'array') return `array<${formatType(type.element)}>`
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
  const name = readName(part(children, 0), reading.text)
  const kind = name.name.toLowerCase()
  if (depth > LIMITS.typeDepth) return wrong(reading, node, 'The type is nested too deep', 'too_deep')
  if (kind === 'array') return arrayOf(readElement(node, list, reading, depth), nullable)
  if (kind === 'struct') return structOf(readFields(node, list, reading, depth), nullable)
  if (list !== undefined) return wrong(reading, list, 'Only array and struct take a type in angle brackets')
  return readScalar(kind, name, reading, nullable)
}

function readElement(
  node: SyntaxNode,
  list: SyntaxNode | undefined,
  reading: Reading,
  depth: number,
): DataType {
  const types = typeArguments(list)
  const content = types.length === 1 ? parts(part(types, 0)) : []
  if (content.length !== 1) return wrong(reading, node, 'Write the type of the elements, as in array<string>')
  return readType(part(content, 0), reading, depth + 1)
}

function readFields(
  node: SyntaxNode,
  list: SyntaxNode | undefined,
  reading: Reading,
  depth: number,
): Field[] {
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

function readScalar(kind: string, name: NameSyntax, reading: Reading, nullable: boolean): DataType {
  const known = SCALAR_KINDS.find((candidate) => candidate === kind)
  if (known !== undefined) return scalar(known, nullable)
  const meant = FOREIGN_NAMES.get(kind) ?? suggest(kind, [...SCALAR_KINDS, 'array', 'struct']) ?? undefined
  const expected = `${SCALAR_KINDS.join(', ')}, array<…> or struct<…>`
  const message =
    meant === undefined
      ? `Expected a type (${expected}), found ${kind}`
      : `There is no type ${kind}. Did you mean ${meant}?`
  reading.issues.push(issueAt('type_mismatch', name, message, meant))
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
