import { formatType } from '@millrace/expr'
import { describe, expect, it } from 'vitest'
import { fixOf, inferred, issuesOf, stream } from '../../config/definitions.test-helper.ts'
import { enrich } from './definition.ts'
import { DEFAULTS, type EnrichConfig } from './settings.ts'

const input = stream({
  userId: 'string',
  amount: 'double',
  number: 'int64',
  'a.b': 'string',
  a: 'struct<b int64, list array<struct<key string, deep array<string>>>>',
})

const valid: EnrichConfig = {
  ...DEFAULTS,
  connection: 'main',
  topic: 'users',
  fields: [
    { name: 'id', type: 'string not null' },
    { name: 'region', type: 'string not null' },
  ],
  keyField: 'id',
  key: 'userId',
  add: [{ field: 'region', as: '' }],
  miss: 'keep',
}

function issues(change: Partial<EnrichConfig>): string[] {
  return issuesOf(enrich, { ...valid, ...change }, input)
}

describe('an enrich of rows that are corrected later', () => {
  const updating = { ...input, updates: { key: ['number'], before: true } }

  it('keeps rows that find nothing', () => {
    expect(issuesOf(enrich, { ...valid, miss: 'keep' }, updating)).toEqual([])
    for (const miss of ['drop', 'dead-letter'])
      expect(fixOf(enrich, { ...valid, miss }, updating)).toMatchObject({ path: ['miss'], value: 'keep' })
  })

  it('no longer tells what a row was', () => {
    expect(inferred(enrich, valid, updating).outputs.out?.updates).toEqual({
      key: ['number'],
      before: false,
    })
  })
})

describe('the settings of an enrich', () => {
  it('are fine when they name a row and what to add of it', () => {
    expect(issues({})).toEqual([])
  })

  it.each<[string, Partial<EnrichConfig>, string]>([
    ['no topic', { topic: '' }, 'topic_missing topic'],
    ['no connection', { connection: '' }, 'connection_missing connection'],
    ['a field to look up that does not exist', { key: 'user' }, 'unknown_field key'],
    ['no field to look up', { key: '' }, 'field_missing key'],
    ['a look-up by a double', { key: 'amount' }, 'field_type key'],
    ['a look-up by another type than that of the reference key', { key: 'number' }, 'field_type key'],
    ['a path through two arrays', { key: 'a.list.deep' }, 'field_type key'],
    ['a path that goes on behind a value', { key: 'userId.x' }, 'unknown_field key'],
    ['no reference key', { keyField: '' }, 'field_missing keyField'],
    ['nothing to add', { add: [] }, 'fields_missing add'],
    ['a field to add that does not exist', { add: [{ field: 'x', as: '' }] }, 'unknown_field add.0.field'],
    ['a name that is taken', { add: [{ field: 'region', as: 'userId' }] }, 'duplicate_field add.0.as'],
    [
      'one name twice',
      {
        add: [
          { field: 'region', as: 'x' },
          { field: 'id', as: 'x' },
        ],
      },
      'duplicate_field add.1.as',
    ],
  ])('are refused with %s', (_, change, issue) => {
    expect(issues(change)).toEqual([issue])
  })

  it('ask for the reference fields first', () => {
    expect(issues({ fields: [] })).toEqual(['fields_missing fields'])
  })

  it('show as topic and key on the card', () => {
    expect(enrich.digest(valid)).toBe('users by userId')
  })
})

describe('the type of an added field', () => {
  const added = (key: string, miss: EnrichConfig['miss'], type = 'string not null') => {
    const fields = [
      { name: 'id', type: 'string' },
      { name: 'region', type },
    ]
    const field = inferred(enrich, { ...valid, fields, key, miss }, input).outputs.out?.fields.at(-1)
    return field && formatType(field.type)
  }

  it('is nullable where misses are kept', () => {
    expect(added('userId', 'keep')).toBe('string')
    expect(added('userId', 'drop')).toBe('string not null')
    expect(added('userId', 'dead-letter', 'string')).toBe('string')
  })

  it('is an array where the path leads through one', () => {
    expect(added('a.list.key', 'keep')).toBe('array<string>')
    expect(added('a.list.key', 'drop')).toBe('array<string not null> not null')
  })

  it('comes from a field of exactly this name before a path', () => {
    expect(added('a.b', 'keep')).toBe('string')
    expect(issues({ key: 'a.b' })).toEqual([])
  })
})

