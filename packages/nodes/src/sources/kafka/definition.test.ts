import { describe, expect, it } from 'vitest'
import { fixOf, inferred, issuesOf } from '../../config/definitions.test-helper.ts'
import { type KafkaSourceConfig, kafkaSource } from './definition.ts'

const valid: KafkaSourceConfig = {
  ...kafkaSource.defaults,
  connection: 'main',
  topic: 'orders',
  fields: [
    { name: 'id', type: 'string not null' },
    { name: 'ts', type: 'timestamp' },
    { name: 'items', type: 'array<string>' },
  ],
}

function issues(change: Partial<KafkaSourceConfig>): string[] {
  return issuesOf(kafkaSource, { ...valid, ...change }, null)
}

describe('the settings of a Kafka source', () => {
  it('are fine when they name a topic and its fields', () => {
    expect(issues({})).toEqual([])
    expect(issues({ eventTime: 'ts', keyedBy: ['id'] })).toEqual([])
  })

  it.each<[string, Partial<KafkaSourceConfig>, string]>([
    ['no connection', { connection: '' }, 'connection_missing connection'],
    ['no topic', { topic: '' }, 'topic_missing topic'],
    ['a topic that is no name', { topic: 'a b' }, 'topic_invalid topic'],
    ['a topic of one dot', { topic: '.' }, 'topic_invalid topic'],
    ["one of Kafka's own topics", { topic: '__consumer_offsets' }, 'topic_invalid topic'],
    ['no fields', { fields: [] }, 'fields_missing fields'],
    ['a field without name', { fields: [{ name: '', type: 'string' }] }, 'field_name_missing fields.0.name'],
    ['a type that is none', { fields: [{ name: 'a', type: 'strnig' }] }, 'type_invalid fields.0.type'],
    [
      'one name twice',
      { fields: [...valid.fields, { name: 'id', type: 'int64' }] },
      'duplicate_field fields.3.name',
    ],
    ['an event time that is no field', { eventTime: 'tss' }, 'unknown_field eventTime'],
    ['an event time that is no time', { eventTime: 'id' }, 'field_type eventTime'],
    ['a key that is no field', { keyedBy: ['id', 'user'] }, 'unknown_field keyedBy.1'],
    ['a key with parts', { keyedBy: ['items'] }, 'field_type keyedBy.0'],
  ])('are refused with %s', (_, change, issue) => {
    expect(issues(change)).toEqual([issue])
  })

  it('may name a topic of Millrace, to look into it', () => {
    expect(issues({ topic: 'millrace.d.dead' })).toEqual([])
  })

  it('are mended where a name is near', () => {
    expect(fixOf(kafkaSource, { ...valid, eventTime: 'tss' }, null)).toEqual({
      label: 'Use "ts"',
      path: ['eventTime'],
      value: 'ts',
    })
  })

  it('still give the fields that can be read', () => {
    const { outputs } = inferred(
      kafkaSource,
      { ...valid, fields: [...valid.fields, { name: 'x', type: '?' }] },
      null,
    )
    expect(outputs.out?.fields.map(({ name }) => name)).toEqual(['id', 'ts', 'items'])
  })

  it('show as topic and key on the card', () => {
    expect(kafkaSource.digest(valid)).toBe('orders')
    expect(kafkaSource.digest({ ...valid, keyedBy: ['id'] })).toBe('orders keyed by id')
  })
})
