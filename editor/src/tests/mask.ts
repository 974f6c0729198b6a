import type { JsonValue } from '@millrace/graph'

/** Names of fields that often hold what is private. */
const PRIVATE =
  /e-?mail|phone|mobile|(first|last|full|sur)_?name|address|street|iban|card|passw|secret|token|ssn|birth/i

/** Fields that are masked unless somebody says otherwise: tagged as sensitive, or named as such fields are. */
export function sensitiveFields(fields: readonly { readonly name: string }[]): readonly string[] {
  return fields
    .filter((field) => ('sensitive' in field && field.sensitive === true) || PRIVATE.test(field.name))
    .map(({ name }) => name)
}

/**
 * Puts another value in the place of a private one. The same value always becomes the same one within a recording, so
 * that what belonged together still does; what it was cannot be told from it without the salt.
 */
export function maskValue(value: JsonValue | undefined, salt: string): JsonValue | undefined {
  if (value === undefined || value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') return maskNumber(value, salt)
  if (typeof value === 'string') return `masked-${hash(`${salt}${value}`).toString(36)}`
  if (Array.isArray(value)) return value.map((item) => maskValue(item, salt) ?? null)
  const members = Object.entries(value).map(([name, member]) => [name, maskValue(member, salt) ?? null])
  return Object.fromEntries(members) as JsonValue
}

/** A number with as many digits. */
function maskNumber(value: number, salt: string): number {
  const digits = Math.min(9, Math.max(1, String(Math.trunc(Math.abs(value))).length))
  const masked = hash(`${salt}${value}`) % 10 ** digits
  return Number.isInteger(value) ? masked : masked + 0.5
}

/** Masks members of a record by name. */
export function maskRecord(
  record: { readonly [name: string]: JsonValue },
  names: ReadonlySet<string>,
  salt: string,
): { readonly [name: string]: JsonValue } {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      name,
      names.has(name) ? (maskValue(value, salt) ?? null) : value,
    ]),
  )
}

/** 52 bits of a text (cyrb53, public domain): mixes well, and the salt keeps it from being looked up. */
function hash(text: string): number {
  let [a, b] = [0xdeadbeef, 0x41c6ce57]
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 2654435761)
    b = Math.imul(b ^ unit, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return 4294967296 * (2097151 & b) + (a >>> 0)
}
