import { expect } from 'vitest'
import type { ReadRecord } from '../../support/kafka.ts'
import type { StormOutcome, StormSize } from './run-storm.ts'
import type { JoinedRow } from './storm-oracle.ts'

/** The storm of `npm test`, or the one that environment variables name: a seed that failed is tried again so. */
export function stormSize(size: Omit<StormSize, 'seed'>): StormSize {
  const seed = Number(process.env.MILLRACE_STORM_SEED ?? Math.floor(Math.random() * 2 ** 31))
  const events = Number(process.env.MILLRACE_STORM_EVENTS ?? size.events)
  const kills = Number(process.env.MILLRACE_STORM_KILLS ?? size.kills)
  console.log(
    `storm: MILLRACE_STORM_SEED=${seed} MILLRACE_STORM_EVENTS=${events} MILLRACE_STORM_KILLS=${kills}`,
  )
  return { seed, events, kills }
}

/** Nothing is lost, doubled, out of order or wrong, also for a reader that was there all the time. */
export function checkStorm(outcome: StormOutcome, { kills }: StormSize): void {
  const { expected } = outcome
  expect(outcome.kills).toHaveLength(kills)
  for (const { inFlight } of outcome.kills) expect(inFlight).toBeGreaterThan(0)
  expect(idsByUser(outcome.passed)).toEqual(expected.passed)
  expect(idsByUser(outcome.passedSeenLive)).toEqual(expected.passed)
  expect(outcome.joined).toHaveLength(expected.joined.size)
  expect(new Map(outcome.joined.map(joinedOf))).toEqual(expected.joined)
  expect(outcome.windows).toHaveLength(expected.windows.size)
  expect(new Map(outcome.windows.map(windowOf))).toEqual(expected.windows)
  expect(outcome.dead.map(({ value }) => String(value)).sort()).toEqual([...expected.poison].sort())
  for (const { stable, end } of outcome.ends) expect(stable).toBe(end)
}

/** By user the ids, in the order of the topic. */
function idsByUser(records: readonly ReadRecord[]): Map<string, number[]> {
  const rows = records.map(({ value }) => JSON.parse(value ?? '') as { id: number; user: string })
  const users = Map.groupBy(rows, ({ user }) => user)
  return new Map([...users].map(([user, all]) => [user, all.map(({ id }) => id)]))
}

function joinedOf({ value }: ReadRecord): [number, JoinedRow] {
  const { id, user, code } = JSON.parse(value ?? '') as JoinedRow
  return [id, { id, user, code }]
}

function windowOf({ value }: ReadRecord): [string, { payments: number; total: number }] {
  const row = JSON.parse(value ?? '') as {
    group: string
    window_start: number
    payments: number
    total: number
  }
  return [`${row.group}/${row.window_start}`, { payments: row.payments, total: row.total }]
}
