/** On a whole hour. */
const START = 1_700_000_400_000 - (1_700_000_400_000 % 3_600_000)
const WINDOW_MS = 3_600_000
/** All events fall into one window, with room for what comes out of order. */
const SPAN_MS = 3_000_000
/** Of three events two are the first ones of a key; the third one's key is drawn. */
const GROUP = 3

/** How keys are drawn. */
export type Spread = 'uniform' | 'zipf'

/** An event; `n` is its number. */
export interface BigStateEvent {
  readonly user: number
  readonly n: number
  readonly amount: number
  readonly ts: number
}

/** What must come out, by user: the number of the first event, how many there are, and the sum of their amounts. */
export interface BigStateTruth {
  readonly first: Int32Array
  readonly count: Int32Array
  readonly total: Float64Array
}

/** Events of so many keys, each a pure function of its number. */
export class BigStateEvents {
  readonly keys: number
  readonly spread: Spread
  readonly #stride: number

  constructor(keys: number, spread: Spread) {
    this.keys = keys
    this.spread = spread
    this.#stride = coprimeTo(keys)
  }

  /** How many there are. */
  get length(): number {
    return Math.floor((this.keys * GROUP) / (GROUP - 1))
  }

  /** Late enough that all windows close and all that is remembered expires. */
  static get end(): number {
    return START + 10 * WINDOW_MS
  }

  event(n: number): BigStateEvent {
    const ts = START + Math.floor((n / this.length) * SPAN_MS)
    return { user: this.#user(n), n, amount: n % 1_000, ts }
  }

  /** By counting. */
  truth(): BigStateTruth {
    const first = new Int32Array(this.keys).fill(-1)
    const count = new Int32Array(this.keys)
    const total = new Float64Array(this.keys)
    for (let n = 0; n < this.length; n++) {
      const user = this.#user(n)
      if (first[user] === -1) first[user] = n
      count[user] = (count[user] as number) + 1
      total[user] = (total[user] as number) + (n % 1_000)
    }
    return { first, count, total }
  }

  #user(n: number): number {
    if (n % GROUP < GROUP - 1) {
      const place = Math.floor(n / GROUP) * (GROUP - 1) + (n % GROUP)
      return (place * this.#stride) % this.keys
    }
    const drawn = fraction(n)
    // The k-th most frequent key is drawn 1/k as often as the first one.
    return this.spread === 'uniform'
      ? Math.floor(drawn * this.keys)
      : Math.min(this.keys - 1, Math.floor((this.keys + 1) ** drawn) - 1)
  }
}

/** An evenly spread number in [0, 1) for a number: the finalizer of MurmurHash3. */
function fraction(n: number): number {
  let hash = n
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/** A stride that meets every key once: neighbours in time are none in the order of their names. */
function coprimeTo(keys: number): number {
  let stride = Math.floor(keys * 0.618) + 1
  while (greatestDivisor(stride, keys) > 1) stride++
  return stride
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b)
}