describe('an enrich from a table', () => {
  const table: EnrichConfig = {
    ...DEFAULTS,
    reference: 'table',
    table: 'id,n,region\nu-1,1,EU\nu-2,2,US',
    keyField: 'id',
    key: 'userId',
    add: [{ field: 'region', as: '' }],
  }
  const found = (change: Partial<EnrichConfig>) => issuesOf(enrich, { ...table, ...change }, input)

  it('needs no topic, and no types', () => {
    expect(found({})).toEqual([])
    expect(inferred(enrich, table, input).outputs.out?.fields.at(-1)).toMatchObject({
      name: 'region',
      type: { kind: 'string', nullable: true },
    })
  })

  it.each<[string, Partial<EnrichConfig>, string[]]>([
    ['nothing in it', { table: '' }, ['table_missing table']],
    ['a mistake in it', { table: 'id,region\nu-1' }, ['table_invalid table']],
    ['two rows of one key', { table: 'id,region\nu-1,EU\nu-1,US' }, ['table_invalid table']],
    ['a key column that is not there', { keyField: 'di' }, ['unknown_field keyField']],
    ['a column to add that is not there', { add: [{ field: 'x', as: '' }] }, ['unknown_field add.0.field']],
    [
      'a further key that is not there',
      { furtherKeys: [{ key: 'x', keyField: 'y' }] },
      ['unknown_field furtherKeys.0.keyField', 'unknown_field furtherKeys.0.key'],
    ],
    [
      'a further key of another type',
      { furtherKeys: [{ key: 'userId', keyField: 'n' }] },
      ['field_type furtherKeys.0.key'],
    ],
    [
      'a further key in an array',
      { furtherKeys: [{ key: 'a.list.key', keyField: 'region' }] },
      ['field_type furtherKeys.0.key'],
    ],
    [
      'a further key that is not chosen',
      { furtherKeys: [{ key: '', keyField: 'n' }] },
      ['field_missing furtherKeys.0.key'],
    ],
  ])('is refused with %s', (_, change, issues) => {
    expect(found(change)).toEqual(issues)
  })

  it('tells its further keys on the card', () => {
    expect(enrich.digest({ ...table, furtherKeys: [{ key: 'number', keyField: 'n' }] })).toBe(
      'table by userId, number',
    )
  })
})

describe('an enrich by versions', () => {
  const versions: EnrichConfig = { ...valid, reference: 'versions' }
  const found = (change: Partial<EnrichConfig>) => issuesOf(enrich, { ...versions, ...change }, input)

  it('spreads events by the field that is looked up', () => {
    expect(found({})).toEqual([])
    expect(
      inferred(enrich, versions, { ...input, partitionedBy: ['number'] }).outputs.out?.partitionedBy,
    ).toEqual(['userId'])
    expect(
      inferred(enrich, valid, { ...input, partitionedBy: ['number'] }).outputs.out?.partitionedBy,
    ).toEqual(['number'])
  })

  it.each<[string, Partial<EnrichConfig>, string[]]>([
    ['no topic', { topic: '' }, ['topic_missing topic']],
    ['a field to look up that lies within another', { key: 'a.list.key' }, ['field_type key']],
    ['a version time that is not there', { versionTime: 'since' }, ['unknown_field versionTime']],
    ['a version time that is no time', { versionTime: 'region' }, ['field_type versionTime']],
  ])('is refused with %s', (_, change, issues) => {
    expect(found(change)).toEqual(issues)
  })

  it('takes no rows that are corrected later, which a topic in memory does', () => {
    const updating = { ...input, updates: { key: ['userId'], before: true } }
    expect(fixOf(enrich, versions, updating)).toMatchObject({ path: ['reference'], value: 'topic' })
  })
})

it.each([
  ['1', []],
  ['2', ['reference', 'table', 'separator', 'columns', 'furtherKeys']],
])('settings of version %s read a topic that is held in memory', (version, known) => {
  const first = ['connection', 'topic', 'fields', 'keyField', 'key', 'add', 'miss']
  const old = Object.fromEntries(
    Object.entries(valid).filter(([name]) => [...first, ...known].includes(name)),
  )
  expect(enrich.migrate?.(old, Number(version))).toEqual(valid)
})
