import { describe, expect, it } from 'vitest'
import { formatDuration, sentence } from './words.ts'

describe('a span of time in words', () => {
  it.each([
    [0, '0 ms'],
    [250, '250 ms'],
    [90_000, '90 s'],
    [300_000, '5 min'],
    [3_600_000, '1 h'],
    [5_400_000, '90 min'],
    [172_800_000, '2 d'],
    [-60_000, '-1 min'],
  ])('%d ms are %s', (ms, words) => {
    expect(formatDuration(ms)).toBe(words)
  })
})

describe('a sentence', () => {
  it('ends once', () => {
    expect([sentence('Done'), sentence('Done.'), sentence('Did you mean x?')]).toEqual([
      'Done.',
      'Done.',
      'Did you mean x?',
    ])
  })
})
