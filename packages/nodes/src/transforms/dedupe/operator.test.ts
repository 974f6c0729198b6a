import { describe, expect, it } from 'vitest'
import { stream } from '../../config/definitions.test-helper.ts'
import { Collector, contextOf, MemoryState, recordOf } from '../../config/memory-state.test-helper.ts'
import { dedupeRuntime } from './operator.ts'
import type { DedupeConfig } from './settings.ts'

const input = stream({ id: 'string' })
const CONFIG: DedupeConfig = { key: ['id'], keep: 'first', order: 'arrival', ttl: 100 }

function dedupe(state: MemoryState, ttl: number, watermark: number) {
  return dedupeRuntime.create({ ...CONFIG, ttl }, contextOf(input, state, watermark))
}

describe('what a dedupe remembers', () => {
  it('has a timer at its end', () => {
    const state = new MemoryState()
    dedupe(state, 100, 0).process(recordOf(['a'], 50), 0, new Collector())
    expect([...state.rows.values()]).toEqual([{ row: [50], timer: 150 }])
  })

  it('goes when its timer fires', () => {
    const state = new MemoryState()
    state.put('a', '', [50], 150)
    dedupe(state, 100, 150).onTimer?.({ time: 150, key: 'a', subKey: '', row: [50] }, new Collector())
    expect(state.rows.size).toBe(0)
  })

  it('stays longer when a publish has made the time longer', () => {
    const state = new MemoryState()
    state.put('a', '', [50], 150)
    dedupe(state, 200, 150).onTimer?.({ time: 150, key: 'a', subKey: '', row: [50] }, new Collector())
    expect([...state.rows.values()]).toEqual([{ row: [50], timer: 250 }])
  })

  it('no longer counts when a publish has made the time shorter', () => {
    const state = new MemoryState()
    state.put('a', '', [50], 150)
    const out = new Collector()
    dedupe(state, 10, 55).process(recordOf(['a'], 60), 0, out)
    expect(out.emitted).toHaveLength(1)
  })
})

describe('a dedupe that keeps the last', () => {
  const kindsOf = (order: DedupeConfig['order'], times: readonly number[], watermark: number) => {
    const out = new Collector()
    const config: DedupeConfig = { ...CONFIG, keep: 'last', order }
    const operator = dedupeRuntime.create(config, contextOf(input, new MemoryState(), watermark))
    for (const time of times) operator.process(recordOf(['a'], time), 0, out)
    return out.emitted.map(({ kind, time }) => `${kind ?? 'new'} ${time}`)
  }

  it('sends a new row, then updates of it', () => {
    expect(kindsOf('arrival', [50, 40, 60], 0)).toEqual(['new 50', 'update 40', 'update 60'])
    expect(kindsOf('event', [50, 40, 50, 60], 0)).toEqual(['new 50', 'update 50', 'update 60'])
  })

  it('does not know the row before that has been forgotten', () => {
    expect(kindsOf('arrival', [50, 60], 150)).toEqual(['new 50', 'new 60'])
  })
})

describe('the first by event time', () => {
  const config: DedupeConfig = { ...CONFIG, order: 'event' }

  it('holds one event of a key where all within the time are equal, the earliest', () => {
    const state = new MemoryState()
    const operator = dedupeRuntime.create(config, contextOf(input, state, 0))
    for (const time of [60, 50, 70, 50, 40]) operator.process(recordOf(['a'], time), 0, new Collector())
    expect([...state.rows.values()]).toEqual([{ row: [40, ['a']], timer: 40 }])
  })

  it('holds every event that may yet be kept', () => {
    const state = new MemoryState()
    const operator = dedupeRuntime.create(config, contextOf(input, state, 0))
    for (const time of [50, 100, 101]) operator.process(recordOf(['a'], time), 0, new Collector())
    expect([...state.rows.values()].map(({ timer }) => timer)).toEqual([50, 101])
  })

  it('is remembered for longer when a publish has made the time longer', () => {
    const state = new MemoryState()
    state.put('a', '', [50, null], 150)
    const longer = dedupeRuntime.create({ ...config, ttl: 200 }, contextOf(input, state, 300))
    longer.onTimer?.({ time: 150, key: 'a', subKey: '', row: [50, null] }, new Collector())
    expect([...state.rows.values()]).toEqual([{ row: [50, null], timer: 250 }])
  })
})
