import { describe, expect, it } from 'vitest'
import { fixOf, inferred, issuesOf, stream } from '../../config/definitions.test-helper.ts'
import { window } from './definition.ts'
import { windowRuntime } from './operator.ts'
import type { WindowConfig } from './settings.ts'

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
    [
      'an offset as large as the slide',
      { kind: 'hopping', slide: 1000, offset: 1000 },
      'offset_too_large offset',
    ],
    ['an offset of a day', { length: 'day', offset: 86_400_000 }, 'offset_too_large offset'],
    ['a zone that does not exist', { length: 'day', timeZone: '' }, 'time_zone_unknown timeZone'],
    [
      'windows of which there are too many',
      { kind: 'hopping', size: 100_001, slide: 1 },
      'too_many_windows slide',
    ],
    ['too many steps', { kind: 'cumulative', size: 1_000_000, step: 1 }, 'too_many_windows step'],
    ['steps that leave a rest', { kind: 'cumulative', size: 1000, step: 300 }, 'step_uneven step'],
    ['a step that is too long', { kind: 'cumulative', size: 1000, step: 2000 }, 'step_uneven step'],
    [
      'steps that leave a rest of a day',
      { kind: 'cumulative', length: 'day', step: 50_400_000 },
      'step_uneven step',
    ],
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

  it.each<[Partial<WindowConfig>]>([
    [{ kind: 'hopping', size: 60_000, slide: 7_001, offset: -7_000 }],
    [{ kind: 'hopping', size: 1_000, slide: 60_000 }],
    [{ kind: 'cumulative', size: 86_400_000, step: 3_600_000, offset: -3_600_000 }],
    [{ kind: 'cumulative', length: 'month', step: 604_800_000, timeZone: 'Asia/Tokyo' }],
    [{ kind: 'cumulative', length: 'day', step: 21_600_000, timeZone: 'Europe/Berlin' }],
    [{ length: 'week', offset: -86_400_000, timeZone: 'America/New_York' }],
    // What has no meaning for a kind is not looked at.
    [{ kind: 'session', offset: 1e9, size: 1, slide: 1, timeZone: 'Mars' }],
    [{ kind: 'tumbling', step: 7, slide: 1, size: 1_000_000 }],
  ])('are fine with the times %o', (change) => {
    expect(issues(change)).toEqual([])
  })

  it('say which time zone was meant', () => {
    const berlin = { ...valid, length: 'day' as const, timeZone: 'Europe/Berln' }
    expect(fixOf(window, berlin, input)).toMatchObject({ path: ['timeZone'], value: 'Europe/Berlin' })
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

  it.each<[Partial<WindowConfig>, string]>([
    [{ kind: 'hopping' }, '5 min every 1 min: count'],
    [{ kind: 'cumulative', length: 'day', step: 3_600_000 }, 'day so far, every 1 h: count'],
    [{ kind: 'session', gap: 60_000 }, 'session with gap 1 min: count'],
    [{ length: 'month' }, 'month: count'],
    [
      { aggregates: [{ function: 'count_distinct', argument: 'userId', as: 'users' }] },
      '5 min: count distinct',
    ],
  ])('show their kind on the card: %o', (change, line) => {
    expect(window.digest({ ...valid, groupBy: [], ...change })).toBe(line)
  })
})

describe('settings of version 1', () => {
  it('are those of tumbling windows with final results', () => {
    const old = {
      ...{ kind: 'tumbling', size: 60_000, offset: 5, groupBy: ['region'], allowedLateness: 7 },
      aggregates: [{ function: 'sum', argument: 'total', as: 'revenue' }],
    }
    const config = window.migrate?.(old, 1) as WindowConfig
    expect(config).toEqual({ ...window.defaults, ...old })
    expect(issuesOf(window, config, input)).toEqual([])
  })
})

describe('results', () => {
  const updatesOf = (change: Partial<WindowConfig>) =>
    inferred(window, { ...valid, ...change }, input).outputs.out?.updates

  it('are append-only where they are final', () => {
    expect(updatesOf({})).toBe(undefined)
    expect(window.finalFix?.(valid)).toBe(null)
  })

  it.each<[WindowConfig['kind'], string[]]>([
    ['tumbling', ['region', 'window_start']],
    ['hopping', ['region', 'window_start']],
    ['cumulative', ['region', 'window_start', 'window_end']],
    ['session', ['region', 'window_start']],
  ])('of %s windows that are corrected are named by %o', (kind, key) => {
    expect(updatesOf({ kind, output: 'updating' })).toEqual({ key, before: false })
    expect(window.finalFix?.({ ...valid, kind, output: 'updating' })).toMatchObject({ value: 'final' })
  })

  it('refuse to be late for whoever comes behind', () => {
    expect(windowRuntime.holdBack?.({ ...valid, allowedLateness: 50 })).toBe(50)
  })

  it('wait for ticks only where early updates go by the wall clock', () => {
    const early = { ...valid, output: 'updating' as const, earlyUpdates: 5000 }
    expect(windowRuntime.tick?.({ ...early, earlyClock: 'processing' })).toBe(5000)
    expect(windowRuntime.tick?.(early)).toBe(null)
    expect(windowRuntime.tick?.({ ...early, earlyClock: 'processing', output: 'final' })).toBe(null)
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

  it.each<[string, Partial<WindowConfig>]>([
    ['names', { aggregates: [{ function: 'count', as: 'number' }] }],
    ['the lateness', { allowedLateness: 5 }],
    ['when results are sent', { output: 'updating', earlyUpdates: 1000, earlyClock: 'processing' }],
    ['what has no meaning for the kind', { slide: 1, step: 2, gap: 3, timeZone: 'Asia/Tokyo' }],
  ])('is kept over a publish that changes %s', (_, change) => {
    expect(signature(change)).toBe(signature({}))
  })

  it.each<[string, Partial<WindowConfig>]>([
    ['the length', { size: 1 }],
    ['the kind', { kind: 'session' }],
    ['the zone', { length: 'day', timeZone: 'Asia/Tokyo' }],
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
  const isCombined = (change: Partial<WindowConfig>) =>
    windowRuntime.preAggregation?.({ ...valid, ...change }, input, new Set(['out'])) !== null

  it('is there for panes of all kinds, but not for sessions, nor where the order of arrival counts', () => {
    const kinds = ['tumbling', 'hopping', 'cumulative', 'session'] as const
    expect(kinds.map((kind) => isCombined({ kind }))).toEqual([true, true, true, false])
    const collect: Aggregate = { function: 'collect', argument: 'total', as: 'all' }
    expect(isCombined({ aggregates: [collect] })).toBe(false)
  })

  it('stands back where somebody takes late events', () => {
    expect(windowRuntime.preAggregation?.(valid, input, new Set(['out', 'late']))).toBe(null)
    expect(windowRuntime.preAggregation?.(valid, input, new Set(['out']))).not.toBe(null)
  })
})
