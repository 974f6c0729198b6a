import { sequenceSubKey } from '@millrace/engine'
import { describe, expect, it } from 'vitest'
import { stream } from '../../config/definitions.test-helper.ts'
import { Collector, contextOf, MemoryState, recordOf } from '../../config/memory-state.test-helper.ts'
import { pattern } from './definition.ts'
import { MOST_MATCHES, patternRuntime } from './operator.ts'
import type { PatternConfig } from './settings.ts'

const input = stream({ k: 'string', e: 'string', n: 'int64' })

function operator(state: MemoryState, more: Partial<PatternConfig>, watermark: number) {
  const config = { ...pattern.defaults, key: ['k'], first: "e = 'a'", second: "e = 'b'", ...more }
  return patternRuntime.create(config as PatternConfig, contextOf(input, state, watermark))
}

const turn = `E${sequenceSubKey(50, 0)}`
const open = `F${sequenceSubKey(50, 0)}`

describe('what a pattern keeps', () => {
  it('is what results and conditions need, of what an event may be, until its turn', () => {
    const state = new MemoryState()
    const more: Partial<PatternConfig> = {
      fields: 'chosen',
      aFields: [{ field: 'n', as: '' }],
      condition: "b.e <> 'c'",
    }
    const own = operator(state, more, 0)
    own.process(recordOf(['x', 'a', 1], 50), 0, new Collector())
    own.process(recordOf(['x', 'b', 2], 50), 0, new Collector())
    expect([...state.rows.values()]).toEqual([
      { row: [[1], null], timer: 50 },
      { row: [null, ['b']], timer: 50 },
    ])
  })

  it('goes with the turn, but for a first event, which waits', () => {
    const state = new MemoryState()
    const own = operator(state, { within: 7 }, 50)
    own.onTimer?.({ time: 50, key: 'x', subKey: turn, row: [['x', 'a', 1], null] }, new Collector())
    expect([...state.rows]).toEqual([[`x/${open}`, { row: [['x', 'a', 1], null], timer: 57 }]])
  })

  it('waits longer when a publish has made the time longer, and no longer counts when it has made it shorter', () => {
    const state = new MemoryState()
    const row = [['x', 'a', 1], null]
    const out = new Collector()
    operator(state, { kind: 'absent', within: 20 }, 60).onTimer?.(
      { time: 60, key: 'x', subKey: open, row },
      out,
    )
    expect([[...state.rows.values()].map(({ timer }) => timer), out.emitted]).toEqual([[70], []])
    const second = { time: 56, key: 'x', subKey: `E${sequenceSubKey(56, 0)}`, row: [null, ['x', 'b', 2]] }
    operator(state, { within: 5 }, 60).onTimer?.(second, out)
    expect(out.emitted).toEqual([])
  })
})

it('an event that follows very many goes to dead letters', () => {
  const state = new MemoryState()
  for (let i = 0; i <= MOST_MATCHES; i++) state.put('x', `F${sequenceSubKey(50, i)}`, [['x', 'a', i], null])
  const due = { time: 51, key: 'x', subKey: `E${sequenceSubKey(51, 0)}`, row: [null, ['x', 'b', 2]] }
  const out = new Collector()
  expect(() => operator(state, {}, 51).onTimer?.(due, out)).toThrow('10000')
  expect([out.emitted.length, state.rows.size]).toEqual([0, MOST_MATCHES + 1])
})
