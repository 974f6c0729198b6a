import type { Figure, Goal } from '../bench-case.ts'
import { quantile } from '../statistics.ts'

/** How many samples of a figure the results file keeps. */
const KEPT = 5_000

/** The text of a result has the moment at which its order was to be sent, epoch ms, in its field `ts`. */
const DUE = /"ts":(\d+)/

/** When the order of a result was to be sent, epoch ms; null where the result does not tell. */
export function dueIn(value: string | null): number | null {
  const text = DUE.exec(value ?? '')?.[1]
  return text === undefined ? null : Number(text)
}

/** Delays of the orders that were to be sent within a stretch of time. */
export class Delays {
  readonly #from: number
  readonly #to: number
  readonly #delays: number[] = []

  /** Of orders due from one moment to before another one, epoch ms. */
  constructor(from: number, to: number) {
    this.#from = from
    this.#to = to
  }

  /** Notes an order that was due at one moment and is there at another one, epoch ms. */
  note(due: number, at: number): void {
    if (due >= this.#from && due < this.#to) this.#delays.push(at - due)
  }

  /** The row of a table; all delays count in it, some of them are kept as samples. */
  figure(name: string, perSecond: number, goal?: Goal): Figure {
    const delays = this.#delays
    const step = Math.ceil(delays.length / KEPT) || 1
    return {
      name,
      samples: {
        rate: [perSecond],
        p50: [quantile(delays, 0.5)],
        p99: [quantile(delays, 0.99)],
        max: [delays.reduce((most, delay) => Math.max(most, delay), 0)],
        count: [delays.length],
      },
      raw: delays.filter((_, i) => i % step === 0),
      ...(goal && { goal }),
    }
  }
}
