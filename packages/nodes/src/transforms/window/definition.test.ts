import { describe, expect, it } from 'vitest'
import { inferred, issuesOf, stream } from '../../config/definitions.test-helper.ts'
import { type WindowConfig, window } from './definition.ts'
import { windowRuntime } from './operator.ts'

const input = stream(
  { region: 'string', userId: 'string', total: 'double', flag: 'boolean', items: 'array<string>' },
  { partitionedBy: ['userId'] },
)

const valid: WindowConfig = {
  ...window.defaults,
  groupBy: ['region'],
  aggregates: [{ function: 'count', as: 'orders' }],
}

function issues(change: Partial<WindowConfig>): string[] {
  return issuesOf(window, { ...valid, ...change }, input)
}

type Aggregate = WindowConfig['aggregates'][number]

describe('the settings of a window', () => {
  it('are fine with groups and aggregates of fields that flow in', () => {
    const aggregates: Aggregate[] = [
      { function: 'count', argument: '', where: ' ', as: 'orders' },
      { function: 'sum', argument: 'total * 2', where: 'flag', as: 'sum' },
      { function: 'max', argument: 'region', as: 'last' },
    ]
    expect(issues({ aggregates })).toEqual([])
  })

  it.each<[string, Partial<WindowConfig>, string]>([
    ['an offset as large as the window', { size: 1000, offset: -1000 }, 'offset_too_large offset'],
    ['a group that does not exist', { groupBy: ['region', 'x'] }, 'unknown_field groupBy.1'],
    ['a group with parts', { groupBy: ['items'] }, 'field_type groupBy.0'],
    ['no aggregate', { aggregates: [] }, 'fields_missing aggregates'],
    [
      'an aggregate without name',
      { aggregates: [{ function: 'count', as: '' }] },
      'field_name_missing aggregates.0.as',
    ],
    [
      'an aggregate named as a group',
      { aggregates: [{ function: 'count', as: 'region' }] },
      'duplicate_field aggregates.0.as',
    ],
    [
      'an aggregate named as the window',
      { aggregates: [{ function: 'count', as: 'window_end' }] },
      'duplicate_field aggregates.0.as',
    ],
    [
      'a sum of nothing',
      { aggregates: [{ function: 'sum', as: 's' }] },
      'argument_missing aggregates.0.argument',
    ],
    [
      'a sum of texts',
      { aggregates: [{ function: 'sum', argument: 'region', as: 's' }] },
      'argument_type aggregates.0.argument',
    ],
    [
      'the least of booleans',
      { aggregates: [{ function: 'min', argument: 'flag', as: 's' }] },
      'argument_type aggregates.0.argument',
    ],
    [
      'an argument that does not fit',
      { aggregates: [{ function: 'avg', argument: 'totl', as: 's' }] },
      'expression_invalid aggregates.0.argument',
    ],
    [
      'a condition that is none',
      { aggregates: [{ function: 'count', where: 'total', as: 's' }] },
      'expression_invalid aggregates.0.where',
    ],
  ])('are refused with %s', (_, change, issue) => {
    expect(issues(change)).toEqual([issue])
  })

  it('show as time, groups and functions on the card', () => {
    const aggregates: Aggregate[] = [
      { function: 'count', as: 'a' },
      { function: 'sum', argument: 'total', as: 'b' },
      { function: 'count', as: 'c' },
    ]
    expect(window.digest({ ...valid, aggregates })).toBe('5 min by region: count, sum')
    expect(window.digest({ ...valid, groupBy: [], size: 1 })).toBe('1 ms: count')
  })
})

describe('the partitioning of the results', () => {
  const partitionedBy = (groupBy: string[]) =>
    inferred(window, { ...valid, groupBy }, input).outputs.out?.partitionedBy

  it('stays that of the events where the groups contain it', () => {
    expect(partitionedBy(['userId', 'region'])).toEqual(['userId'])
  })

  it('is that of the groups otherwise', () => {
    expect(partitionedBy(['region'])).toEqual(['region'])
    expect(partitionedBy([])).toEqual([])
  })
})

describe('the state of a window', () => {
  const signature = (change: Partial<WindowConfig>, schema = input) =>
    JSON.stringify(windowRuntime.state?.({ ...valid, ...change }, [schema]).signature)

  it('is kept over a publish that changes names or lateness', () => {
    const renamed: Aggregate[] = [{ function: 'count', as: 'number' }]
    expect(signature({ aggregates: renamed, allowedLateness: 5 })).toBe(signature({}))
  })

  it.each<[string, Partial<WindowConfig>]>([
    ['the length', { size: 1 }],
    ['the offset', { offset: 1 }],
    ['the groups', { groupBy: ['userId'] }],
    ['a function', { aggregates: [{ function: 'count', argument: 'total', as: 'orders' }] }],
    ['a condition', { aggregates: [{ function: 'count', where: 'flag', as: 'orders' }] }],
  ])('begins anew with a change of %s', (_, change) => {
    expect(signature(change)).not.toBe(signature({}))
  })

  it('begins anew when a group changes its type', () => {
    expect(signature({}, stream({ region: 'int64' }))).not.toBe(signature({}))
  })
})

describe('the pre-aggregation of a window', () => {
  it('stands back where somebody takes late events', () => {
    expect(windowRuntime.preAggregation?.(valid, input, new Set(['out', 'late']))).toBe(null)
    expect(windowRuntime.preAggregation?.(valid, input, new Set(['out']))).not.toBe(null)
  })
})
