import { poison, type StormEvents } from './storm-events.ts'
import { StormRows } from './storm-rows.ts'

/** Length of a window, ms. */
export const WINDOW_MS = 60_000
/** A confirmation within this time is that of a payment. */
export const CONFIRMED_WITHIN_MS = 2_000

/** What a storm must come to, when nothing is lost, doubled or late. */
export interface Expected {
  readonly rows: StormRows
  readonly poison: readonly string[]
}

/** By going through all events once; shares no code with the engine. */
export function stormOracle(events: StormEvents, count: number): Expected {
  const rows = new StormRows(count)
  const windows = new Map<string, { payments: number; total: number }>()
  const bad: string[] = []
  for (let i = 0; i < count; i++) {
    if (events.isPoison(i)) bad.push(poison(i))
    const { id, user, group, amount, ts } = events.payment(i)
    if (amount < 0) continue
    const userNumber = Number(user.slice(1))
    rows.addPassed(userNumber, id)
    const confirm = events.confirm(i)
    const isConfirmed = confirm !== null && confirm.ts - ts <= CONFIRMED_WITHIN_MS
    rows.addJoined(id, userNumber, isConfirmed ? confirm.code : null)
    const key = `${group}/${Math.floor(ts / WINDOW_MS) * WINDOW_MS}`
    const { payments, total } = windows.get(key) ?? { payments: 0, total: 0 }
    windows.set(key, { payments: payments + 1, total: total + amount })
  }
  for (const [key, row] of windows) rows.addWindow(key, row)
  return { rows, poison: bad }
}
