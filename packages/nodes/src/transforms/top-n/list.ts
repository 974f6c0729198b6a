import {
  asDeletion,
  asUpdate,
  type KeyedState,
  type Output,
  type StreamRecord,
  type SubRow,
  timeOfSubKey,
  timeSubKey,
} from '@millrace/engine'
import type { Row } from '@millrace/expr'

/** The sub-keys of what is known of a list, and what begins those of its rows and of the names of updated rows. */
export const HEAD = ''
export const ROW = 'r'
export const NAME = 'n'

/** What comes behind all sub-keys of rows. */
const END = 's'

/**
 * Places in a state row: number of rows (head) or slot of a row; a time; the row; its name, or for a name the sub-key of
 * the row.
 */
export const NUMBER = 0
export const TIME = 1
export const EVENT = 2
export const LINK = 3

/** Rows that are equal in order are told apart by a number, in the order in which they came. */
const SEQUENCE = timeSubKey(0).length

/** Comes behind all numbers. */
const BEHIND = '{'

/** The first rows of a list in order, at most `limit`. */
export function rowsOf(state: KeyedState, key: string, limit?: number): readonly SubRow[] {
  return state.range(key, { from: ROW, to: END, ...(limit !== undefined && { limit }) })
}

/** The last row of a list. */
export function lastOf(state: KeyedState, key: string): SubRow | undefined {
  return state.range(key, { from: ROW, to: END, reverse: true, limit: 1 })[0]
}

/** A sub-key behind all rows that are equal in order. */
export function placeFor(state: KeyedState, key: string, order: string): string {
  const equal = { from: order, to: order + BEHIND, reverse: true, limit: 1 }
  const [last] = state.range(key, equal)
  const sequence = last === undefined ? 0 : timeOfSubKey(last.subKey.slice(-SEQUENCE)) + 1
  return order + timeSubKey(sequence)
}

/** The part of a sub-key that says where its row stands in the order. */
export function orderOf(place: string): string {
  return place.slice(0, -SEQUENCE)
}

/** What a change of a list is sent with. */
export type Cause = Pick<StreamRecord, 'time' | 'sourceTime' | 'origin'>

/** What a time brings about. */
export function causedAt(time: number): Cause {
  return { time, sourceTime: time, origin: null }
}

/** Sends what has changed in a list, number by number: the rank of a row or, without ranks, its slot. */
export function sendChanges(
  before: readonly SubRow[],
  after: readonly SubRow[],
  hasRanks: boolean,
  cause: Cause,
  out: Output,
): void {
  const old = numbered(before, hasRanks)
  const now = numbered(after, hasRanks)
  for (let i = 0; i < Math.max(old.length, now.length); i++) {
    const [was, is] = [old[i], now[i]]
    if (was !== is) sendChange(was && [...was, i + 1], is && [...is, i + 1], cause, out)
  }
}

function sendChange(was: Row | undefined, is: Row | undefined, cause: Cause, out: Output): void {
  const record = { ...causedAt(cause.time), ...cause, row: (is ?? was) as Row }
  if (is === undefined) out.emit(asDeletion(record, record.row))
  else out.emit(was === undefined ? record : asUpdate(record, was))
}

/** The rows by their number, from 0 on. */
function numbered(rows: readonly SubRow[], hasRanks: boolean): (Row | undefined)[] {
  if (hasRanks) return rows.map(({ row }) => row[EVENT] as Row)
  const slots: (Row | undefined)[] = []
  for (const { row } of rows) slots[(row[NUMBER] as number) - 1] = row[EVENT] as Row
  return slots
}
