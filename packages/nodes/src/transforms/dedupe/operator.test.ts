import { describe, expect, it } from 'vitest'
import { stream } from '../../config/definitions.test-helper.ts'
import { Collector, contextOf, MemoryState, recordOf } from '../../config/memory-state.test-helper.ts'
import { dedupeRuntime } from './operator.ts'

const input = stream({ id: 'string' })

function dedupe(state: MemoryState, ttl: number, watermark: number) {
  return dedupeRuntime.create({ key: ['id'], ttl }, contextOf(input, state, watermark))
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
