import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byCodePoint } from '../testing/by-code-point.ts'
import { checkProperty } from '../testing/check-property.ts'
import { type Timer, TimerQueue } from './timer-queue.ts'

const keepAll = () => true

function queueOf(timers: readonly Timer[]): TimerQueue {
  const queue = new TimerQueue(keepAll)
  for (const timer of timers) queue.add(timer)
  return queue
}

function byTimeAndName(a: Timer, b: Timer): number {
  if (a.time !== b.time) return a.time - b.time
  return byCodePoint(a.name, b.name)
}

const someTimer = fc.record({
  time: fc.integer({ min: -20, max: 20 }),
  name: fc.constantFrom('1:a', '1:b', '2:ab', '', '1:\u{ffff}', '1:\u{10000}', '1:\u{fffe}'),
})

describe('TimerQueue', () => {
  it('is empty at first', () => {
    const queue = queueOf([])
    expect([queue.size, queue.nextTime, queue.take()]).toEqual([0, Number.POSITIVE_INFINITY, undefined])
    expect(queue.due(Number.POSITIVE_INFINITY, 10)).toEqual([])
  })

  it('gives timers by time, then by name', () => {
    const queue = queueOf([
      { time: 5, name: 'b' },
      { time: -5, name: 'z' },
      { time: 5, name: 'a' },
    ])
    expect(queue.nextTime).toBe(-5)
    expect([queue.take(), queue.take(), queue.take(), queue.take()]).toEqual([
      { time: -5, name: 'z' },
      { time: 5, name: 'a' },
      { time: 5, name: 'b' },
      undefined,
    ])
  })

  it('behaves like a sorted list, whatever is added, asked and taken', async () => {
    const step = fc.oneof(
      someTimer.map((add) => ({ add })),
      fc.record({ watermark: fc.integer({ min: -25, max: 25 }), limit: fc.integer({ min: 0, max: 12 }) }),
      fc.constant('take' as const),
    )
    await checkProperty(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = new TimerQueue(keepAll)
        let sorted: Timer[] = []
        for (const one of steps) {
          if (one === 'take') expect(queue.take()).toEqual(sorted.shift())
          else if ('add' in one) {
            queue.add(one.add)
            sorted = [...sorted, one.add].sort(byTimeAndName)
          } else {
            const due = sorted.filter(({ time }) => time <= one.watermark).slice(0, one.limit)
            expect(queue.due(one.watermark, one.limit)).toEqual(due)
            expect(queue.has(one.watermark, one.limit)).toBe(due.length === one.limit)
            expect(queue.has(Number.POSITIVE_INFINITY, one.limit)).toBe(sorted.length >= one.limit)
            const time = queue.timeOf(one.limit + 1)
            expect(sorted.filter((timer) => timer.time < time).length).toBeLessThanOrEqual(one.limit)
            if (sorted.length > one.limit) expect(time).toBeLessThanOrEqual(sorted[one.limit]?.time ?? 0)
          }
          expect([queue.size, queue.nextTime]).toEqual([sorted.length, sorted[0]?.time ?? Infinity])
        }
      }),
      500,
    )
  })

  it('knows how much it holds, and gives the latest back', () => {
    const queue = new TimerQueue(({ name }) => name !== 'stale')
    for (const time of [3, 1, 2]) queue.add({ time, name: 'row' })
    queue.add({ time: 9, name: 'stale' })
    queue.take()
    const each = queueOf([{ time: 1, name: 'row' }]).bytes
    expect(queue.takeLatest(1.5 * each)).toEqual([{ time: 3, name: 'row' }])
    expect([queue.size, queue.bytes, queue.nextTime]).toEqual([1, each, 2])
    expect(queue.takeLatest(0)).toEqual([{ time: 2, name: 'row' }])
    expect([queue.size, queue.bytes, queue.take()]).toEqual([0, 0, undefined])
  })

  it('throws stale timers away as it grows, and keeps the others in order', () => {
    const set = new Map<string, number>()
    const queue = new TimerQueue(({ time, name }) => set.get(name) === time)
    for (let time = 0; time < 100_000; time++) {
      const name = `row${(time * 7919) % 50}`
      set.set(name, time)
      queue.add({ time, name })
    }
    expect(queue.size).toBeLessThan(10_000)
    const alive: Timer[] = []
    for (let timer = queue.take(); timer; timer = queue.take())
      if (set.get(timer.name) === timer.time) alive.push(timer)
    expect(alive).toEqual([...set].map(([name, time]) => ({ time, name })).sort(byTimeAndName))
  })

  it('throws away what stands twice', () => {
    const queue = new TimerQueue(keepAll)
    for (let i = 0; i < 20_000; i++) queue.add({ time: i % 10, name: 'row' })
    expect(queue.size).toBeLessThan(5_000)
    expect(new Set(queue.due(Number.POSITIVE_INFINITY, 10_000).map(({ time }) => time)).size).toBe(10)
  })
})
