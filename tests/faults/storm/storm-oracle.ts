import { poison, type StormEvents } from './storm-events.ts'

/** Length of a window, ms. */
export const WINDOW_MS = 60_000
/** A confirmation within this time is that of a payment. */
export const CONFIRMED_WITHIN_MS = 2_000

/** A row of the join: a payment with its confirmation, or without. */
export interface JoinedRow {
  readonly id: number
  readonly user: string
  readonly code: number | null
}

/** What a storm must come to, when nothing is lost, doubled or late. */
export interface Expected {
  /** By user: ids of the payments that passed, in their order. */
  readonly passed: ReadonlyMap<string, readonly number[]>
  readonly joined: ReadonlyMap<number, JoinedRow>
  /** By group and start. */
  readonly windows: ReadonlyMap<string, { readonly payments: number; readonly total: number }>
  readonly poison: readonly string[]
}

/** By going through all events once; shares no code with the engine. */
export function stormOracle(events: StormEvents, count: number): Expected {
  const passed = new Map<string, number[]>()
  const joined = new Map<number, JoinedRow>()
  const windows = new Map<string, { payments: number; total: number }>()
  const bad: string[] = []
  for (let i = 0; i < count; i++) {
    if (events.isPoison(i)) bad.push(poison(i))
    const { id, user, group, amount, ts } = events.payment(i)
    if (amount < 0) continue
    passed.set(user, [...(passed.get(user) ?? []), id])
    const confirm = events.confirm(i)
    const isConfirmed = confirm !== null && confirm.ts - ts <= CONFIRMED_WITHIN_MS
    joined.set(id, { id, user, code: isConfirmed ? confirm.code : null })
    const key = `${group}/${Math.floor(ts / WINDOW_MS) * WINDOW_MS}`
    const { payments, total } = windows.get(key) ?? { payments: 0, total: 0 }
    windows.set(key, { payments: payments + 1, total: total + amount })
  }
  return { passed, joined, windows, poison: bad }
}
