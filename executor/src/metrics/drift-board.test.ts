import type { InputMetrics, MetricBatch } from '@millrace/contracts'
import { expect, it } from 'vitest'
import { DriftBoard } from './drift-board.ts'

function frame(inputs: readonly Partial<InputMetrics>[], more: Partial<MetricBatch> = {}): MetricBatch {
  const all = inputs.map((input, partition) => ({
    ...{
      nodeId: 'orders',
      kind: 'source' as const,
      partition,
      lag: 0,
      watermark: 0,
      idle: false,
      paused: null,
    },
    ...input,
  }))
  const task = {
    stage: 's1',
    partition: 0,
    nodes: [],
    inputs: all,
    commits: { count: 0, ms: 0, bytes: 0 },
    state: { rows: 0 },
  }
  return { deployment: 'd', generation: 2, executor: 'e', at: 0, interval: 1_000, tasks: [task], ...more }
}

function board() {
  const clock = { now: 1_000 }
  return { clock, board: new DriftBoard(() => clock.now) }
}

it.each<[string, readonly Partial<InputMetrics>[], number | null]>([
  ['the least watermark', [{ watermark: 30 }, { watermark: 20 }, { watermark: 40 }], 20],
  ['nothing of idle partitions', [{ watermark: 30 }, { watermark: 20, idle: true }], 30],
  ['nothing of partitions without a watermark', [{ watermark: 30 }, { watermark: null }], 30],
  ['nothing of other inputs', [{ watermark: 30 }, { watermark: 20, kind: 'repartition' }], 30],
  ['nothing where nothing is known', [{ watermark: null }, { watermark: 5, idle: true }], null],
])('tells %s', (_, inputs, slowest) => {
  const { board: one } = board()
  one.note(frame(inputs))
  expect(one.slowest('d', 2)).toBe(slowest)
})

it('puts the frames of several executors and nodes together, the latest of each partition', () => {
  const { board: one } = board()
  one.note(frame([{ watermark: 10 }, { watermark: 50 }]))
  one.note(frame([{ watermark: 40, nodeId: 'clicks' }], { executor: 'f' }))
  one.note(frame([{ watermark: 60 }]))
  expect(one.slowest('d', 2)).toBe(40)
})

it('forgets what is old, and what other generations and pipelines say', () => {
  const { board: one, clock } = board()
  one.note(frame([{ watermark: 10 }], { generation: 1 }))
  one.note(frame([{ watermark: 70 }]))
  one.note(frame([{ watermark: 20 }], { generation: 1 }))
  one.note(frame([{ watermark: 30 }], { deployment: 'other' }))
  expect([one.slowest('d', 2), one.slowest('d', 1), one.slowest('none', 2)]).toEqual([70, null, null])
  clock.now += 5_001
  expect(one.slowest('d', 2)).toBeNull()
})

it('wants to know only while somebody asks', () => {
  const { board: one, clock } = board()
  expect(one.isWanted).toBe(false)
  one.slowest('d', 2)
  expect(one.isWanted).toBe(true)
  clock.now += 10_000
  expect(one.isWanted).toBe(false)
})
