import { describe, expect, it } from 'vitest'
import { issuesOf, stream } from '../../config/definitions.test-helper.ts'
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

  it('show as topic and key on the card', () => {
    expect(kafkaSink.digest(valid)).toBe('out, key: region')
    expect(kafkaSink.digest({ ...valid, key: [] })).toBe('out')
  })
})
