const PAIRS = /^(?:[0-9a-fA-F]{2})*$/

/** Bytes as pairs of hexadecimal digits in lower case. */
export function encodeHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The bytes of a text of pairs of hexadecimal digits; null where it is none. */
export function decodeHex(text: string): Uint8Array | null {
  if (!PAIRS.test(text)) return null
  return Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  )
}
