import { decodeBase64, encodeBase64 } from './base64.ts'
import { canonicalDecimal, readDecimal } from './decimal.ts'
import { type DataType, type DecimalType, SCALAR_KINDS, type ScalarKind } from './type.ts'
import { toInt64, type Value, type Whole } from './value.ts'

/** The key text of a null where the key is one string. */
const NULL_STRING = '\u0000'

/** Stands before a string that itself starts with U+0000, where the key is one string. */
const ESCAPE = '\u0000\u0001'

/** The part of a null among several; a part of a value starts with a digit. */
const NULL_PART = '-'

interface PartCodec {
  readonly write: (value: never) => string
  readonly read: (text: string) => Value | undefined
}

const PARTS: Readonly<Record<ScalarKind, PartCodec>> = {
  boolean: { write: (value: boolean) => (value ? 't' : 'f'), read: (text) => BOOLEANS.get(text) },
  int64: { write: (value: Whole) => String(value), read: readInt64 },
  double: { write: (value: number) => String(value), read: readDouble },
  string: { write: (value: string) => value, read: (text) => text },
  timestamp: { write: (value: number) => String(value), read: readInt64 },
  bytes: { write: encodeBase64, read: (text) => decodeBase64(text) ?? undefined },
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['t', true],
  ['f', false],
])

function readInt64(text: string): Value | undefined {
  const value = /^-?\d{1,19}$/.test(text) ? toInt64(BigInt(text)) : null
  return value !== null && String(value) === text ? value : undefined
}

function readDouble(text: string): number | undefined {
  const value = Number(text)
  return String(value) === text ? value : undefined
}

function readDecimalPart(text: string, { precision, scale }: DecimalType): Value | undefined {
  const result = readDecimal(text, precision, scale)
  if (result === null || result === 'overflow') return undefined
  return canonicalDecimal(result.value, scale) === text ? result.value : undefined
}

/**
 * The canonical text of a key; its UTF-8 bytes are what murmur2 places. Equal keys have equal texts and different keys
 * different ones: null is a value of its own, −0 is 0, NaN is one value, a decimal is written without zeros at its end, so
 * that 1.0 and 1.00 are one key. One string is written as it is, as Kafka's
 * default partitioner sees it (null and a string that starts with U+0000 are marked by U+0000 in front). All else is
 * a chain of parts `length:text`, a null being `-`, lengths in UTF-16 units: ('a_b', 'c') is `3:a_b1:c`. Without
 * values the text is empty. Strings must be well formed, as decoded ones are.
 *
 * Throws where a type is neither scalar nor decimal: a key has been checked before.
 */
export function encodeKey(values: readonly Value[], types: readonly DataType[]): string {
  if (types.length === 1 && types[0]?.kind === 'string') return encodeString(values[0] as string | null)
  let key = ''
  for (let i = 0; i < types.length; i++) {
    const value = values[i] as Value
    const text = typeof value === 'string' ? value : null
    key += text === null ? encodePart(value, types[i] as DataType) : `${text.length}:${text}`
  }
  return key
}

function encodeString(value: string | null): string {
  if (value === null) return NULL_STRING
  return value.charCodeAt(0) === 0 ? ESCAPE + value : value
}

function encodePart(value: Value, type: DataType): string {
  if (value === null) return NULL_PART
  const text = keyText(value, type)
  return `${text.length}:${text}`
}

/** True for types whose values can be keys. */
export function isKeyType(type: DataType): boolean {
  return type.kind === 'decimal' || SCALAR_KINDS.some((kind) => kind === type.kind)
}

function codecOf(type: DataType): PartCodec {
  const codec = (PARTS as Partial<Record<string, PartCodec>>)[type.kind]
  if (codec === undefined) throw new Error(`A value of type ${type.kind} cannot be a key`)
  return codec
}

/** The text of one value that is not null: equal values have one text, others another. */
export function keyText(value: Value, type: DataType): string {
  if (type.kind === 'decimal') return canonicalDecimal(value as Whole, type.scale)
  return codecOf(type).write(value as never)
}

/** The value of a text that `keyText` wrote for a type; undefined where it is none. */
export function readKeyText(text: string, type: DataType): Value | undefined {
  return type.kind === 'decimal' ? readDecimalPart(text, type) : codecOf(type).read(text)
}

/** The values of a key that `encodeKey` wrote for the same types. Throws where the text is no such key. */
export function decodeKey(key: string, types: readonly DataType[]): Value[] {
  if (types.length === 1 && types[0]?.kind === 'string') return [decodeString(key)]
  let at = 0
  const values = types.map((type) => {
    const part = partAt(key, at)
    at = part.end
    if (part.text === null) return null
    const value = readKeyText(part.text, type)
    return value === undefined ? broken(key) : value
  })
  return at === key.length ? values : broken(key)
}

function decodeString(key: string): string | null {
  if (key === NULL_STRING) return null
  return key.startsWith(ESCAPE) ? key.slice(ESCAPE.length) : key
}

function partAt(key: string, at: number): { readonly text: string | null; readonly end: number } {
  if (key.startsWith(NULL_PART, at)) return { text: null, end: at + 1 }
  const colon = key.indexOf(':', at)
  const length = key.slice(at, colon)
  const end = colon + 1 + Number(length)
  if (colon === -1 || !/^\d{1,9}$/.test(length) || end > key.length) broken(key)
  return { text: key.slice(colon + 1, end), end }
}

function broken(key: string): never {
  throw new Error(`This is no key of these types: ${JSON.stringify(key.slice(0, 100))}`)
}
