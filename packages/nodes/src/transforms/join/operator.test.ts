import { sequenceSubKey } from '@millrace/engine'
import { describe, expect, it } from 'vitest'
import { stream } from '../../config/definitions.test-helper.ts'
import { Collector, MemoryState, recordOf } from '../../config/memory-state.test-helper.ts'
import { join } from './definition.ts'
import { joinRuntime, MOST_PAIRS } from './operator.ts'
import type { JoinConfig } from './settings.ts'

const side = stream({ k: 'string', n: 'int64' })

function operator(state: MemoryState, more: Partial<JoinConfig>, watermark = 0) {
  const config = { ...join.defaults, on: [{ left: 'k', right: 'k' }], ...more } as JoinConfig
  return joinRuntime.create(config, {
    ...{ nodeId: 'node', inputs: [side, side], state },
    watermark: () => watermark,
  })
}

describe('what a join keeps', () => {
  it('has a timer at its last possible partner', () => {
    const state = new MemoryState()
    const own = operator(state, { lower: -3, upper: 10 })
    own.process(recordOf(['a', 1], 50), 0, new Collector())
    own.process(recordOf(['b', 2], 50), 1, new Collector())
    expect([...state.rows.values()]).toEqual([
      { row: [['a', 1], null, false], timer: 60 },
      { row: [null, ['b', 2], false], timer: 53 },
    ])
  })

  it('is nothing of events whose partners have all come', () => {
    const state = new MemoryState()
    operator(state, { lower: -10, upper: -5 }, 50).process(recordOf(['a', 1], 55), 0, new Collector())
    expect(state.rows.size).toBe(0)
  })

  it('is marked as part of a pair only where that matters', () => {
    const marks = (kind: JoinConfig['kind']) => {
      const state = new MemoryState()
      const own = operator(state, { kind })
      own.process(recordOf(['a', 1], 50), 0, new Collector())
      own.process(recordOf(['a', 1], 50), 1, new Collector())
      return [...state.rows.values()].map(({ row }) => row[2])
    }
    expect([marks('inner'), marks('left'), marks('right')]).toEqual([
      [false, true],
      [true, true],
      [false, true],
    ])
  })

  it('stays longer when a publish has made the bounds wider', () => {
    const state = new MemoryState()
    operator(state, { upper: 10 }).process(recordOf(['a', 1], 50), 0, new Collector())
    const [name = ''] = state.rows.keys()
    const out = new Collector()
    const due = { time: 60, key: 'a', subKey: name.slice(2), row: state.rows.get(name)?.row ?? [] }
    operator(state, { kind: 'left', upper: 20 }, 60).onTimer?.(due, out)
    expect([[...state.rows.values()].map(({ timer }) => timer), out.emitted]).toEqual([[70], []])
    operator(state, { kind: 'left', upper: 20 }, 70).onTimer?.({ ...due, time: 70 }, out)
    expect([state.rows.size, out.emitted.map(({ time }) => time)]).toEqual([0, [50]])
  })
})

describe('an event with very many partners', () => {
  const fill = (partners: number) => {
    const state = new MemoryState()
    const own = operator(state, {})
    for (let i = 0; i < partners; i++) state.put('a', `L${sequenceSubKey(5, i)}`, [['a', i], null, false])
    return { own, state }
  }

  it('goes to dead letters, and leaves no trace', () => {
    const { own, state } = fill(MOST_PAIRS + 1)
    const out = new Collector()
    expect(() => own.process(recordOf(['a', 1], 9), 1, out)).toThrow('10000')
    expect([out.emitted.length, state.rows.size]).toEqual([0, MOST_PAIRS + 1])
  })
})
