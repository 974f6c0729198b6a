import { openOutputs } from '@millrace/graph'
import { describe, expect, it } from 'vitest'
import { fixOf, inferred, issuesOf, stream } from '../../config/definitions.test-helper.ts'
import { topN } from './definition.ts'
import { topNRuntime } from './operator.ts'
import type { TopNConfig } from './settings.ts'

const fields = { region: 'string', window_start: 'timestamp not null', window_end: 'timestamp not null' }
const windows = stream({ ...fields, revenue: 'double', tags: 'array<string>' })
const rows = stream({ id: 'string', team: 'string', points: 'int64' })

const perWindow: TopNConfig = {
  ...{ per: 'window', n: 3, partitionBy: [], rank: 'rank', ttl: 1000 },
  orderBy: [{ field: 'revenue', direction: 'desc', nulls: 'last' }],
}
const overStream: TopNConfig = {
  ...{ ...perWindow, per: 'stream' },
  orderBy: [{ field: 'points', direction: 'desc', nulls: 'last' }],
}

describe('the settings of a top-N', () => {
  it.each<[string, Partial<TopNConfig>, string[]]>([
    ['are fine', {}, []],
    ['need an order', { orderBy: [] }, ['field_missing orderBy']],
    [
      'order by fields that exist',
      { orderBy: [{ field: 'revenu', direction: 'asc', nulls: 'last' }] },
      ['unknown_field orderBy.0.field'],
    ],
    [
      'order by fields without parts',
      { orderBy: [{ field: 'tags', direction: 'asc', nulls: 'last' }] },
      ['field_type orderBy.0.field'],
    ],
    ['make lists by fields that exist', { partitionBy: ['regio'] }, ['unknown_field partitionBy.0']],
    ['give the rank a name that no field has', { rank: 'region' }, ['duplicate_field rank']],
  ])('%s', (_, change, issues) => {
    expect(issuesOf(topN, { ...perWindow, ...change }, windows)).toEqual(issues)
  })

  it('need windows that are final, or rank the stream', () => {
    const config = { ...overStream, per: 'window' }
    expect(issuesOf(topN, config, rows)).toEqual(['window_missing per'])
    expect(fixOf(topN, config, rows)).toMatchObject({ path: ['per'], value: 'stream' })
    const updates = { key: ['region', 'window_start'], before: false }
    expect(issuesOf(topN, perWindow, { ...windows, updates })).toEqual(['window_not_final per'])
    const nullable = stream({ ...fields, window_end: 'timestamp', revenue: 'double' })
    expect(issuesOf(topN, perWindow, nullable)).toEqual(['window_missing per'])
  })

  it('make no lists between which a row could move untold', () => {
    const config = { ...overStream, partitionBy: ['team'] }
    const told = { ...rows, updates: { key: ['id'], before: true } }
    const untold = { ...rows, updates: { key: ['id'], before: false } }
    expect(issuesOf(topN, config, told)).toEqual([])
    expect(issuesOf(topN, config, untold)).toEqual(['list_moves_untold partitionBy'])
    expect(issuesOf(topN, { ...config, partitionBy: [] }, untold)).toEqual([])
  })

  it('show on the card', () => {
    expect(topN.digest(perWindow)).toBe('3 by revenue desc')
    expect(topN.digest({ ...overStream, partitionBy: ['team'] })).toBe('3 by points desc per team')
  })
})

describe('what flows out of a top-N', () => {
  it('is final per window, with late rows', () => {
    const { out } = inferred(topN, perWindow, windows).outputs
    expect(out?.updates).toBe(undefined)
    expect(out?.fields.at(-1)).toMatchObject({ name: 'rank' })
    expect(portsOf(perWindow)).toEqual(['out', 'late'])
  })

  it('is updating over a stream, named by list and rank or slot', () => {
    const key = (config: Partial<TopNConfig>) =>
      inferred(topN, { ...overStream, partitionBy: ['team'], ...config }, rows).outputs.out?.updates?.key
    expect(key({})).toEqual(['team', 'rank'])
    expect(key({ rank: '' })).toEqual(['team', 'slot'])
    expect(portsOf(overStream)).toEqual(['out'])
  })

  function portsOf(config: TopNConfig) {
    return openOutputs(topN, { config, typeVersion: 1 }).map(({ name }) => name)
  }
})

describe('the state of a top-N', () => {
  const signature = (change: Partial<TopNConfig>) =>
    JSON.stringify(topNRuntime.state?.({ ...overStream, ...change }, [rows]).signature)

  it('is kept over a publish while the lists are the same', () => {
    expect(signature({ ttl: 1, rank: 'place' })).toBe(signature({}))
    for (const change of [
      { n: 4 },
      { rank: '' },
      { partitionBy: ['team'] },
      { orderBy: [{ field: 'points', direction: 'asc', nulls: 'last' }] },
    ] satisfies Partial<TopNConfig>[])
      expect(signature(change)).not.toBe(signature({}))
  })
})
