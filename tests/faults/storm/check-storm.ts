import { expect } from 'vitest'
import type { StormOutcome, StormSize } from './run-storm.ts'
import type { StormRows } from './storm-rows.ts'

/** Nothing is lost, doubled, out of order or wrong, also for readers that were there all the time. */
export function checkStorm(outcome: StormOutcome, { kills }: StormSize): void {
  const { expected } = outcome
  expect(outcome.kills).toHaveLength(kills)
  for (const { inFlight } of outcome.kills) expect(inFlight).toBeGreaterThan(0)
  for (const found of [outcome.found, outcome.seenLive]) checkRows(found, expected.rows)
  expect(outcome.dead.map(({ value }) => String(value)).sort()).toEqual([...expected.poison].sort())
  for (const { stable, end } of outcome.ends) expect(stable).toBe(end)
}

function checkRows(found: StormRows, expected: StormRows): void {
  expect(found.counts).toEqual(expected.counts)
  expect(found.passed).toEqual(expected.passed)
  expect(found.windows).toEqual(expected.windows)
  expect([found.strange, found.differences(expected)]).toEqual([[], []])
}
