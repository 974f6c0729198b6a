import { describe, expect, it } from 'vitest'
import { addCounters, newCounters } from './counters.ts'

describe('addCounters', () => {
  it('adds up each count by itself', () => {
    const one = { in: 1, out: 2, filtered: 3, late: 4, errors: 5 }
    expect(addCounters([one, { ...one, errors: 100 }])).toEqual({
      in: 2,
      out: 4,
      filtered: 6,
      late: 8,
      errors: 105,
    })
    expect(addCounters([])).toEqual(newCounters())
  })
})
