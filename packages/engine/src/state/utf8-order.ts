/**
 * Compares texts by their UTF-8 bytes, as Redis does; negative, 0 or positive. JavaScript's own order is that of UTF-16
 * units, in which characters beyond U+FFFF come before U+E000 to U+FFFF.
 *
 * @param from where in the first text it begins; what stands before is left out
 * @param at the same in the second text
 */
export function compareUtf8(a: string, b: string, from = 0, at = from): number {
  const aLength = a.length - from
  const bLength = b.length - at
  const length = Math.min(aLength, bLength)
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(from + i)
    const right = b.charCodeAt(at + i)
    if (left !== right) return weight(left) - weight(right)
  }
  return aLength - bLength
}

/** Surrogates stand for the highest characters. */
function weight(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
