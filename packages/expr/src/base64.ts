import { platform } from './platform.ts'

const CHUNK = 8192
const CANONICAL = /^[A-Za-z0-9+/]*={0,2}$/

/** Bytes as base64 text with padding (RFC 4648, section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  let latin1 = ''
  for (let at = 0; at < bytes.length; at += CHUNK)
    latin1 += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  return platform.btoa(latin1)
}

/** The bytes of a base64 text with padding and without white space; null where the text is none. */
export function decodeBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !CANONICAL.test(text)) return null
  const latin1 = platform.atob(text)
  return Uint8Array.from({ length: latin1.length }, (_, i) => latin1.charCodeAt(i))
}
