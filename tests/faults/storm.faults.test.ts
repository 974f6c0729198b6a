import { inject, test } from 'vitest'
import { checkStorm, stormSize } from './storm/check-storm.ts'
import { runStorm } from './storm/run-storm.ts'

test('a million payments through twenty kills', { timeout: 1_800_000 }, async () => {
  const size = stormSize({ events: 1_000_000, kills: 20 })
  checkStorm(await runStorm(inject('servers'), size), size)
})
