import { INT64_MAX } from '@millrace/expr'
import { describe, expect, it } from 'vitest'
import { stream } from '../../config/definitions.test-helper.ts'
import { Collector, recordOf } from '../../config/memory-state.test-helper.ts'
import { window } from './definition.ts'
import { PartialWindow } from './pre-aggregation.ts'
import { WindowPlan } from './window-plan.ts'

const input = stream({ k: 'string', n: 'int64' })
const config = {
  ...window.defaults,
  size: 100,
  groupBy: ['k'],
  aggregates: [
    { function: 'count' as const, as: 'events' },
    { function: 'sum' as const, argument: 'n + 1', as: 'sum' },
  ],
}

function partial(): PartialWindow {
  return new PartialWindow(new WindowPlan(config, input))
}

describe('adding up before the cut', () => {
  it('makes one row per group and window, with the number of events and the newest source time', () => {
    const operator = partial()
    const out = new Collector()
    operator.process({ ...recordOf(['a', 1], 5), sourceTime: 9 }, 0, out)
    operator.process({ ...recordOf(['a', 2], 7), sourceTime: 8 }, 0, out)
    operator.process(recordOf(['a', 4], 105), 0, out)
    operator.process(recordOf([null, 8], 6), 0, out)
    operator.flush(out)
    expect(out.emitted).toEqual([
      { row: ['a', 0, 2, 2, 2, 5], time: 0, sourceTime: 9, origin: null },
      { row: [null, 0, 1, 1, 1, 9], time: 0, sourceTime: 6, origin: null },
      { row: ['a', 100, 1, 1, 1, 5], time: 100, sourceTime: 105, origin: null },
    ])
  })

  it('begins anew after each flush', () => {
    const operator = partial()
    const out = new Collector()
    operator.process(recordOf(['a', 1], 5), 0, out)
    operator.flush(out)
    operator.flush(out)
    operator.process(recordOf(['a', 1], 5), 0, out)
    operator.flush(out)
    expect(out.emitted.map(({ row }) => row)).toEqual([
      ['a', 0, 1, 1, 1, 2],
      ['a', 0, 1, 1, 1, 2],
    ])
  })

  it('leaves a row as it was by an event that fails', () => {
    const operator = partial()
    const out = new Collector()
    operator.process(recordOf(['a', 1], 5), 0, out)
    expect(() => operator.process(recordOf(['a', INT64_MAX], 6), 0, out)).toThrow(
      expect.objectContaining({ code: 'int64_overflow' }),
    )
    operator.flush(out)
    expect(out.emitted.map(({ row }) => row)).toEqual([['a', 0, 1, 1, 1, 2]])
  })
})
