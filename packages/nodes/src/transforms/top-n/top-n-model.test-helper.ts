/*
 * What a top-N means, the slow and obvious way: all rows are kept in a list that is sorted again whenever somebody asks.
 * It shares no code with the node, and was written from the rules alone.
 */

/** A row of a random stream. */
export interface ModelRow {
  readonly id: number
  readonly team: string | null
  readonly a: number | null
  readonly b: number
}

/** A change of a row; what is final is always new. */
export type ModelStep =
  | { readonly kind: 'new' | 'delete'; readonly row: ModelRow; readonly time: number }
  | { readonly watermark: number }

interface Held {
  readonly row: ModelRow
  /** When it came to have the values by which it is ordered. */
  readonly arrival: number
  readonly until: number
}

/** Order of the model: by `a`, the largest first and nulls last, then by `b`, the smallest first, then by arrival. */
function compare(x: Held, y: Held): number {
  const byA = (y.row.a ?? Number.NEGATIVE_INFINITY) - (x.row.a ?? Number.NEGATIVE_INFINITY)
  if (!Number.isNaN(byA) && byA !== 0) return byA
  return x.row.b - y.row.b || x.arrival - y.arrival
}

/** The first rows of each team. */
export type Lists = ReadonlyMap<string | null, readonly ModelRow[]>

/** Rows that may be corrected, of which each is forgotten in its time. */
export class UpdatingModel {
  #held: Held[] = []
  #arrivals = 0
  #watermark = Number.NEGATIVE_INFINITY
  readonly #ttl: number

  constructor(ttl: number) {
    this.#ttl = ttl
  }

  take(step: ModelStep): void {
    if ('watermark' in step) {
      this.#watermark = Math.max(this.#watermark, step.watermark)
      this.#held = this.#held.filter(({ until }) => until > this.#watermark)
      return
    }
    const { row, time, kind } = step
    const old = this.#held.find((one) => one.row.id === row.id)
    this.#held = this.#held.filter((one) => one !== old)
    if (kind === 'delete') return
    const stays = old && old.row.team === row.team && old.row.a === row.a && old.row.b === row.b
    const arrival = stays ? old.arrival : this.#arrivals++
    this.#held.push({ row, arrival, until: Math.max(time, this.#watermark) + this.#ttl })
  }

  lists(n: number): Lists {
    return listsOf(this.#held, n)
  }
}

/** Rows that are final, in lists that are forgotten when they have not changed for their time. */
export class FinalModel {
  #held: Held[] = []
  #arrivals = 0
  #watermark = Number.NEGATIVE_INFINITY
  readonly #ttl: number
  readonly #n: number

  constructor(ttl: number, n: number) {
    this.#ttl = ttl
    this.#n = n
  }

  take(step: ModelStep): void {
    if ('watermark' in step) {
      this.#watermark = Math.max(this.#watermark, step.watermark)
      const alive = new Set(
        this.#held.filter(({ until }) => until > this.#watermark).map(({ row }) => row.team),
      )
      this.#held = this.#held.filter(({ row }) => alive.has(row.team))
      return
    }
    const until = Math.max(step.time, this.#watermark) + this.#ttl
    this.#held.push({ row: step.row, arrival: this.#arrivals++, until })
    const kept = new Set([...this.lists(this.#n).values()].flat())
    this.#held = this.#held.filter(({ row }) => kept.has(row))
  }

  lists(n: number): Lists {
    return listsOf(this.#held, n)
  }
}

function listsOf(held: readonly Held[], n: number): Lists {
  const teams = Map.groupBy(held, ({ row }) => row.team)
  return new Map(
    [...teams].map(([team, own]) => [
      team,
      own
        .sort(compare)
        .slice(0, n)
        .map(({ row }) => row),
    ]),
  )
}
