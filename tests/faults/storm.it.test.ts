import { inject, test } from 'vitest'
import { playStorm } from './storm/play-storm.ts'

test('filter, dedupe, window and join give the very rows through random kills', { timeout: 900_000 }, () =>
  playStorm(inject('servers'), { events: 60_000, kills: 5 }),
)
