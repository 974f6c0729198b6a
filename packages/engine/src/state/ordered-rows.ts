import type { RangeOptions } from '../operator.ts'
import { compareUtf8 } from './utf8-order.ts'

/** Sub-keys from `from` on and below `to`; null: up to the last. */
export interface Span {
  readonly from: string
  readonly to: string | null
}

/** All sub-keys. */
export const WHOLE: Span = { from: '', to: null }

/** There is one for each key with rows. */
const NO_SPANS: readonly Span[] = []

/** What stands in order. */
interface Named {
  /** See `rowName`. */
  readonly name: string
}

/**
 * What is in memory of the rows of one key: rows in the order of their sub-keys, and the spans of sub-keys of which
 * everything that exists is in memory.
 */
export class OrderedRows<R extends Named> {
  /** What all names begin with. */
  readonly prefix: string
  /** A range was asked for since eviction last came by. */
  used = true
  /** Rows that exist, in order, from the head on; those before are gone. */
  #rows: R[] = []
  /** Rows mostly go in their order: to move all others up each time costs too much where there are many. */
  #head = 0
  /** In order, apart from one another. */
  #covered = NO_SPANS

  constructor(prefix: string) {
    this.prefix = prefix
  }

  get size(): number {
    return this.#rows.length - this.#head
  }

  /** Adds a row; none of its name is there yet. */
  add(row: R): void {
    const rows = this.#rows
    const last = rows.at(-1)
    // A list that begins with a row has no room to spare: most keys have few.
    if (last === undefined) this.#rows = [row]
    else if (compareUtf8(last.name, row.name, this.prefix.length) < 0) rows.push(row)
    else rows.splice(this.#lowest(row.name), 0, row)
  }

  /** Takes a row away; it is there. */
  remove(row: R): void {
    const rows = this.#rows
    if (rows[this.#head] === row) this.#removeFirst()
    else if (rows.at(-1) === row) rows.pop()
    else rows.splice(this.#lowest(row.name), 1)
  }

  /** All others move up once half of the list is gone. */
  #removeFirst(): void {
    this.#head++
    if (this.#head * 2 < this.#rows.length) return
    this.#rows.splice(0, this.#head)
    this.#head = 0
  }

  /** The rows in a span, in order or from the end; at most `limit`. */
  within({ from, to }: Span, { reverse = false, limit }: Pick<RangeOptions, 'reverse' | 'limit'> = {}): R[] {
    const end = to === null ? this.#rows.length : this.#lowest(to, 0)
    const start = from === '' ? this.#head : this.#lowest(from, 0)
    const count = Math.max(0, Math.min(end - start, limit ?? Number.POSITIVE_INFINITY))
    return reverse ? this.#rows.slice(end - count, end).reverse() : this.#rows.slice(start, start + count)
  }

  /** The spans that are covered, in order and apart. */
  get covered(): readonly Span[] {
    return this.#covered
  }

  /** Notes that everything in a span is in memory. */
  cover(span: Span): void {
    if (!reaches(span, span.from)) return
    const apart = this.#covered.filter((other) => isBelow(other, span) || isBelow(span, other))
    const touching = this.#covered.filter((other) => !apart.includes(other))
    const joined = touching.reduce(join, span)
    this.#covered = [...apart, joined].sort((a, b) => compareUtf8(a.from, b.from))
  }

  /** The parts of a span that may have rows outside memory. */
  uncovered(span: Span): Span[] {
    const missing: Span[] = []
    let from = span.from
    for (const known of this.#covered) {
      if (known.to !== null && compareUtf8(known.to, from) <= 0) continue
      if (!reaches(span, known.from)) break
      if (compareUtf8(from, known.from) < 0) missing.push({ from, to: known.from })
      if (known.to === null) return missing
      from = known.to
    }
    if (reaches(span, from)) missing.push({ from, to: span.to })
    return missing
  }

  /** True where a row with this name would be in memory. */
  covers(name: string): boolean {
    if (this.#covered[0] === WHOLE) return true
    const subKey = name.slice(this.prefix.length)
    return this.#covered.some(
      ({ from, to }) => compareUtf8(from, subKey) <= 0 && reaches({ from, to }, subKey),
    )
  }

  /** The place of the first row that does not come before this name, whose sub-key stands at a position. */
  #lowest(name: string, at = this.prefix.length): number {
    const rows = this.#rows
    const from = this.prefix.length
    let low = this.#head
    let high = rows.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compareUtf8((rows[middle] as R).name, name, from, at) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** True where a span goes on behind this sub-key. */
function reaches({ to }: Span, subKey: string): boolean {
  return to === null || compareUtf8(subKey, to) < 0
}

/** True where a span ends before the other begins, with something in between. */
function isBelow({ to }: Span, { from }: Span): boolean {
  return to !== null && compareUtf8(to, from) < 0
}

function join(a: Span, b: Span): Span {
  const from = compareUtf8(a.from, b.from) <= 0 ? a.from : b.from
  if (a.to === null || b.to === null) return from === '' ? WHOLE : { from, to: null }
  return { from, to: compareUtf8(a.to, b.to) >= 0 ? a.to : b.to }
}
