import { platform } from './platform.ts'

const encoder = new platform.TextEncoder()
const decoder = new platform.TextDecoder('utf-8', { fatal: false, ignoreBOM: true })

/** The UTF-8 bytes of a well-formed text. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** The text of UTF-8 bytes; what is none becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}
