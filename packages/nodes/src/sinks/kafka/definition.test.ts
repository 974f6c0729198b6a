import { describe, expect, it } from 'vitest'
import { fixOf, issuesOf, stream } from '../../config/definitions.test-helper.ts'
import { type KafkaSinkConfig, kafkaSink } from './definition.ts'

const input = stream({ region: 'string', items: 'array<string>' })
const valid: KafkaSinkConfig = { connection: 'main', topic: 'out', key: ['region'] }

describe('the settings of a Kafka sink', () => {
  it.each<[string, Partial<KafkaSinkConfig>, string[]]>([
    ['are fine with a topic and a key', {}, []],
    ['need a connection', { connection: '' }, ['connection_missing connection']],
    ['need a topic', { topic: '' }, ['topic_missing topic']],
    ['name no topic of Millrace', { topic: 'millrace.d.dead' }, ['topic_invalid topic']],
    ['name key fields that exist', { key: ['x'] }, ['unknown_field key.0']],
    ['name key fields without parts', { key: ['items'] }, ['field_type key.0']],
  ])('%s', (_, change, issues) => {
    expect(issuesOf(kafkaSink, { ...valid, ...change }, input)).toEqual(issues)
  })

  it('name what names a row, where rows are corrected later', () => {
    const updating = { ...input, updates: { key: ['region'], before: false } }
    const both = { ...updating, updates: { key: ['region', 'day'], before: false } }
    const issuesWith = (key: string[], schema: typeof updating) =>
      issuesOf(kafkaSink, { ...valid, key }, schema)
    expect([issuesWith([], updating), issuesWith(['region'], updating)]).toEqual([[], []])
    expect(issuesWith(['region'], both)).toEqual(['update_key_unused key'])
    expect(fixOf(kafkaSink, valid, both)).toMatchObject({ path: ['key'], value: ['region', 'day'] })
  })

  it('show as topic and key on the card', () => {
    expect(kafkaSink.digest(valid)).toBe('out, key: region')
    expect(kafkaSink.digest({ ...valid, key: [] })).toBe('out')
  })
})
