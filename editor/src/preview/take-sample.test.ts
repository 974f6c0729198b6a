import type { TopicSample } from '@millrace/contracts'
import { describe, expect, test, vi } from 'vitest'
import type { SampleRequest } from '../connections/topic-sample.ts'
import { ApiError } from '../http/api-error.ts'
import { orderPipeline, realNode } from '../testing/order-pipeline.ts'
import { nodeTypes } from '../workspace/node-types.ts'
import { needKey, sampleNeeds } from './sample-needs.ts'
import { SAMPLED_REFERENCE, takeSample } from './take-sample.ts'

function sampleOf(partition: number | null, count: number, partitions = 4): TopicSample {
  const records = Array.from({ length: count }, (_, offset) => ({
    partition: partition ?? 0,
    offset,
    timestamp: offset,
    key: null,
    value: btoa('{}'),
  }))
  return { topic: 'orders', partitions, partition, records }
}

const source = { kind: 'source', nodeId: 'orders', connection: 'kafka', topic: 'orders' } as const
const reference = { ...source, kind: 'reference' } as const

describe('sampleNeeds', () => {
  test('names sources and references by what they are set to', () => {
    expect(sampleNeeds(orderPipeline(), nodeTypes)).toEqual([
      { kind: 'source', nodeId: 'orders', connection: 'kafka', topic: 'orders' },
      { kind: 'reference', nodeId: 'region', connection: 'kafka', topic: 'users' },
    ])
  })

  test('reads the topic of versions, and none for a table', () => {
    const topic = { connection: 'kafka', topic: 'users' }
    const needs = (config: object) =>
      sampleNeeds(
        { ...orderPipeline(), nodes: [realNode('a', 'enrich', { ...topic, ...config })], edges: [] },
        nodeTypes,
      )
    expect(needs({ reference: 'versions' })).toEqual([{ kind: 'reference', nodeId: 'a', ...topic }])
    expect(needs({ reference: 'table' })).toEqual([])
  })

  test('leaves out what is not set up yet, and knows generators by their rate', () => {
    const nodes = [
      realNode('a', 'kafka'),
      realNode('b', 'generator', { ratePerSecond: 20 }),
      realNode('c', 'filter'),
    ]
    const needs = sampleNeeds({ ...orderPipeline(), nodes, edges: [] }, nodeTypes)
    expect(needs).toEqual([{ kind: 'generator', nodeId: 'b', ratePerSecond: 20 }])
  })

  test('two nodes on one topic share their records', () => {
    expect(needKey(source)).toBe(needKey({ ...source, nodeId: 'other' }))
    expect(needKey(source)).not.toBe(needKey(reference))
  })
})

describe('takeSample', () => {
  test('reads events of one partition, the first that holds any', async () => {
    const read = vi.fn(async ({ partition }: SampleRequest) => sampleOf(partition, partition === 2 ? 3 : 0))
    const sample = await takeSample(source, 0, read)
    expect(sample).toMatchObject({ partition: 2, partitions: 4, problem: null, isCut: false })
    expect(sample.records).toHaveLength(3)
    expect(read.mock.calls.map(([{ partition, from }]) => `${partition} ${from}`)).toEqual([
      '0 latest',
      '1 latest',
      '2 latest',
    ])
  })

  test('gives up on an empty topic', async () => {
    const read = vi.fn(async ({ partition }: SampleRequest) => sampleOf(partition, 0, 2))
    expect(await takeSample(source, 0, read)).toMatchObject({ records: [], problem: null })
    expect(read).toHaveBeenCalledTimes(2)
  })

  test('reads a reference from its beginning over all partitions, and says where it is cut', async () => {
    const read = vi.fn(async ({ partition }: SampleRequest) => sampleOf(partition, 10, 3))
    const whole = await takeSample(reference, 0, read)
    expect(whole).toMatchObject({ isCut: false, partition: null, partitions: 3 })
    expect(whole.records).toHaveLength(30)
    expect(read.mock.calls.map(([{ partition, from }]) => `${partition} ${from}`)).toEqual([
      '0 earliest',
      '1 earliest',
      '2 earliest',
    ])
    const large = async ({ partition }: SampleRequest) => sampleOf(partition, SAMPLED_REFERENCE, 3)
    expect(await takeSample(reference, 0, large)).toMatchObject({ isCut: true })
  })

  test('says in words why a topic cannot be read', async () => {
    const read = async () => Promise.reject(new ApiError(404, 'not_found', 'There is no topic "orders".'))
    expect(await takeSample(source, 0, read)).toMatchObject({
      records: [],
      problem: 'There is no topic "orders".',
    })
  })

  test('a generator makes its records itself', async () => {
    const sample = await takeSample({ kind: 'generator', nodeId: 'g', ratePerSecond: 10 }, 1_000, async () =>
      Promise.reject(new Error('must not be asked')),
    )
    expect(sample.records.slice(0, 3).map(({ offset, timestamp }) => [offset, timestamp])).toEqual([
      [0, 1_000],
      [1, 1_100],
      [2, 1_200],
    ])
  })
})
