import { seededNumber } from '@millrace/engine'

/** Epoch ms of the first event. */
export const STORM_START = 1_700_000_000_000
/** Event time between two payments, ms. */
const STEP_MS = 10
/** By less than this a payment is behind one that was sent before it. */
export const PAYMENT_DISORDER_MS = 2_000
/** The same of a confirmation. */
export const CONFIRM_DISORDER_MS = 6_000

/** A payment, as it is sent. */
export interface Payment {
  readonly id: number
  readonly user: string
  readonly group: string
  readonly amount: number
  readonly ts: number
}

/** Every third payment is confirmed, soon or later. */
export interface Confirm {
  readonly ref: number
  readonly user: string
  readonly code: number
  readonly ts: number
}

/** Something that is sent: a record of a topic. */
export interface Sent<Value> {
  readonly key: string
  readonly value: Value | string
}

/** The events of a storm: pure functions of a seed and an index. */
export class StormEvents {
  readonly #seed: number
  readonly #users: number

  constructor(seed: number, users: number) {
    this.#seed = seed
    this.#users = users
  }

  payment(i: number): Payment {
    const user = this.#pick(i, 1, this.#users)
    return {
      id: i,
      user: `u${user}`,
      group: `g${user % 50}`,
      // Every so often one that the filter drops.
      amount: this.#pick(i, 2, 1_000) - 10,
      ts: STORM_START + i * STEP_MS + this.#pick(i, 3, PAYMENT_DISORDER_MS),
    }
  }

  confirm(i: number): Confirm | null {
    if (i % 3 !== 0) return null
    const { id, user, ts } = this.payment(i)
    return { ref: id, user, code: this.#pick(i, 4, 100), ts: ts + 500 + this.#pick(i, 5, 3_000) }
  }

  /** What is sent for payment i: some are sent twice, some are no JSON. */
  payments(i: number): Sent<Payment>[] {
    const value = this.payment(i)
    const sent = { key: value.user, value }
    if (this.isPoison(i)) return [{ key: value.user, value: poison(i) }, sent]
    return i % 50 === 0 ? [sent, sent] : [sent]
  }

  confirms(i: number): Sent<Confirm>[] {
    const value = this.confirm(i)
    return value === null ? [] : [{ key: value.user, value }]
  }

  /** Whether something that is no JSON is sent before payment i. */
  isPoison(i: number): boolean {
    return this.#pick(i, 6, 1_000) === 0
  }

  /** A whole number below `limit`. */
  #pick(i: number, salt: number, limit: number): number {
    return Math.floor(seededNumber(this.#seed, i, salt) * limit)
  }
}

/** What is sent in place of JSON. */
export function poison(i: number): string {
  return `{"id": ${i}, poison \u0000 ü`
}
