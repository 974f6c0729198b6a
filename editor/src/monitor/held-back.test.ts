import type { LiveNode, LivePartition } from '@millrace/contracts'
import { expect, test } from 'vitest'
import { chain, orderPipeline, realNode } from '../testing/order-pipeline.ts'
import { nodeTypes } from '../workspace/node-types.ts'
import { heldBack } from './held-back.ts'
import type { Moment } from './live-store.ts'

const T = Date.UTC(2026, 0, 1, 14, 0)

/** Orders with a second window behind the filter. */
function graphOf() {
  const graph = orderPipeline()
  const second = { ...realNode('hours', 'window'), label: 'By hour' }
  return { ...graph, nodes: [...graph.nodes, second], edges: [...graph.edges, ...chain('filter', 'hours')] }
}

function momentOf(watermarks: readonly (number | null)[]): Moment {
  const partitions = watermarks.map((watermark, partition): LivePartition => {
    const standing = { lag: 0, idle: false, paused: null } as const
    return { nodeId: 'orders', kind: 'source', partition, watermark, ...standing }
  })
  const nodes = ['window', 'hours'].map((nodeId) => ({ nodeId, watermark: watermarks[1] }) as LiveNode)
  return {
    at: T + 60_000,
    nodes: new Map(nodes.map((node) => [node.nodeId, node])),
    partitions: new Map([['orders', partitions]]),
    frame: null as never,
  }
}

const held = (watermarks: readonly (number | null)[]) =>
  heldBack(graphOf(), nodeTypes.runtimes, momentOf(watermarks), [])

test('names once the partition that holds several windows', () => {
  const [found, ...others] = held([T + 60_000, T])
  expect(others).toEqual([])
  expect(found?.nodes.map(({ label }) => label)).toEqual(['window', 'By hour'])
  expect(found?.silence.words).toContain('Partition 1 of orders has had no event')
})

test('says nothing while the watermark moves, or nothing holds it that settings could change', () => {
  expect(held([T + 60_000, T + 59_000])).toEqual([])
  expect(held([])).toEqual([])
})
