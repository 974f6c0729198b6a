import { describe, expect, it } from 'vitest'
import { inferred, issuesOf, stream } from '../../config/definitions.test-helper.ts'
import { running } from './definition.ts'
import { runningRuntime } from './operator.ts'
import type { RunningConfig } from './settings.ts'

const input = stream({ user: 'string', amount: 'double', items: 'array<string>' })

const settings: RunningConfig = {
  ...{ groupBy: ['user'], over: 'time', span: 86_400_000, events: 10, current: true, order: 'arrival' },
  ...{ ttl: 604_800_000, aggregates: [{ function: 'avg', argument: 'amount', as: 'usual' }] },
}

describe('the settings of running aggregates', () => {
  it.each<[string, Partial<RunningConfig>, string[]]>([
    ['are fine with groups and aggregates', {}, []],
    ['are fine without groups', { groupBy: [] }, []],
    ['name groups that exist', { groupBy: ['usr'] }, ['unknown_field groupBy.0']],
    ['name groups without parts', { groupBy: ['items'] }, ['field_type groupBy.0']],
    ['need an aggregate', { aggregates: [] }, ['fields_missing aggregates']],
    [
      'give results names that no field has',
      { aggregates: [{ function: 'count', as: 'amount' }] },
      ['duplicate_field aggregates.0.as'],
    ],
    [
      'give results names',
      { aggregates: [{ function: 'count', as: '' }] },
      ['field_name_missing aggregates.0.as'],
    ],
    [
      'have arguments that serve',
      { aggregates: [{ function: 'sum', argument: 'user', as: 's' }] },
      ['argument_type aggregates.0.argument'],
    ],
  ])('%s', (_, change, issues) => {
    expect(issuesOf(running, { ...settings, ...change }, input)).toEqual(issues)
  })

  it('show as span, groups and functions on the card', () => {
    expect(running.digest(settings)).toBe('last 1 d by user: avg')
    expect(running.digest({ ...settings, over: 'count' })).toBe('last 10 by user: avg')
  })
})

describe('what flows out of running aggregates', () => {
  it('has the fields of the event and the results, and its event time', () => {
    const { out } = inferred(running, settings, { ...input, eventTimeField: 'user' }).outputs
    expect(out?.fields.map(({ name }) => name)).toEqual(['user', 'amount', 'items', 'usual'])
    expect(out).toMatchObject({ partitionedBy: ['user'], eventTimeField: 'user' })
    expect(out?.updates).toBe(undefined)
  })
})

describe('the state of running aggregates', () => {
  const signature = (change: Partial<RunningConfig>) =>
    JSON.stringify(runningRuntime.state?.({ ...settings, ...change }, [input]).signature)

  it('is kept over a publish while it means the same', () => {
    expect(signature({ current: false, ttl: 1, events: 3 })).toBe(signature({}))
    expect(signature({ aggregates: [{ function: 'sum', argument: 'amount', as: 'total' }] })).toBe(
      signature({}),
    )
    for (const change of [
      { span: 1 },
      { over: 'count' },
      { order: 'event' },
      { groupBy: [] },
      { aggregates: [{ function: 'max', argument: 'amount', as: 'most' }] },
    ] satisfies Partial<RunningConfig>[])
      expect(signature(change)).not.toBe(signature({}))
  })
})
