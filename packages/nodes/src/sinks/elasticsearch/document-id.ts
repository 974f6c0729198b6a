import { RecordError } from '@millrace/engine'
import { type DataType, type Field, keyText, type Row, type Value } from '@millrace/expr'

/** A template for document ids: literal texts with names of fields in between. */
export interface IdTemplate {
  /** One more than names; the first and the last may be empty. */
  readonly texts: readonly string[]
  readonly names: readonly string[]
}

/** Elasticsearch takes ids of 1 to 512 bytes. */
export const MAX_ID_BYTES = 512

const ID_KINDS: readonly DataType['kind'][] = ['string', 'int64', 'decimal', 'timestamp', 'boolean']

/** True for types whose values have one text each. */
export function isIdType(type: Field['type']): boolean {
  return ID_KINDS.some((kind) => kind === type.kind)
}

/**
 * Reads a template such as `{region}-{window_start}`. Null where a brace has no partner or names nothing.
 */
export function parseIdTemplate(text: string): IdTemplate | null {
  const parts = text.split(/\{([^{}]+)\}/)
  const texts = parts.filter((_, i) => i % 2 === 0)
  const names = parts.filter((_, i) => i % 2 === 1)
  return texts.some((part) => /[{}]/.test(part)) ? null : { texts, names }
}

/** True where two fields stand next to each other: their values could not be told apart. */
export function isAmbiguous({ texts }: IdTemplate): boolean {
  return texts.slice(1, -1).some((text) => text === '')
}

/**
 * A writer of document ids. Different values give different ids: where a text follows a field, its first character is
 * written as %XX within the value, and so is `%`.
 */
export function createIdWriter({ texts, names }: IdTemplate, fields: readonly Field[]): (row: Row) => string {
  const parts = names.map((name, i) => ({
    name,
    position: fields.findIndex((field) => field.name === name),
    type: fields.find((field) => field.name === name)?.type,
    protect: i < names.length - 1 ? escaper(texts[i + 1] ?? '') : (text: string) => text,
    text: texts[i + 1] ?? '',
  }))
  return (row) => {
    let id = texts[0] ?? ''
    for (const { name, position, type, protect, text } of parts)
      id += protect(textOf(row[position] as Value, type, name)) + text
    return checkLength(id)
  }
}

/** What follows the last field is the same in all ids, so only separators between fields must not occur in values. */
function escaper(separator: string): (text: string) => string {
  const first = String.fromCodePoint(separator.codePointAt(0) ?? 0)
  return (text) => {
    if (!text.includes(first) && !text.includes('%')) return text
    return Array.from(text, (character) =>
      character === first || character === '%' ? percentEncode(character) : character,
    ).join('')
  }
}

/** As `encodeURIComponent`, which leaves some characters as they are. */
function percentEncode(character: string): string {
  const encoded = encodeURIComponent(character)
  return encoded === character ? `%${character.charCodeAt(0).toString(16).toUpperCase()}` : encoded
}

function textOf(value: Value, type: DataType | undefined, name: string): string {
  if (value === null)
    throw new RecordError('no_document_id', `The document id needs "${name}", which is null.`)
  return type?.kind === 'decimal' ? keyText(value, type) : String(value)
}

function checkLength(id: string): string {
  const length = id.length * 3 <= MAX_ID_BYTES ? id.length : utf8.encode(id).length
  if (length >= 1 && length <= MAX_ID_BYTES) return id
  const message = `The document id has ${length} bytes; 1 to ${MAX_ID_BYTES} are allowed.`
  throw new RecordError('document_id_length', message)
}

const utf8 = new TextEncoder()
