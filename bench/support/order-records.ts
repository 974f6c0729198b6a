import type { RawRecord } from '@millrace/engine'
import { benchEvent } from './bench-events.ts'

const utf8 = new TextEncoder()

/** The i-th event of 260 bytes as a record, of this user and event time (epoch ms). */
export function orderRecord(i: number, userId: string, ts: number): RawRecord {
  const order = JSON.parse(benchEvent(i).value) as Record<string, unknown>
  const value = utf8.encode(JSON.stringify({ ...order, userId, ts }))
  return { topic: 'events', partition: 0, offset: i, timestamp: ts, key: null, value }
}

const START = 1_700_000_000_000
/** Events of one second of event time. */
const PER_SECOND = 5_000

/** When event i happens, 5,000 in each second of event time, epoch ms. */
export function orderTime(i: number): number {
  return START + Math.floor((i * 1000) / PER_SECOND)
}

/** Events of so many users, again and again. */
export function oneOf(users: number): (i: number) => string {
  return (i) => `u-${(i * 7919) % users}`
}
