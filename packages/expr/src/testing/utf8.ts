/** The UTF-8 bytes of a well-formed text; written out, since the package is compiled without a platform's types. */
export function utf8(text: string): Uint8Array {
  const bytes: number[] = []
  for (const character of text) bytes.push(...bytesOf(character.codePointAt(0) as number))
  return Uint8Array.from(bytes)
}

function bytesOf(code: number): number[] {
  const tail = (shift: number) => 0x80 | ((code >> shift) & 0x3f)
  if (code < 0x80) return [code]
  if (code < 0x800) return [0xc0 | (code >> 6), tail(0)]
  if (code < 0x10000) return [0xe0 | (code >> 12), tail(6), tail(0)]
  return [0xf0 | (code >> 18), tail(12), tail(6), tail(0)]
}
