/** The slow and obvious order of texts by code points, which is that of their UTF-8 bytes; negative, 0 or positive. */
export function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]]
  for (const [i, one] of left.entries()) {
    const other = right[i]
    if (other === undefined) return 1
    if (one !== other) return Number(one.codePointAt(0)) - Number(other.codePointAt(0))
  }
  return left.length - right.length
}
