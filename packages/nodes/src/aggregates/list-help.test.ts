import { scalar } from '@millrace/expr'
import { expect, it } from 'vitest'
import { aggregateList } from './list-help.ts'
import type { AggregateConfig } from './settings.ts'

const fields = [
  { name: 'region', type: scalar('string') },
  { name: 'total', type: scalar('double') },
]
const inputs = { in: { fields, partitionedBy: null, eventTimeField: null } }
const unfit = (aggregate: AggregateConfig, member = 'function') =>
  aggregateList.unfit?.({ aggregates: [aggregate] }, 0, member, inputs) ?? new Map()

it('offers no function that there is not of the argument, with the reason', () => {
  const ofText = unfit({ function: 'count', argument: 'region', as: 'n' })
  expect(ofText.get('sum')).toBe('not of string')
  expect(['avg', 'stddev_samp', 'percentile'].every((name) => ofText.has(name))).toBe(true)
  expect(['count', 'count_distinct', 'first', 'last', 'collect'].some((name) => ofText.has(name))).toBe(false)
  expect(unfit({ function: 'count', argument: 'total * 2', as: 'n' }).has('sum')).toBe(false)
})

it('offers all while the argument is missing or wrong, and has nothing to say of other settings', () => {
  expect(unfit({ function: 'sum', as: 'n' }).size).toBe(0)
  expect(unfit({ function: 'sum', argument: 'total +', as: 'n' }).size).toBe(0)
  expect(unfit({ function: 'sum', argument: 'region', as: 'n' }, 'as').size).toBe(0)
  expect(aggregateList.unfit?.({ aggregates: [] }, 0, 'function', inputs).size).toBe(0)
})

it('names the fields of a result', () => {
  expect(aggregateList.resultsOf?.({ aggregates: [{ function: 'collect', as: 'ids' }] }, 0)).toEqual([
    'ids',
    'ids_truncated',
  ])
})
