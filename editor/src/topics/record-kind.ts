import { t } from '../i18n/t.ts'

/** What the value of a record is. */
export type RecordKind =
  | { readonly kind: 'object' | 'json' | 'text' | 'binary' | 'empty' | 'compressed' | 'xml' }
  /** Written with a schema registry: Avro, Protobuf or its JSON. */
  | { readonly kind: 'registry'; readonly schemaId: number }

/** Values longer than this are judged by their beginning, which is no JSON by then: they count as text. */
const JUDGED = 4_000_000

/** What the bytes of a value are. Never throws. */
export function recordKind(value: Uint8Array | null): RecordKind {
  if (value === null || value.length === 0) return { kind: 'empty' }
  if (value[0] === 0 && value.length > 5)
    return { kind: 'registry', schemaId: new DataView(value.buffer, value.byteOffset).getUint32(1) }
  if (isCompressed(value)) return { kind: 'compressed' }
  const text = textOf(value)
  if (text === null) return { kind: 'binary' }
  const json = value.length > JUDGED ? undefined : parsed(text)
  if (json !== undefined) return { kind: isObject(json) ? 'object' : 'json' }
  return { kind: text.trimStart().startsWith('<') ? 'xml' : 'text' }
}

/** The bytes as UTF-8; null where they are none. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** The bytes as pairs of hexadecimal digits; at most so many. */
export function hexOf(bytes: Uint8Array, most = 2_000): string {
  const shown = Array.from(bytes.subarray(0, most), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return bytes.length > most
    ? t('{shown} … {bytes} more bytes', { shown, bytes: bytes.length - most })
    : shown
}

function isCompressed([a, b, c, d]: Uint8Array): boolean {
  const isGzip = a === 0x1f && b === 0x8b
  return isGzip || (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(json: unknown): boolean {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
