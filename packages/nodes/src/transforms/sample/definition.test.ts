import { describe, expect, it } from 'vitest'
import { fixOf, inferred, issuesOf, stream } from '../../config/definitions.test-helper.ts'
import { type SampleConfig, sample } from './definition.ts'

const input = stream({ id: 'string', day: 'int64', tags: 'array<string>' }, { partitionedBy: ['id'] })
const updating = { ...input, updates: { key: ['id', 'day'], before: false } }

function config(change: Partial<SampleConfig> = {}): SampleConfig {
  return { by: 'events', percent: 10, key: [], seed: 0, ...change }
}

describe('the settings of a sample', () => {
  it('pass the stream on', () => {
    expect(inferred(sample, config(), input)).toEqual({ outputs: { out: input }, issues: [] })
  })

  it.each<[string, Partial<SampleConfig>, string]>([
    ['no key', { by: 'keys' }, 'fields_missing key'],
    ['a key that does not exist', { by: 'keys', key: ['id', 'ady'] }, 'unknown_field key.1'],
    ['a key that cannot be one', { by: 'keys', key: ['tags'] }, 'field_type key.0'],
  ])('are refused with %s', (_, change, issue) => {
    expect(issuesOf(sample, config(change), input)).toEqual([issue])
  })

  it('mean nothing by a key where events are taken', () => {
    expect(issuesOf(sample, config({ key: ['gone'] }), input)).toEqual([])
  })

  it.each([0, 100.1, -1])('do not take %s percent', (percent) => {
    expect(() => inferred(sample, config({ percent }), input)).toThrow('schema')
  })

  it('must take rows that are corrected later by what names them', () => {
    expect(issuesOf(sample, config(), updating)).toEqual(['sample_splits_updates by'])
    expect(fixOf(sample, config(), updating)).toMatchObject({ path: ['by'], value: 'keys' })
    expect(issuesOf(sample, config({ by: 'keys', key: ['day'] }), updating)).toEqual([])
    const one = { ...updating, updates: { key: ['id'], before: true } }
    expect(issuesOf(sample, config({ by: 'keys', key: ['id', 'day'] }), one)).toEqual([
      'sample_splits_updates key.1',
    ])
  })

  it('show on the card', () => {
    expect(sample.digest(config({ percent: 0.5 }))).toBe('0.5 %')
    expect(sample.digest(config({ by: 'keys', key: ['id', 'day'] }))).toBe('10 % of id, day')
  })
})
