import { node, pipeline } from '@millrace/graph/testing'
import { describe, expect, it } from 'vitest'
import { catalogue, count, events, odd, runtimes, sink } from '../testing/index.ts'
import { type NamedPlan, nameStages } from './name-stages.ts'
import { planStages } from './plan-stages.ts'
import { prepareProgram } from './program.ts'

const source = node('source', events)
const filter = node('filter', odd)
const byKey = node('byKey', count)
const byGroup = node('byGroup', count, { ...count.defaults, key: ['group'] })
const out = node('out', sink)
const four = { source: () => 4, repartition: 4 }

const oneWindow = planStages(
  prepareProgram(
    pipeline([source, filter, byKey, out], ['source → filter', 'filter → byKey', 'byKey → out']),
    catalogue,
    runtimes,
  ),
  four,
)
const twoWindows = planStages(
  prepareProgram(
    pipeline([source, byGroup, byKey, out], ['source → byGroup', 'byGroup → byKey', 'byKey → out']),
    catalogue,
    runtimes,
  ),
  four,
)

function stagesOf({ plan }: NamedPlan): { id: string; identity: string }[] {
  return plan.stages.map(({ id, identity }) => ({ id, identity }))
}

describe('nameStages', () => {
  const first = nameStages(oneWindow, [], 1)

  it('numbers new stages', () => {
    expect(stagesOf(first).map(({ id }) => id)).toEqual(['s1', 's2'])
    expect(first.nextStageNumber).toBe(3)
  })

  it('lets a stage that was there before keep its id', () => {
    const again = nameStages(oneWindow, stagesOf(first), first.nextStageNumber)
    expect(again).toEqual(first)
  })

  it('gives a new stage a number that was never used, also when an old one is gone', () => {
    const second = nameStages(twoWindows, stagesOf(first), first.nextStageNumber)
    expect(stagesOf(second).map(({ id }) => id)).toEqual(['s1', 's3', 's2'])
    const third = nameStages(oneWindow, stagesOf(second).slice(0, 2), second.nextStageNumber)
    expect(stagesOf(third).map(({ id }) => id)).toEqual(['s1', 's4'])
    expect(third.nextStageNumber).toBe(5)
  })

  it('renames inputs and cuts with their stages', () => {
    const { plan } = nameStages(twoWindows, stagesOf(first), first.nextStageNumber)
    expect(plan.stages.map(({ cuts }) => cuts.map(({ stage }) => stage))).toEqual([['s3'], ['s2'], []])
    expect(plan.stages.map(({ inputs }) => inputs)).toEqual([
      [{ kind: 'source', nodeId: 'source', partitions: 4 }],
      [{ kind: 'repartition', nodeId: 'byGroup', port: 'in', from: ['s1'] }],
      [{ kind: 'repartition', nodeId: 'byKey', port: 'in', from: ['s3'] }],
    ])
  })
})
