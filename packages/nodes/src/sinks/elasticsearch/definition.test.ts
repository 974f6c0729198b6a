import { describe, expect, it } from 'vitest'
import { fixOf, inferred, issuesOf, stream } from '../../config/definitions.test-helper.ts'
import { type ElasticsearchConfig, elasticsearch } from './definition.ts'
import { documentTimeField, indexDesign } from './index-design.ts'

const input = stream(
  {
    orderId: 'string not null',
    total: 'double',
    ts: 'timestamp not null',
    shippedAt: 'timestamp',
    items: 'array<struct<sku string, qty int64, at timestamp, tags array<string>>>',
    data: 'bytes',
    price: 'decimal(10, 2)',
    balance: 'decimal(38, 2)',
    labels: 'map<string, string>',
    'user.name': 'string',
  },
  { eventTimeField: 'ts' },
)

const valid: ElasticsearchConfig = {
  ...elasticsearch.defaults,
  connection: 'search',
  alias: 'orders',
  id: '{orderId}',
  fields: [
    { field: 'orderId', type: 'keyword' },
    { field: 'ts', as: '@timestamp', type: 'date' },
  ],
}

function issues(change: Partial<ElasticsearchConfig>, schema = input): string[] {
  return issuesOf(elasticsearch, { ...valid, ...change }, schema)
}

describe('the settings of an Elasticsearch sink', () => {
  it('are fine with alias, id and fields', () => {
    expect(issues({})).toEqual([])
  })

  it.each<[string, string, string[]]>([
    ['names a row', '{orderId}/{shippedAt}', []],
    ['leaves out what names a row', '{orderId}', ['update_key_unused id']],
    ['holds what can change', '{orderId}/{shippedAt}/{ts}', ['update_key_unused id']],
  ])('have an id that %s, where rows are corrected later: %s', (_, id, found) => {
    const updating = { ...input, updates: { key: ['shippedAt', 'orderId'], before: true } }
    expect(issues({ id }, updating)).toEqual(found)
    if (found.length === 0) return
    const fix = fixOf(elasticsearch, { ...valid, id }, updating)
    expect(fix).toMatchObject({ path: ['id'], value: '{shippedAt}/{orderId}' })
  })

  it('take no day from an event time that a correction may change', () => {
    const updating = { ...input, updates: { key: ['orderId'], before: true } }
    expect(issues({ index: 'daily' }, updating)).toEqual(['index_date_may_change dateField'])
  })

  it.each<[string, Partial<ElasticsearchConfig>, string]>([
    ['no connection', { connection: '' }, 'connection_missing connection'],
    ['no alias', { alias: '' }, 'alias_missing alias'],
    ['an alias in capitals', { alias: 'Orders' }, 'alias_invalid alias'],
    ['an alias that is a pattern', { alias: 'orders-*' }, 'alias_invalid alias'],
    ['an alias with a leading sign', { alias: '-orders' }, 'alias_invalid alias'],
    ['an alias with a dot', { alias: 'a.b' }, 'alias_invalid alias'],
    ['an alias that is a date expression', { alias: '<orders-{now}>' }, 'alias_invalid alias'],
    ['no id', { id: '' }, 'document_id_missing id'],
    ['an id without field', { id: 'order' }, 'document_id_invalid id'],
    ['an id with half a brace', { id: '{orderId' }, 'document_id_invalid id'],
    ['an id with an empty brace', { id: '{orderId}{}' }, 'document_id_invalid id'],
    ['an id in which fields run together', { id: '{orderId}{ts}' }, 'document_id_invalid id'],
    ['an id of an unknown field', { id: '{order}' }, 'unknown_field id'],
    ['an id of a number with a fraction', { id: '{total}' }, 'field_type id'],
    [
      'a decimal of too many digits for a scaled number',
      { fields: [{ field: 'balance', type: 'scaled_float' }] },
      'mapping_type fields.0.type',
    ],
    ['no fields', { fields: [] }, 'fields_missing fields'],
    ['an unknown field', { fields: [{ field: 'x', type: 'keyword' }] }, 'unknown_field fields.0.field'],
    [
      'a type that does not fit',
      { fields: [{ field: 'total', type: 'long' }] },
      'mapping_type fields.0.type',
    ],
    [
      'one name twice',
      { fields: [...valid.fields, { field: 'total', as: 'orderId', type: 'double' }] },
      'duplicate_field fields.2.as',
    ],
    [
      'a name that would be an object',
      { fields: [{ field: 'user.name', type: 'keyword' }] },
      'field_name_missing fields.0.as',
    ],
    [
      "one of Elasticsearch's own names",
      { fields: [{ field: 'total', as: '_id', type: 'double' }] },
      'field_name_missing fields.0.as',
    ],
    ['a time field that is not among the fields', { timeField: 'shippedAt' }, 'unknown_field timeField'],
    ['a time field that is no date', { timeField: 'orderId' }, 'field_type timeField'],
    ['a retention of one index', { retentionDays: 3 }, 'retention_unused retentionDays'],
  ])('are refused with %s', (_, change, issue) => {
    expect(issues(change)).toEqual([issue])
  })

  it('are mended by a list of all fields, each with the type that suits it', () => {
    expect(fixOf(elasticsearch, { ...valid, fields: [] }, input)?.value).toEqual([
      { field: 'orderId', type: 'keyword' },
      { field: 'total', type: 'double' },
      { field: 'ts', type: 'date' },
      { field: 'shippedAt', type: 'date' },
      { field: 'items', type: 'object' },
      { field: 'data', type: 'binary' },
      { field: 'price', type: 'scaled_float' },
      { field: 'balance', type: 'double' },
      { field: 'labels', type: 'flattened' },
      { field: 'user.name', type: 'keyword' },
    ])
  })

  it('only warn of a retention that has no effect', () => {
    expect(inferred(elasticsearch, { ...valid, retentionDays: 3 }, input).issues[0]?.severity).toBe('warning')
  })

  it('show as indices and id on the card', () => {
    expect(elasticsearch.digest({ ...valid, index: 'daily' })).toBe('daily, id = orderId')
  })
})

