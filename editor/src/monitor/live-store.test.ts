import type { LiveFrame, LiveNode } from '@millrace/contracts'
import { describe, expect, test } from 'vitest'
import { courseOf, createLiveStore, isSilent, KEPT_MOMENTS, lagOf, SILENT_AFTER } from './live-store.ts'

function node(nodeId: string, inRate: number): LiveNode {
  return {
    nodeId,
    in: 0,
    out: 0,
    filtered: 0,
    late: 0,
    errors: 0,
    inRate,
    outRate: inRate,
    errorRate: 0,
    lateRate: 0,
    p50: null,
    p99: null,
    watermark: null,
  }
}

function frame(at: number, inRate = at): LiveFrame {
  return {
    at,
    deployment: { state: 'running', version: 1, reason: null, since: 0 },
    nodes: [node('orders', inRate)],
    partitions: [
      { nodeId: 'orders', kind: 'source', partition: 0, lag: 3, watermark: null, idle: false, paused: null },
      { nodeId: 'orders', kind: 'source', partition: 1, lag: 4, watermark: null, idle: false, paused: null },
      {
        nodeId: 'orders',
        kind: 'reference',
        partition: 0,
        lag: 9,
        watermark: null,
        idle: false,
        paused: null,
      },
    ],
    commits: { perSecond: 1, meanMs: 2, bytesPerSecond: 3 },
    executors: 2,
    problems: [],
  }
}

const times = (store: ReturnType<typeof createLiveStore>) => store.getState().past.map(({ at }) => at)

describe('the live store', () => {
  test('keeps what it hears in order, and ignores a repeated frame', () => {
    const store = createLiveStore()
    store.hear(frame(1), 100)
    store.hear(frame(2), 200)
    store.hear(frame(2), 300)
    expect(times(store)).toEqual([1, 2])
    expect(store.getState()).toMatchObject({ heardAt: 300, isConnected: true })
    expect(store.getState().now?.nodes.get('orders')?.inRate).toBe(2)
  })

  test('puts the history before what was heard, without repeating it', () => {
    const store = createLiveStore()
    store.hear(frame(20), 0)
    store.recall([frame(0), frame(10), frame(20)])
    expect(times(store)).toEqual([0, 10, 20])
    expect(store.getState().now?.at).toBe(20)
  })

  test('shows the newest of the history while nothing was heard yet', () => {
    const store = createLiveStore()
    store.recall([frame(0), frame(10)])
    expect(store.getState()).toMatchObject({ now: { at: 10 }, heardAt: null })
  })

  test('forgets the oldest', () => {
    const store = createLiveStore()
    for (let at = 0; at < KEPT_MOMENTS + 10; at++) store.hear(frame(at), at)
    expect(store.getState().past).toHaveLength(KEPT_MOMENTS)
    expect(store.getState().past[0]?.at).toBe(10)
  })

  test('tells courses and lags', () => {
    const store = createLiveStore()
    store.hear(frame(1, 5), 0)
    store.hear(frame(2, 7), 0)
    const { past, now } = store.getState()
    expect(courseOf(past, ({ nodes }) => nodes.get('orders')?.inRate)).toEqual([5, 7])
    expect(courseOf(past, ({ nodes }) => nodes.get('other')?.inRate)).toEqual([null, null])
    expect(now && lagOf(now, 'orders', ['source'])).toBe(7)
    expect(now && lagOf(now, 'orders', ['outbox'])).toBeNull()
  })

  test('is silent once nothing came for too long', () => {
    expect(isSilent({ heardAt: 1_000 }, 1_000 + SILENT_AFTER)).toBe(false)
    expect(isSilent({ heardAt: 1_000 }, 1_001 + SILENT_AFTER)).toBe(true)
    expect(isSilent({ heardAt: null }, 99_999)).toBe(false)
  })
})
