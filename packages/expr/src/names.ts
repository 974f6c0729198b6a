import { RESERVED_WORDS } from './grammar/keywords.ts'

const PLAIN =
  /^[A-Za-z_\u00a1-\u1fff\u2070-\u2fff\u3001-\ufefe\uff00-\u{10ffff}][A-Za-z0-9_\u00a1-\u1fff\u2070-\u2fff\u3001-\ufefe\uff00-\u{10ffff}]*$/u
const RESERVED: ReadonlySet<string> = new Set(RESERVED_WORDS)

/** A field's name as it is written in an expression or a type: plain where that can be read back, else in double quotes. */
export function quoteName(name: string): string {
  return PLAIN.test(name) && !RESERVED.has(name.toLowerCase()) ? name : `"${name.replaceAll('"', '""')}"`
}

/** A field path as it is written in an expression: `address."zip code"`. */
export function quotePath(path: readonly string[]): string {
  return path.map(quoteName).join('.')
}
