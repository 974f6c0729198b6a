import type { MetricBatch, TaskMetrics } from '@millrace/contracts'
import { describe, expect, test } from 'vitest'
import { MetricBoard } from './metric-board.ts'

const NOW = 1_000_000

function task(partition: number, total: number, stage = 's1'): TaskMetrics {
  const node = {
    nodeId: 'orders',
    in: total,
    out: total,
    filtered: 0,
    late: 0,
    errors: 0,
    watermark: null,
    latency: [],
  }
  return {
    stage,
    partition,
    nodes: [node],
    inputs: [],
    commits: { count: 0, ms: 0, bytes: 0 },
    state: { rows: 0 },
  }
}

function batch(at: number, tasks: TaskMetrics[], generation = 1, executor = 'e1'): MetricBatch {
  return { deployment: 'd1', generation, executor, at, interval: 1_000, tasks }
}

describe('the metric board', () => {
  test('keeps the newest of each task', () => {
    const board = new MetricBoard()
    board.accept(batch(NOW - 2_000, [task(0, 10), task(1, 20)]))
    board.accept(batch(NOW - 1_000, [task(1, 30)], 1, 'e2'))
    const known = board.samples('d1', NOW).map(({ executor, task: { nodes } }) => [executor, nodes[0]?.in])
    expect(known).toEqual([
      ['e1', 10],
      ['e2', 30],
    ])
  })

  test('computes rates from totals over the time between two samples, also when a task moves', () => {
    const board = new MetricBoard()
    board.accept(batch(NOW - 4_000, [task(0, 100)]))
    board.accept(batch(NOW - 2_000, [task(0, 500)], 1, 'e2'))
    expect(board.samples('d1', NOW)[0]?.rates.get('orders')).toEqual({
      in: 200,
      out: 200,
      late: 0,
      errors: 0,
    })
  })

  test('has no rate for a first sample and for totals that began anew', () => {
    const board = new MetricBoard()
    board.accept(batch(NOW - 2_000, [task(0, 100)]))
    expect(board.samples('d1', NOW)[0]?.rates.size).toBe(0)
    board.accept(batch(NOW - 1_000, [task(0, 3)]))
    expect(board.samples('d1', NOW)[0]?.rates.get('orders')?.in).toBe(0)
  })

  test('takes no notice of a sample that is older than what it knows', () => {
    const board = new MetricBoard()
    board.accept(batch(NOW - 1_000, [task(0, 100)], 2))
    board.accept(batch(NOW - 2_000, [task(0, 50)], 2))
    board.accept(batch(NOW, [task(0, 60)], 1))
    expect(board.samples('d1', NOW).map(({ task: { nodes } }) => nodes[0]?.in)).toEqual([100])
  })

  test('drops tasks of an older generation once they no longer report', () => {
    const board = new MetricBoard()
    board.accept(batch(NOW - 6_000, [task(0, 1, 's1'), task(0, 1, 's2')], 1))
    board.accept(batch(NOW - 1_000, [task(0, 2, 's1'), task(0, 2, 's3')], 2))
    expect(board.samples('d1', NOW).map(({ task: { stage } }) => stage)).toEqual(['s1', 's3'])
  })

  test('keeps the totals of a silent task for a while, then forgets it', () => {
    const board = new MetricBoard()
    board.accept(batch(NOW, [task(0, 1)]))
    expect(board.samples('d1', NOW + 60_000)).toHaveLength(1)
    expect(board.active(NOW + 60_000)).toEqual([])
    expect(board.samples('d1', NOW + 3_600_000)).toEqual([])
  })
})
