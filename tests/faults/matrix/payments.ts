/** Epoch ms of the first payment: the beginning of a minute. */
export const START = 1_700_000_040_000
/** Length of the windows that count payments, ms. */
export const MINUTE = 60_000
const STEP_MS = 100
const USERS = 40
const GROUPS = 5

/** A payment, as it is sent. */
export interface Payment {
  readonly id: number
  readonly user: string
  readonly group: string
  readonly amount: number
  readonly ts: number
}

/** A window of a group. */
export interface Count {
  readonly payments: number
  readonly total: number
}

/** What must come out. */
export interface Expected {
  /** By user, ids in the order in which they were first sent. */
  readonly passed: ReadonlyMap<string, readonly number[]>
  /** By `group/start`. */
  readonly counts: ReadonlyMap<string, Count>
}

/** The i-th payment: a pure function of its number. Ten a second, in event time. */
export function paymentOf(i: number): Payment {
  return {
    ...{ id: i, user: `u${(i * 7) % USERS}`, group: `g${i % GROUPS}` },
    ...{ amount: (i * 31) % 997, ts: START + i * STEP_MS },
  }
}

/** The end of everything, which the filter drops: it moves the watermark behind the windows of `count` payments. */
export function probe(count: number): Payment {
  const ts = START + count * STEP_MS + 24 * 60 * MINUTE
  return { id: -1, user: 'probe', group: 'probe', amount: -1, ts }
}

/** By going once through what was sent; shares no code with the engine. */
export function oracle(sent: Iterable<Payment>): Expected {
  const passed = new Map<string, number[]>()
  const counts = new Map<string, Count>()
  const seen = new Set<number>()
  for (const { id, user, group, amount, ts } of sent) {
    if (seen.has(id)) continue
    seen.add(id)
    const ids = passed.get(user)
    if (ids === undefined) passed.set(user, [id])
    else ids.push(id)
    const key = `${group}/${Math.floor(ts / MINUTE) * MINUTE}`
    const { payments, total } = counts.get(key) ?? { payments: 0, total: 0 }
    counts.set(key, { payments: payments + 1, total: total + amount })
  }
  return { passed, counts }
}
