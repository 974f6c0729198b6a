import { describe, expect, it } from 'vitest'
import { stream } from '../../config/definitions.test-helper.ts'
import { Collector, contextOf, MemoryState, recordOf } from '../../config/memory-state.test-helper.ts'
import { type WindowConfig, window } from './definition.ts'
import { windowRuntime } from './operator.ts'

const input = stream({ k: 'string' })

function config(allowedLateness: number): WindowConfig {
  return { ...window.defaults, size: 100, groupBy: ['k'], allowedLateness }
}

/** Timer and result of a window that was opened with one lateness and closed with another. */
function closeWithLateness(before: number, after: number, watermark: number) {
  const state = new MemoryState()
  const early = windowRuntime.create(config(before), contextOf(input, state, 0))
  early.process(recordOf(['a'], 50), 0, new Collector())
  const [stored] = state.rows.values()
  if (stored?.timer === undefined) throw new Error('there is no timer')
  const out = new Collector()
  const timer = { time: stored.timer, key: 'a', subKey: '0', row: stored.row }
  windowRuntime.create(config(after), contextOf(input, state, watermark)).onTimer?.(timer, out)
  return { timer: stored.timer, emitted: out.emitted, rows: state.rows }
}

describe('an open window', () => {
  it('has a timer at its last millisecond plus the lateness', () => {
    expect(closeWithLateness(30, 30, 129).timer).toBe(129)
  })

  it('sends its result and goes when it is final', () => {
    const { emitted, rows } = closeWithLateness(30, 30, 129)
    expect(emitted.map(({ row, time }) => [row, time])).toEqual([[['a', 0, 100, 1], 99]])
    expect(rows.size).toBe(0)
  })

  it('stays open when a publish has given it more time', () => {
    const { emitted, rows } = closeWithLateness(0, 30, 99)
    expect(emitted).toEqual([])
    expect([...rows.values()]).toEqual([{ row: [1], timer: 129 }])
  })

  it('closes at its old time when a publish has given it less', () => {
    expect(closeWithLateness(30, 0, 129).emitted).toHaveLength(1)
  })
})
