import { type InputMetrics, latencyBucket, type NodeMetrics, type TaskMetrics } from '@millrace/contracts'
import { describe, expect, test } from 'vitest'
import { buildFrame, throughput } from './frame.ts'
import type { NodeRates, TaskSample } from './metric-board.ts'

const NOW = 1_000_000
const facts = {
  at: NOW,
  deployment: { state: 'running' as const, version: 1, reason: null, since: 1 },
  problems: [],
}

function node(nodeId: string, total: number, rest: Partial<NodeMetrics> = {}): NodeMetrics {
  const counts = { in: total, out: total, filtered: 0, late: 0, errors: 0 }
  return { nodeId, ...counts, watermark: null, latency: [], ...rest }
}

function input(partition: number, lag: number, rest: Partial<InputMetrics> = {}): InputMetrics {
  return {
    nodeId: 'orders',
    kind: 'source',
    partition,
    lag,
    watermark: null,
    idle: false,
    paused: null,
    ...rest,
  }
}

function sample(task: Partial<TaskMetrics>, rest: Partial<TaskSample> = {}): TaskSample {
  const empty = { stage: 's1', partition: 0, nodes: [], inputs: [], state: { rows: 0 } }
  const commits = { count: 0, ms: 0, bytes: 0 }
  return {
    ...{ generation: 1, executor: 'e1', at: NOW - 500, interval: 1_000, rates: new Map() },
    task: { ...empty, commits, ...task },
    ...rest,
  }
}

const rates = (value: number): NodeRates => ({ in: value, out: value, late: 0, errors: 0 })

describe('a frame', () => {
  test('adds up a node over its tasks, in order of ids', () => {
    const samples = [
      sample({ nodes: [node('b', 5, { errors: 1 }), node('a', 1)] }, { rates: new Map([['b', rates(10)]]) }),
      sample({ nodes: [node('b', 7, { late: 2 })] }, { rates: new Map([['b', rates(4)]]), executor: 'e2' }),
    ]
    const frame = buildFrame(samples, facts)
    expect(frame.nodes.map(({ nodeId }) => nodeId)).toEqual(['a', 'b'])
    expect(frame.nodes[1]).toMatchObject({ in: 12, errors: 1, late: 2, inRate: 14, outRate: 14 })
    expect(frame.executors).toBe(2)
  })

  test('of a task that is silent counts the totals, and neither rates nor latency nor watermark', () => {
    const latency = [[latencyBucket(100), 1]] as const
    const old = { at: NOW - 60_000, rates: new Map([['a', rates(9)]]) }
    const frame = buildFrame(
      [sample({ nodes: [node('a', 5, { watermark: 1, latency })], inputs: [input(0, 3)] }, old)],
      facts,
    )
    expect(frame.nodes[0]).toMatchObject({ in: 5, inRate: 0, p50: null, watermark: null })
    expect(frame.partitions).toEqual([])
    expect(frame.executors).toBe(0)
  })

  test('merges the latencies of all tasks before it takes a quantile', () => {
    const sketch = (ms: number, count: number) => [[latencyBucket(ms), count]] as const
    const samples = [
      sample({ nodes: [node('a', 1, { latency: sketch(10, 98) })] }),
      sample({ nodes: [node('a', 1, { latency: sketch(1_000, 2) })] }),
    ]
    const [only] = buildFrame(samples, facts).nodes
    expect(only?.p50).toBeGreaterThan(9)
    expect(only?.p50).toBeLessThan(11)
    expect(only?.p99).toBeGreaterThan(950)
    expect(only?.p99).toBeLessThan(1_050)
  })

  test.each<[string, Partial<InputMetrics>[], number | null]>([
    ['the slowest partition', [{ watermark: 7 }, { watermark: 5 }], 5],
    ['the slowest one that is not idle', [{ watermark: 7 }, { watermark: 5, idle: true }], 7],
    [
      'the furthest one when all are idle',
      [
        { watermark: 7, idle: true },
        { watermark: 5, idle: true },
      ],
      7,
    ],
    ['nowhere before every active one had a record', [{ watermark: 7 }, {}], null],
    ['where the others are while one was never heard of and is idle', [{ watermark: 7 }, { idle: true }], 7],
  ])('has a source stand at %s', (_, partitions, watermark) => {
    const inputs = partitions.map((rest, i) => input(i, 0, rest))
    expect(buildFrame([sample({ nodes: [node('orders', 1)], inputs })], facts).nodes[0]?.watermark).toBe(
      watermark,
    )
  })

  test('has the smallest watermark of the tasks that have one', () => {
    const marks = [300, null, 100].map((watermark) => sample({ nodes: [node('a', 1, { watermark })] }))
    expect(buildFrame(marks, facts).nodes[0]?.watermark).toBe(100)
  })

  test('names each partition once: of several readers the one that is furthest behind', () => {
    const reference = { nodeId: 'users', kind: 'reference' as const }
    const samples = [
      sample({ inputs: [input(1, 5), input(0, 0, reference)] }),
      sample({ inputs: [input(0, 4, reference)] }),
    ]
    const { partitions } = buildFrame(samples, facts)
    expect(partitions.map(({ nodeId, partition, lag }) => [nodeId, partition, lag])).toEqual([
      ['orders', 1, 5],
      ['users', 0, 4],
    ])
  })

  test('computes commits per second and their mean from intervals of any length', () => {
    const samples = [
      sample({ commits: { count: 10, ms: 50, bytes: 4_000 } }, { interval: 2_000 }),
      sample({ commits: { count: 5, ms: 25, bytes: 1_000 } }),
    ]
    expect(buildFrame(samples, facts).commits).toEqual({ perSecond: 10, meanMs: 5, bytesPerSecond: 3_000 })
    expect(buildFrame([], facts).commits).toEqual({ perSecond: 0, meanMs: null, bytesPerSecond: 0 })
  })
})

describe('the throughput', () => {
  test('counts what flows into sources, and what is unread in them and in internal topics', () => {
    const samples = [
      sample(
        {
          nodes: [node('orders', 1), node('first', 1)],
          inputs: [input(0, 7), input(0, 100, { nodeId: 'users', kind: 'reference' })],
        },
        {
          rates: new Map([
            ['orders', rates(50)],
            ['first', rates(40)],
          ]),
        },
      ),
      sample({ inputs: [input(0, 3, { nodeId: 'count', kind: 'repartition' })] }),
      sample({ inputs: [input(0, 2, { nodeId: 'out', kind: 'outbox' })] }),
    ]
    expect(throughput(samples, NOW)).toEqual({ rate: 50, lag: 12 })
  })

  test('is unknown while nobody reports', () => {
    expect(throughput([], NOW)).toEqual({ rate: null, lag: null })
    expect(throughput([sample({}, { at: NOW - 60_000 })], NOW)).toEqual({ rate: null, lag: null })
  })
})
