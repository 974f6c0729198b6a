import { describe, expect, it } from 'vitest'
import { Delays, dueIn } from './delays.ts'

it.each([
  ['{"orderId":"o-1","ts":1700000000123}', 1_700_000_000_123],
  ['{"ts":12,"more":1}', 12],
  ['{"orderId":"o-1"}', null],
  [null, null],
])('finds when the order of %s was due', (value, due) => {
  expect(dueIn(value)).toBe(due)
})

describe('Delays', () => {
  it('counts those that were due within the stretch, however late they come', () => {
    const delays = new Delays(100, 200)
    delays.note(99, 110)
    delays.note(100, 110)
    delays.note(199, 1_199)
    delays.note(200, 201)
    const { samples, raw } = delays.figure('orders', 50)
    expect(samples).toEqual({ rate: [50], p50: [10], p99: [1_000], max: [1_000], count: [2] })
    expect(raw).toEqual([10, 1_000])
  })

  it('keeps some thousand samples of many', () => {
    const delays = new Delays(0, 1)
    for (let i = 0; i < 50_000; i++) delays.note(0, i)
    const { samples, raw } = delays.figure('orders', 50)
    expect(samples.max).toEqual([49_999])
    expect(raw).toHaveLength(5_000)
  })
})
