import { inject, test } from 'vitest'
import { checkStorm, stormSize } from './storm/check-storm.ts'
import { runStorm } from './storm/run-storm.ts'

test('filter, dedupe, window and join give the very rows through random kills', {
  timeout: 600_000,
}, async () => {
  const size = stormSize({ events: 60_000, kills: 5 })
  checkStorm(await runStorm(inject('servers'), size), size)
})