describe('the day of a daily index', () => {
  const daily = (change: Partial<ElasticsearchConfig>, schema = input) =>
    issues({ index: 'daily', ...change }, schema)
  const withoutEventTime = { ...input, eventTimeField: null }

  it('may come from the event-time field, which does not change when an event is sent again', () => {
    expect(daily({ dateField: null })).toEqual([])
    expect(daily({ dateField: 'ts' })).toEqual([])
  })

  it('may come from a field that is part of the id', () => {
    expect(daily({ dateField: 'ts', id: '{orderId}-{ts}' }, withoutEventTime)).toEqual([])
  })

  it('may not come from a date that could change for one id', () => {
    expect(daily({ dateField: 'shippedAt' })).toEqual(['index_date_may_change dateField'])
    expect(daily({ dateField: 'ts' }, withoutEventTime)).toEqual(['index_date_may_change dateField'])
  })

  it('may not come from a time that is no field: a record that is sent again has another one', () => {
    expect(daily({ dateField: null }, withoutEventTime)).toEqual(['index_date_may_change dateField'])
    expect(fixOf(elasticsearch, { ...valid, index: 'daily' }, withoutEventTime)).toMatchObject({
      path: ['index'],
      value: 'single',
    })
  })

  it('must be a date', () => {
    expect(daily({ dateField: 'orderId' })).toEqual(['field_type dateField'])
    expect(daily({ dateField: 'x' })).toEqual(['unknown_field dateField'])
  })
})

describe('the design of the indices', () => {
  it('says whether documents are deleted', () => {
    const updating = { ...input, updates: { key: ['orderId'], before: true } }
    expect(indexDesign(valid, updating).deletes).toBe(true)
  })

  it('scales decimals by their digits behind the point', () => {
    const fields: ElasticsearchConfig['fields'] = [{ field: 'price', type: 'scaled_float' }]
    expect(JSON.stringify(indexDesign({ ...valid, fields }, input))).toContain(
      '"price":{"type":"scaled_float","scaling_factor":100}',
    )
  })

  it('maps each field by its type, structs with all their members', () => {
    const fields: ElasticsearchConfig['fields'] = [
      { field: 'items', as: 'lines', type: 'nested' },
      { field: 'ts', type: 'date' },
    ]
    expect(indexDesign({ ...valid, fields, refreshSeconds: 5, retentionDays: 7 }, input)).toEqual({
      alias: 'orders',
      deletes: false,
      kind: 'single',
      properties: {
        lines: {
          type: 'nested',
          dynamic: 'strict',
          properties: {
            sku: { type: 'keyword' },
            qty: { type: 'long' },
            at: { type: 'date', format: 'epoch_millis||strict_date_optional_time' },
            tags: { type: 'keyword' },
          },
        },
        ts: { type: 'date', format: 'epoch_millis||strict_date_optional_time' },
      },
      refreshSeconds: 5,
      shards: 1,
      replicas: 0,
      retentionDays: 7,
    })
  })

  it('knows the time field by its name in the documents', () => {
    expect(documentTimeField({ ...valid, timeField: 'ts' })).toBe('@timestamp')
    expect(documentTimeField(valid)).toBe(null)
  })
})
