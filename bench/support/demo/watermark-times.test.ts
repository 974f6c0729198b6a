import { describe, expect, it } from 'vitest'
import { WatermarkTimes } from './watermark-times.ts'

describe('WatermarkTimes', () => {
  it('passes an end with the last partition that reaches it', () => {
    const times = new WatermarkTimes(2, 10, 3)
    times.sent(0, 5, 100)
    times.sent(0, 13, 101)
    times.sent(1, 12, 102)
    expect([...times.passed]).toEqual([])
    times.sent(1, 13, 103)
    expect([...times.passed]).toEqual([[10, 103]])
  })

  it('passes several ends at once and lets no event go back', () => {
    const times = new WatermarkTimes(2, 10, 0)
    times.sent(0, 1, 1)
    times.sent(0, 35, 2)
    times.sent(0, 3, 3)
    times.sent(1, 30, 4)
    expect([...times.passed]).toEqual([
      [10, 4],
      [20, 4],
      [30, 4],
    ])
  })

  it('begins with the first end after the first event', () => {
    const times = new WatermarkTimes(1, 10, 0)
    times.sent(0, 21, 1)
    times.sent(0, 30, 2)
    expect([...times.passed]).toEqual([[30, 2]])
  })
})
