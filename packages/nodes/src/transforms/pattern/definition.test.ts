import type { NodeConfig } from '@millrace/graph'
import { describe, expect, it } from 'vitest'
import { fixOf, inferred, issuesOf, stream } from '../../config/definitions.test-helper.ts'
import { pattern } from './definition.ts'
import { patternRuntime } from './operator.ts'
import type { PatternConfig } from './settings.ts'

const input = stream(
  { user: 'string', kind: 'string', total: 'double not null', tags: 'array<string>', ts: 'timestamp' },
  { eventTimeField: 'ts' },
)
const valid = {
  ...pattern.defaults,
  key: ['user'],
  first: "kind = 'a'",
  second: "kind = 'b'",
} as PatternConfig

function issues(more: Partial<PatternConfig>, from: typeof input | null = input): string[] {
  return issuesOf(pattern, { ...valid, ...more }, from)
}

describe('the settings of a pattern', () => {
  it.each<[string, Partial<PatternConfig>, string[]]>([
    ['are fine with two conditions', {}, []],
    ['need no key', { key: [] }, []],
    [
      'need both conditions',
      { first: ' ', second: '' },
      ['expression_missing first', 'expression_missing second'],
    ],
    [
      'check both conditions',
      { first: 'knd is null', second: 'total' },
      ['expression_invalid first', 'expression_invalid second'],
    ],
    ['check the condition over both', { condition: 'b.total > a.totl' }, ['expression_invalid condition']],
    ['name key fields without parts', { key: ['tags'] }, ['field_type key.0']],
    ['name key fields that exist', { key: ['usr'] }, ['unknown_field key.0']],
    ['need a field of the result', { fields: 'chosen' }, ['fields_missing aFields']],
    [
      'take no field of an event that does not come',
      { kind: 'absent', fields: 'chosen', bFields: [{ field: 'total', as: '' }] },
      ['fields_missing aFields'],
    ],
    ['find prefixes that do not help', { aPrefix: '', bPrefix: '' }, ['duplicate_field fields']],
    ['need no prefixes for one event', { kind: 'absent', aPrefix: '', bPrefix: '' }, []],
  ])('%s', (_, more, expected) => {
    expect(issues(more)).toEqual(expected)
  })

  it('say what is missing while nothing flows in, and nothing that cannot be known', () => {
    expect(issues({ first: '', second: 'x > 1', key: ['y'] }, null)).toEqual(['expression_missing first'])
  })

  it('are mended within the text', () => {
    expect(fixOf(pattern, { ...valid, condition: 'b.total > a.totl' }, input)).toMatchObject({
      path: ['condition'],
      value: 'b.total > a.total',
    })
  })

  it('show as conditions and time on the card', () => {
    const digest = (more: Partial<PatternConfig>) => pattern.digest({ ...valid, ...more } as NodeConfig)
    expect(digest({})).toBe("kind = 'a' then kind = 'b' within 1 h")
    expect(digest({ kind: 'absent', within: 90_000 })).toBe("kind = 'a' without kind = 'b' within 90 s")
    expect(digest({ second: '' })).toBe('')
  })
})

describe('what flows out of a pattern', () => {
  const out = (more: Partial<PatternConfig>, from = input) => {
    const found = inferred(pattern, { ...valid, ...more }, from).outputs.out
    return {
      names: found?.fields.map(({ name, type }) => `${name}${type.nullable ? '?' : ''}`).join(' '),
      partitionedBy: found?.partitionedBy,
      eventTimeField: found?.eventTimeField,
      updates: found?.updates,
    }
  }

  it('is both events, the key once', () => {
    expect(out({})).toEqual({
      names: 'user? a_kind? a_total a_tags? a_ts? b_kind? b_total b_tags? b_ts?',
      ...{ partitionedBy: ['user'], eventTimeField: 'b_ts', updates: undefined },
    })
  })

  it('is the first event where the second does not come', () => {
    expect(out({ kind: 'absent' })).toEqual({
      names: 'user? kind? total tags? ts?',
      ...{ partitionedBy: ['user'], eventTimeField: null, updates: undefined },
    })
  })

  it('is spread as the events were where that is within the key, and by nothing where the key goes no further', () => {
    const spread = { ...input, partitionedBy: ['user'] }
    expect(out({ key: ['user', 'kind'] }, spread).partitionedBy).toEqual(['user'])
    expect(out({ key: [] }).partitionedBy).toEqual([])
    expect(out({ fields: 'chosen', aFields: [{ field: 'total', as: '' }] }).partitionedBy).toBe(null)
    expect(out({ fields: 'chosen', bFields: [{ field: 'user', as: 'who' }] }).partitionedBy).toEqual(['who'])
  })

  it('has late events as they came', () => {
    expect(inferred(pattern, valid, input).outputs.late?.fields).toEqual(input.fields)
  })
})

describe('the state of a pattern', () => {
  const signature = (more: Partial<PatternConfig>) =>
    JSON.stringify(patternRuntime.state?.({ ...valid, ...more }, [input]).signature)

  it('is kept over a publish while conditions and times change, and not with another key or other fields', () => {
    expect(
      signature({ first: 'total > 1', within: 5, overlap: 'ignore', condition: 'a.total > b.total' }),
    ).toBe(signature({}))
    expect(signature({ key: ['kind'] })).not.toBe(signature({}))
    expect(signature({ fields: 'chosen', aFields: [{ field: 'total', as: '' }] })).not.toBe(signature({}))
  })
})
