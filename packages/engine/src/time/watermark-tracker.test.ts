import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NO_WATERMARK } from '../record.ts'
import { checkProperty } from '../testing/check-property.ts'
import { WatermarkTracker } from './watermark-tracker.ts'

const ACTIVE = false
const IDLE = true

describe('WatermarkTracker', () => {
  it('knows nothing before everyone has spoken', () => {
    const tracker = new WatermarkTracker(['a', 'b'])
    tracker.update('a', 10, ACTIVE)
    expect([tracker.watermark, tracker.idle]).toEqual([NO_WATERMARK, false])
  })

  it('stands at the minimum', () => {
    const tracker = new WatermarkTracker(['a', 'b'])
    tracker.update('a', 10, ACTIVE)
    tracker.update('b', 7, ACTIVE)
    expect(tracker.watermark).toBe(7)
    tracker.update('b', 12, ACTIVE)
    expect(tracker.watermark).toBe(10)
  })

  it('lets nobody go back', () => {
    const tracker = new WatermarkTracker(['a'])
    tracker.update('a', 10, ACTIVE)
    tracker.update('a', 3, ACTIVE)
    expect(tracker.watermark).toBe(10)
    expect(tracker.entries.get('a')).toEqual({ watermark: 10, idle: false })
  })

  it('leaves idle contributors out', () => {
    const tracker = new WatermarkTracker(['a', 'b'])
    tracker.update('a', 10, ACTIVE)
    tracker.update('b', NO_WATERMARK, IDLE)
    expect([tracker.watermark, tracker.idle]).toEqual([10, false])
  })

  it('stands at the maximum when all are idle', () => {
    const tracker = new WatermarkTracker(['a', 'b'])
    tracker.update('a', 10, ACTIVE)
    tracker.update('b', 5, ACTIVE)
    tracker.update('b', 5, IDLE)
    tracker.update('a', 10, IDLE)
    expect([tracker.watermark, tracker.idle]).toEqual([10, true])
    tracker.update('b', 30, IDLE)
    expect(tracker.watermark).toBe(30)
  })

  it('is not pulled back by one who returns', () => {
    const tracker = new WatermarkTracker(['a', 'b'])
    tracker.update('a', 10, ACTIVE)
    tracker.update('b', NO_WATERMARK, IDLE)
    tracker.update('b', 4, ACTIVE)
    expect([tracker.watermark, tracker.idle]).toEqual([10, false])
    tracker.update('a', 20, ACTIVE)
    expect(tracker.watermark).toBe(10)
    tracker.update('b', 15, ACTIVE)
    expect(tracker.watermark).toBe(15)
  })

  it('ignores names it was not told of', () => {
    const tracker = new WatermarkTracker(['a'])
    tracker.update('b', 10, ACTIVE)
    expect([...tracker.entries.keys()]).toEqual(['a'])
    expect(tracker.watermark).toBe(NO_WATERMARK)
  })

  it('is idle without contributors', () => {
    expect(new WatermarkTracker([]).idle).toBe(true)
  })

  it('goes on from saved entries and drops those of others', () => {
    const saved = new Map([
      ['a', { watermark: 10, idle: false }],
      ['gone', { watermark: 1, idle: false }],
      ['b', { watermark: 4, idle: true }],
    ])
    const tracker = new WatermarkTracker(['a', 'b'], saved)
    expect([tracker.watermark, [...tracker.entries.keys()]]).toEqual([10, ['a', 'b']])
    tracker.update('a', 12, ACTIVE)
    expect(saved.get('a')?.watermark).toBe(10)
  })

  it('is held back by a contributor that is added', () => {
    const tracker = new WatermarkTracker<number>([])
    tracker.add(0)
    tracker.update(0, 10, ACTIVE)
    tracker.add(1)
    tracker.update(0, 20, ACTIVE)
    expect([tracker.watermark, tracker.idle]).toEqual([10, false])
  })

  it('agrees with the rules computed anew after every word', async () => {
    const names = ['a', 'b', 'c']
    const word = fc.record({
      name: fc.constantFrom(...names),
      watermark: fc.oneof(fc.integer({ min: -5, max: 20 }), fc.constant(NO_WATERMARK)),
      idle: fc.boolean(),
    })
    await checkProperty(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        const tracker = new WatermarkTracker(names)
        const said = new Map(names.map((name) => [name, { watermark: NO_WATERMARK, idle: false }]))
        let combined = NO_WATERMARK
        for (const { name, watermark, idle } of words) {
          tracker.update(name, watermark, idle)
          const highest = Math.max(watermark, said.get(name)?.watermark ?? NO_WATERMARK)
          said.set(name, { watermark: highest, idle })
          const active = [...said.values()].filter((entry) => !entry.idle)
          const all = active.length > 0 ? active : [...said.values()]
          const bounds = all.map((entry) => entry.watermark)
          combined = Math.max(combined, active.length > 0 ? Math.min(...bounds) : Math.max(...bounds))
          expect([tracker.watermark, tracker.idle]).toEqual([combined, active.length === 0])
        }
        expect(new Map(tracker.entries)).toEqual(said)
      }),
      500,
    )
  })
})
