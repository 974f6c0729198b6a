import { CompletionScope } from './completion-scope.ts'
import { formatDecimal } from './decimal.ts'
import type { ExpressionSchema } from './expression.ts'
import { type FunctionDoc, functionDocs } from './function-docs.ts'
import { RESERVED_WORDS } from './grammar/keywords.ts'
import { literal } from './literal.ts'
import { quoteName } from './names.ts'
import { parseTree } from './parse.ts'
import { type DataType, type Field, SCALAR_KINDS } from './type.ts'
import { formatType } from './type-text.ts'
import type { Value, Whole } from './value.ts'

/** Something that can be written at a place. `samples` are values that were seen, as literals. */
export type Completion =
  | {
      readonly kind: 'field'
      readonly label: string
      readonly insert: string
      readonly type: string
      readonly samples: readonly string[]
    }
  | { readonly kind: 'value'; readonly label: string; readonly insert: string; readonly type: string }
  | { readonly kind: 'function'; readonly label: string; readonly insert: string; readonly doc: FunctionDoc }
  | { readonly kind: 'keyword'; readonly label: string; readonly insert: string }

/** What can be written between `from` and `to`, where the beginning of a word may stand. The caller chooses among them. */
export interface Completions {
  readonly from: number
  readonly to: number
  readonly options: readonly Completion[]
}

/** Values of the field at a path that were seen, those to show first; a path leads through structs and arrays. */
export type SamplesOf = (path: readonly string[]) => readonly Value[]

/** Texts, quoted names and comments, those that are not closed included. */
const CLOSED_PLACES = /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|--[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$)/g
const WORD = '[\\p{L}\\p{N}_]*'
const WORD_BEFORE = new RegExp(`${WORD}$`, 'u')
const WORD_AFTER = new RegExp(`^${WORD}"?`, 'u')

/** So many values are shown beside a field, and offered behind a comparison. */
const SAMPLES = { shown: 3, offered: 10, length: 40 } as const

const nothing: SamplesOf = () => []

/**
 * What can be written at a position (UTF-16 units): fields of the row and parameters of lambdas with functions and
 * keywords, or behind a point the fields of the struct; behind a comparison values that were seen as well. Null within
 * texts, numbers and comments, and behind a point that follows nothing.
 */
export function completions(
  text: string,
  position: number,
  schema: ExpressionSchema,
  samplesOf: SamplesOf = nothing,
): Completions | null {
  const before = text.slice(0, position)
  const place = placeAtEnd(before)
  if (place !== null && !place.startsWith('"')) return null
  const partial = place ?? WORD_BEFORE.exec(before)?.[0] ?? ''
  if (/^\p{N}/u.test(partial)) return null
  const from = position - partial.length
  const to = position + (WORD_AFTER.exec(text.slice(position))?.[0].length ?? 0)
  const start = before.slice(0, from)
  const scope = new CompletionScope(start, schema)
  const object = objectBefore(start)
  if (object === null) return { from, to, options: everything(start, scope, samplesOf) }
  return object === 'nothing' ? null : { from, to, options: membersOf(object, scope, samplesOf) }
}

/** The text, quoted name or comment at the end, closed or not; null where there is none. */
function placeAtEnd(before: string): string | null {
  const last = [...before.matchAll(CLOSED_PLACES)].at(-1)
  return last !== undefined && last.index + last[0].length === before.length ? last[0] : null
}

interface Span {
  readonly from: number
  readonly to: number
}

/** What stands before the point at the end of a text; null where there is no point. */
function objectBefore(start: string): Span | 'nothing' | null {
  const point = start.trimEnd().length - 1
  if (start[point] !== '.') return null
  const node = parseTree(start).resolveInner(point + 1, -1)
  const member = node.name === '.' ? node.parent : null
  return member?.name === 'Member' ? { from: member.from, to: point } : 'nothing'
}

function membersOf({ from, to }: Span, scope: CompletionScope, samplesOf: SamplesOf): Completion[] {
  const object = scope.typed(from, to)
  if (object?.type.kind !== 'struct') return []
  const path = scope.pathOf(object)
  return object.type.fields.map((field) => ofField(field, path && [...path, field.name], samplesOf))
}

function everything(start: string, scope: CompletionScope, samplesOf: SamplesOf): Completion[] {
  const functions = functionDocs().map(
    (doc): Completion => ({ kind: 'function', label: doc.name, insert: `${doc.name}(`, doc }),
  )
  const keywords = RESERVED_WORDS.map((word): Completion => ({ kind: 'keyword', label: word, insert: word }))
  const hidden = new Set(scope.variables.map(({ name }) => name))
  return [
    ...comparedValues(start, scope, samplesOf),
    ...scope.variables.map((variable) => ofField(variable, variable.path, samplesOf)),
    ...scope.schema
      .filter(({ name }) => !hidden.has(name))
      .map((field) => ofField(field, [field.name], samplesOf)),
    ...functions,
    ...keywords,
  ]
}

/** Where a text ends with a comparison: values of what stands on its left. */
function comparedValues(start: string, scope: CompletionScope, samplesOf: SamplesOf): Completion[] {
  const end = start.trimEnd().length
  const operator = parseTree(start).resolveInner(end, -1)
  const left = operator.name === 'CompareOperator' ? operator.prevSibling : null
  const typed = left && scope.typed(left.from, left.to)
  const path = typed && scope.pathOf(typed)
  if (!typed || !path) return []
  const type = formatType(typed.type)
  return literalsOf(typed.type, path, samplesOf)
    .slice(0, SAMPLES.offered)
    .map((text) => ({ kind: 'value', label: text, insert: text, type }))
}

function ofField(field: Field, path: readonly string[] | null, samplesOf: SamplesOf): Completion {
  const samples = path === null ? [] : literalsOf(field.type, path, samplesOf).slice(0, SAMPLES.shown)
  const { name } = field
  return { kind: 'field', label: name, insert: quoteName(name), type: formatType(field.type), samples }
}

function literalsOf(type: DataType, path: readonly string[], samplesOf: SamplesOf): readonly string[] {
  const kind = type.kind === 'decimal' ? type : SCALAR_KINDS.find((known) => known === type.kind)
  if (kind === undefined) return []
  const texts = samplesOf(path).flatMap((value) => (value === null ? [] : plainLiteral(value, kind)))
  return [...new Set(texts)].filter((text) => text.length <= SAMPLES.length)
}

/** As short as it may be next to a value of the type. */
function plainLiteral(value: Value, kind: Parameters<typeof literal>[1]): string {
  if (typeof kind === 'object') return formatDecimal(value as Whole, kind.scale)
  return literal(value, kind).replace(/^timestamp /, '')
}
