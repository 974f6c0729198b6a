import { expect, inject, it } from 'vitest'
import { runBigState } from '../support/big-state/run-big-state.ts'

it('a state that memory has no room for is right to the last row, through kills and without its copy', {
  timeout: 600_000,
}, async () => {
  const { kafka, redis } = inject('servers')
  const outcome = await runBigState(
    { kafka, redis },
    { keys: 50_000, spread: 'zipf', partitions: 2, heapMb: 96, deadlineMs: 180_000 },
  )
  expect(outcome).toMatchObject({ wrong: 0, mistakes: [], left: { rows: 0, timers: 0, inChangelog: 0 } })
  // Else nothing was tried.
  for (const underWay of outcome.inFlight) expect(underWay).toBeGreaterThan(0)
  expect(outcome.rowsInMemory).toBeLessThan(outcome.rows)
})
