import { inject, test } from 'vitest'
import { playStorm } from './storm/play-storm.ts'

/** Ten million payments through two hundred kills take hours. */
const HANG_MS = 12 * 3_600_000

test('a million payments through twenty kills', { timeout: HANG_MS }, () =>
  playStorm(inject('servers'), { events: 1_000_000, kills: 20 }),
)
