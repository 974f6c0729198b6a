/**
 * Of which events of a sample a row was made: the number of one, or a set of numbers as bits. Null: of none that is
 * known. Sets are never changed.
 */
export type Lineage = number | Uint32Array | null

const BITS = 32

/** The events of both. */
export function union(a: Lineage, b: Lineage): Lineage {
  if (a === null || a === b) return b
  if (b === null) return a
  if (typeof a !== 'number' && hasAll(a, b)) return a
  if (typeof b !== 'number' && hasAll(b, a)) return b
  const result = new Uint32Array(Math.max(wordsOf(a), wordsOf(b)))
  addTo(result, a)
  addTo(result, b)
  return result
}

/** True where one event is in both. */
export function intersects(a: Lineage, b: Lineage): boolean {
  if (a === null || b === null) return false
  if (typeof a === 'number') return typeof b === 'number' ? a === b : hasBit(b, a)
  if (typeof b === 'number') return hasBit(a, b)
  const words = Math.min(a.length, b.length)
  for (let i = 0; i < words; i++) if (((a[i] as number) & (b[i] as number)) !== 0) return true
  return false
}

/** How many events it has. */
export function sizeOf(lineage: Lineage): number {
  if (lineage === null) return 0
  return typeof lineage === 'number' ? 1 : eventsOf(lineage).length
}

/** The numbers of its events, in order. */
export function eventsOf(lineage: Lineage): readonly number[] {
  if (lineage === null) return []
  if (typeof lineage === 'number') return [lineage]
  const events: number[] = []
  lineage.forEach((word, i) => {
    for (let bit = 0; bit < BITS; bit++) if ((word & (1 << bit)) !== 0) events.push(i * BITS + bit)
  })
  return events
}

function wordsOf(lineage: number | Uint32Array): number {
  return typeof lineage === 'number' ? Math.floor(lineage / BITS) + 1 : lineage.length
}

function addTo(words: Uint32Array, lineage: number | Uint32Array): void {
  if (typeof lineage === 'number') {
    const at = Math.floor(lineage / BITS)
    words[at] = (words[at] as number) | (1 << (lineage % BITS))
  } else for (let i = 0; i < lineage.length; i++) words[i] = (words[i] as number) | (lineage[i] as number)
}

function hasBit(words: Uint32Array, event: number): boolean {
  return ((words[Math.floor(event / BITS)] ?? 0) & (1 << (event % BITS))) !== 0
}

function hasAll(words: Uint32Array, other: number | Uint32Array): boolean {
  if (typeof other === 'number') return hasBit(words, other)
  return other.every((word, i) => (word & ~(words[i] ?? 0)) === 0)
}
