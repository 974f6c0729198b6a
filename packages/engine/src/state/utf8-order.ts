/**
 * Compares texts by their UTF-8 bytes, as Redis does; negative, 0 or positive. JavaScript's own order is that of UTF-16
 * units, in which characters beyond U+FFFF come before U+E000 to U+FFFF.
 *
 * @param from the texts are known to agree before this position
 */
export function compareUtf8(a: string, b: string, from = 0): number {
  const length = Math.min(a.length, b.length)
  for (let i = from; i < length; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left !== right) return weight(left) - weight(right)
  }
  return a.length - b.length
}

/** Surrogates stand for the highest characters. */
function weight(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
