import type { LiveNode, LivePartition } from '@millrace/contracts'
import { newNode } from '@millrace/graph'
import { describe, expect, test } from 'vitest'
import { formatClock } from '../format/times.ts'
import { nodeTypes } from '../workspace/node-types.ts'
import { explainSilence } from './explain-silence.ts'
import type { Moment } from './live-store.ts'

const MINUTE = 60_000
const T = Date.UTC(2026, 0, 1, 14, 0)

function made(id: string, type: string, config: object) {
  const definition = nodeTypes.catalogue.get(type)
  if (definition === undefined) throw new Error(type)
  const node = newNode(definition, id, id)
  return { ...node, config: { ...node.config, ...config } }
}

function graphOf(idleTimeout: number | null) {
  return {
    format: 2 as never,
    name: 'x',
    nodes: [
      made('orders', 'kafka', { idleTimeout }),
      made('window', 'window', { size: 5 * MINUTE, allowedLateness: 30_000 }),
    ],
    edges: [{ id: 'e', from: { node: 'orders', port: 'out' }, to: { node: 'window', port: 'in' } }],
    layout: {},
  }
}

const partition = (
  number: number,
  watermark: number | null,
  more: Partial<LivePartition> = {},
): LivePartition => ({
  ...{ nodeId: 'orders', kind: 'source', partition: number, lag: 0, watermark, idle: false, paused: null },
  ...more,
})

function momentOf(at: number, watermark: number | null, partitions: LivePartition[]): Moment {
  return {
    at,
    nodes: new Map([['window', { nodeId: 'window', watermark } as LiveNode]]),
    partitions: new Map([['orders', partitions]]),
    frame: null as never,
  }
}

const explain = (moment: Moment, past: Moment[] = [], idleTimeout: number | null = 15 * MINUTE) =>
  explainSilence(graphOf(idleTimeout), 'window', moment, past)

describe('why a window is silent', () => {
  const held = T + 9 * MINUTE
  const stuck = [partition(0, T + 21 * MINUTE), partition(5, held)]

  test('names the partition, since when it stands, where the watermark is and when the next window is final', () => {
    const past = [
      momentOf(T + 9 * MINUTE, held - 1_000, [partition(0, T + 9 * MINUTE), partition(5, held - 1_000)]),
      momentOf(T + 10 * MINUTE, held, [partition(0, T + 10 * MINUTE), partition(5, held)]),
      momentOf(T + 11 * MINUTE, held, [partition(0, T + 11 * MINUTE), partition(5, held)]),
    ]
    const found = explain(momentOf(T + 21 * MINUTE, held, stuck), past)
    expect(found).toMatchObject({ isHeld: true, sourceId: 'orders' })
    expect(found?.words).toContain(
      `Partition 5 of orders has had no event since ${formatClock(T + 10 * MINUTE)}`,
    )
    expect(found?.words).toContain(`holds the watermark at ${formatClock(held)}`)
    expect(found?.words).toContain(
      `to ${formatClock(T + 10 * MINUTE)}, becomes final when the watermark reaches ${formatClock(T + 10 * MINUTE + 30_000)}`,
    )
    expect(found?.words).toContain('or has been silent for 15 min')
  })

  test('says so where nothing tells since when, and where the partition never counts as idle', () => {
    const found = explain(
      momentOf(T + 21 * MINUTE, held, stuck),
      [momentOf(T + 20 * MINUTE, held, stuck)],
      null,
    )
    expect(found?.words).toContain('has had no event for at least 1 min')
    expect(found?.words).toContain('“Idle after” of orders is never, so it waits for ever')
  })

  test('tells a partition that is behind, or not read, from one that is silent', () => {
    const behind = explain(
      momentOf(T + 21 * MINUTE, held, [stuck[0] as LivePartition, partition(5, held, { lag: 1_200 })]),
    )
    expect(behind?.words).toContain('is 1,200 records behind and holds the watermark')
    const paused = explain(
      momentOf(T + 21 * MINUTE, held, [
        stuck[0] as LivePartition,
        partition(5, held, { paused: 'back_pressure' }),
      ]),
    )
    expect(paused?.words).toContain('is not read now (something behind it is slow)')
  })

  test('knows partitions without any event, and that all are idle', () => {
    const mute = explain(momentOf(T, null, [partition(0, T), partition(1, null)]))
    expect(mute).toMatchObject({ isHeld: true, sourceId: 'orders' })
    expect(mute?.words).toContain('Partition 1 of orders has had no event yet')
    const idle = explain(
      momentOf(T, held, [partition(0, held, { idle: true }), partition(1, null, { idle: true })]),
    )
    expect(idle?.words).toContain('All partitions of orders are idle')
    expect(idle?.words).toContain('moves on with the next event')
  })

  test('is not held where the watermark moves', () => {
    const now = T + 11 * MINUTE
    const found = explain(momentOf(now, now - 6_000, [partition(0, now - 6_000), partition(1, now - 5_000)]))
    expect(found?.isHeld).toBe(false)
    expect(found?.words).toContain('The watermark moves')
    expect(explainSilence(graphOf(1), 'window', momentOf(now, null, []), [])).toBeNull()
  })
})
