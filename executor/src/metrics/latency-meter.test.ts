import { quantile } from '@millrace/contracts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LatencyMeter } from './latency-meter.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 100_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

test('a quantile is right within the sketch’s error', () => {
  const meter = new LatencyMeter()
  for (let ms = 1; ms <= 100; ms++) meter.offer(100_000 - ms)
  const sketch = meter.take()
  expect(quantile(sketch, 0.5)).toBeGreaterThan(47)
  expect(quantile(sketch, 0.5)).toBeLessThan(53)
  expect(quantile(sketch, 0.99)).toBeGreaterThan(94)
})

test('begins anew after each look', () => {
  const meter = new LatencyMeter()
  meter.offer(99_000)
  meter.take()
  expect(meter.take()).toEqual([])
})

test('takes only a share of the records when there are many', () => {
  const meter = new LatencyMeter()
  const count = () => meter.take().reduce((sum, [, times]) => sum + times, 0)
  for (let i = 0; i < 20_000; i++) meter.offer(99_990)
  expect(count()).toBe(20_000)
  for (let i = 0; i < 20_000; i++) meter.offer(99_990)
  expect(count()).toBe(2_000)
})

test('a clock that is behind counts as no latency', () => {
  const meter = new LatencyMeter()
  meter.offer(100_500)
  expect(meter.take()).toEqual([[0, 1]])
})
