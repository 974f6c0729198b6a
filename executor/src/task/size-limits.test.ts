import { expect, test } from 'vitest'
import { SizeLimits } from './size-limits.ts'

test('a limit is the setting of the topic, as it was read last', () => {
  const limits = new SizeLimits()
  expect([limits.adopt('a', 1_000), limits.adopt('a', 1_000), limits.adopt('a', 4_000)]).toEqual([
    1_000, 1_000, 4_000,
  ])
})

test('a topic that refuses what its setting allows is kept to half of it, until the setting changes', () => {
  const limits = new SizeLimits()
  limits.adopt('a', 1_000)
  limits.adopt('b', 1_000)
  limits.refused('a')
  expect([limits.adopt('a', 1_000), limits.adopt('a', 1_000), limits.adopt('b', 1_000)]).toEqual([
    500, 500, 1_000,
  ])
  limits.refused('a')
  expect(limits.adopt('a', 1_000)).toBe(250)
  expect(limits.adopt('a', 600)).toBe(600)
})

test('a refusal under a setting that has changed since says nothing of the new one', () => {
  const limits = new SizeLimits()
  limits.adopt('a', 1_000)
  limits.refused('a')
  expect(limits.adopt('a', 800)).toBe(800)
})
