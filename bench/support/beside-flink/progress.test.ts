import { describe, expect, it } from 'vitest'
import { measuredStretch, type Reading } from './progress.ts'

function reading(events: number): Reading {
  return { events, time: events / 10, cpu: events / 100 }
}

describe('measuredStretch', () => {
  const readings = [5, 26, 40, 80, 100].map(reading)

  it('goes from the first commit beyond a quarter to the last one before the end', () => {
    expect(measuredStretch(readings, 100, null)).toEqual({ from: reading(26), to: reading(80) })
  })

  it('goes to where the work was over, if that was later than its input', () => {
    const end = { events: 100, time: 99, cpu: 2 }
    expect(measuredStretch(readings, 100, end)).toEqual({ from: reading(26), to: end })
  })

  it('goes to the end where there is one commit before it', () => {
    expect(measuredStretch([50, 100].map(reading), 100, null)).toEqual({
      from: reading(50),
      to: reading(100),
    })
    expect(measuredStretch([5, 100].map(reading), 100, null)).toEqual({ from: reading(5), to: reading(100) })
  })

  it('says so where everything was committed at once', () => {
    expect(() => measuredStretch([reading(100)], 100, null)).toThrow('more events are needed')
  })
})
