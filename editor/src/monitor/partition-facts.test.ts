import type { LivePartition } from '@millrace/contracts'
import { describe, expect, test } from 'vitest'
import { partitionFacts } from './partition-facts.ts'

const NOW = 1_000_000

function partition(
  number: number,
  watermark: number | null,
  more: Partial<LivePartition> = {},
): LivePartition {
  return {
    nodeId: 'orders',
    kind: 'source',
    partition: number,
    lag: 0,
    watermark,
    idle: false,
    paused: null,
    ...more,
  }
}

const statuses = (...partitions: LivePartition[]) =>
  partitionFacts(partitions, NOW).map(({ status }) => status)

describe('partitionFacts', () => {
  test('marks only the partition that holds the others back', () => {
    const facts = partitionFacts(
      [partition(0, NOW - 5_000), partition(1, NOW - 700_000), partition(2, NOW - 6_000)],
      NOW,
    )
    expect(facts.map(({ status }) => status)).toEqual(['active', 'holds', 'active'])
    expect(facts.map(({ behind }) => behind)).toEqual([5_000, 700_000, 6_000])
    expect(facts[1]).toMatchObject({ share: 1, holdsBack: true })
  })

  test('an idle partition holds nobody back', () => {
    expect(statuses(partition(0, NOW), partition(1, NOW - 700_000, { idle: true }))).toEqual([
      'active',
      'idle',
    ])
  })

  test('a single partition, or partitions close together, hold nobody back', () => {
    expect(statuses(partition(0, NOW - 700_000))).toEqual(['active'])
    expect(statuses(partition(0, NOW - 9_000), partition(1, NOW))).toEqual(['active', 'active'])
  })

  test('says why a partition is paused', () => {
    const [facts] = partitionFacts([partition(0, null, { paused: 'back_pressure' })], NOW)
    expect(facts).toMatchObject({ status: 'paused', reason: 'something behind it is slow', behind: null })
  })
})
