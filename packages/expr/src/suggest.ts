const MAX_LENGTH = 64
const MAX_CANDIDATES = 5_000

/**
 * The candidate that a mistyped name most likely means, or null where none is near: one edit for up to five letters,
 * else one for every three letters. Case is ignored. Names beyond 64 characters are never near.
 */
export function suggest(name: string, candidates: Iterable<string>): string | null {
  if (name.length > MAX_LENGTH) return null
  const wanted = name.toLowerCase()
  let bound = Math.max(1, Math.floor(name.length / 3)) + 1
  let best: string | null = null
  let seen = 0
  for (const candidate of candidates) {
    if (++seen > MAX_CANDIDATES) break
    if (Math.abs(candidate.length - name.length) >= bound || candidate.length > MAX_LENGTH) continue
    const distance = editDistance(wanted, candidate.toLowerCase())
    if (distance >= bound) continue
    bound = distance
    best = candidate
  }
  return best
}

/**
 * The smallest number of inserted, deleted, replaced or swapped neighbouring characters between two texts (optimal
 * string alignment). Source: Boytsov, "Indexing methods for approximate dictionary searching", 2011, §2.
 */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforePrevious[j - 2]! + 1)
      current.push(best)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.length]!
}
