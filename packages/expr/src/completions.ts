import type { ExpressionSchema } from './expression.ts'
import { type FunctionDoc, functionDocs } from './function-docs.ts'
import { RESERVED_WORDS } from './grammar/keywords.ts'
import { quoteName } from './names.ts'
import { unquote } from './tree.ts'
import type { Field } from './type.ts'
import { formatType } from './type-text.ts'

/** Something that can be written at a place. */
export type Completion =
  | { readonly kind: 'field'; readonly label: string; readonly insert: string; readonly type: string }
  | { readonly kind: 'function'; readonly label: string; readonly insert: string; readonly doc: FunctionDoc }
  | { readonly kind: 'keyword'; readonly label: string; readonly insert: string }

/** What can be written between `from` and `to`, where the beginning of a word may stand. The caller chooses among them. */
export interface Completions {
  readonly from: number
  readonly to: number
  readonly options: readonly Completion[]
}

/** Texts, quoted names and comments, those that are not closed included. */
const CLOSED_PLACES = /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|--[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$)/g
const WORD = '[\\p{L}\\p{N}_]*'
const NAME = `(?:[\\p{L}_]${WORD}|"(?:[^"]|"")*")`
const PATH_BEFORE = new RegExp(`((?:${NAME}\\s*\\.\\s*)*)(${WORD}|"(?:[^"]|"")*"?)$`, 'u')
const WORD_AFTER = new RegExp(`^${WORD}"?`, 'u')

/**
 * What can be written at a position (UTF-16 units): fields of the row with functions and keywords, or behind a point the
 * fields of the struct. Null within texts, numbers and comments, and behind the point of something computed.
 */
export function completions(text: string, position: number, schema: ExpressionSchema): Completions | null {
  const before = text.slice(0, position)
  if (isInTextOrComment(before)) return null
  const match = PATH_BEFORE.exec(before)
  const [path = '', partial = ''] = match?.slice(1) ?? []
  const from = position - partial.length
  if (/^\p{N}/u.test(partial)) return null
  if (path === '' && /\.\s*$/.test(before.slice(0, from))) return null
  const to = position + (WORD_AFTER.exec(text.slice(position))?.[0].length ?? 0)
  return {
    from,
    to,
    options: path === '' ? everything(schema) : membersOf(namesIn(path), schema).map(ofField),
  }
}

function isInTextOrComment(before: string): boolean {
  const last = [...before.matchAll(CLOSED_PLACES)].at(-1)
  if (last === undefined || last[0].startsWith('"')) return false
  return last.index + last[0].length === before.length
}

function namesIn(path: string): string[] {
  const written = path.match(new RegExp(NAME, 'gu')) ?? []
  return written.map((name) => (name.startsWith('"') ? unquote(name) : name))
}

function membersOf(path: readonly string[], schema: readonly Field[]): readonly Field[] {
  let fields = schema
  for (const name of path) {
    const type = fields.find((field) => field.name === name)?.type
    fields = type?.kind === 'struct' ? type.fields : []
  }
  return fields
}

function everything(schema: ExpressionSchema): Completion[] {
  const functions = functionDocs().map(
    (doc): Completion => ({ kind: 'function', label: doc.name, insert: `${doc.name}(`, doc }),
  )
  const keywords = RESERVED_WORDS.map((word): Completion => ({ kind: 'keyword', label: word, insert: word }))
  return [...schema.map(ofField), ...functions, ...keywords]
}

function ofField(field: Field): Completion {
  return { kind: 'field', label: field.name, insert: quoteName(field.name), type: formatType(field.type) }
}
