import { inferSchemas, type NodeConfig, sensitiveFields } from '@millrace/graph'
import { node, pipeline } from '@millrace/graph/testing'
import { describe, expect, it } from 'vitest'
import { catalogue } from './index.ts'

function made(id: string, type: string, config: NodeConfig) {
  const definition = catalogue.get(type)
  if (definition === undefined) throw new Error(type)
  return node(id, definition, { ...definition.defaults, ...config })
}

const users = made('users', 'kafka', {
  connection: 'k',
  topic: 'users',
  fields: [
    { name: 'id', type: 'int64 not null' },
    { name: 'email', type: 'string', sensitive: true },
    { name: 'address', type: 'struct<city string, zip string>', sensitive: true },
    { name: 'phones', type: 'array<struct<kind string, number string>>', sensitive: true },
    { name: 'total', type: 'double' },
  ],
})

/** The sensitive fields behind a node of this type, of all that it has. */
function behind(type: string, config: NodeConfig, edges = ['users → n']) {
  const graph = pipeline([users, made('n', type, config), made('other', 'kafka', users.config)], edges)
  const { nodes } = inferSchemas(graph, catalogue)
  const fields = nodes.get('n')?.outputs.out?.fields.map(({ name }) => name) ?? []
  const sensitive = sensitiveFields(graph, catalogue, nodes).get('n')?.outputs.out ?? new Set()
  expect(fields).not.toEqual([])
  return {
    sensitive: fields.filter((name) => sensitive.has(name)),
    others: fields.filter((name) => !sensitive.has(name)),
  }
}

describe('what is made of sensitive fields', () => {
  it('is sensitive where it goes on as it is', () => {
    const { sensitive, others } = behind('filter', { condition: 'total > 1' })
    expect(sensitive).toEqual(['email', 'address', 'phones'])
    expect(others).toEqual(['id', 'total'])
  })

  it('is sensitive under another name, of another type, and within an expression', () => {
    const { sensitive, others } = behind('select', {
      rest: 'drop',
      keep: ['id'],
      rename: [{ field: 'email', name: 'contact' }],
      fields: [
        { name: 'city', expression: 'address.city' },
        { name: 'domain', expression: "split(email, '@')[1]" },
        { name: 'double_total', expression: 'total * 2' },
        // No field, but a part of another word.
        { name: 'emails', expression: 'total + id' },
      ],
    })
    expect(sensitive).toEqual(expect.arrayContaining(['contact', 'city', 'domain']))
    expect(others).toEqual(expect.arrayContaining(['id', 'double_total', 'emails']))
  })

  it('is sensitive in aggregates and groups', () => {
    const { sensitive, others } = behind('window', {
      groupBy: ['email'],
      aggregates: [
        { function: 'count', as: 'n' },
        { function: 'collect', argument: 'address.city', as: 'cities' },
        { function: 'sum', argument: 'total', as: 'sum' },
      ],
    })
    expect(sensitive).toEqual(['email', 'cities', 'cities_truncated'])
    expect(others).toEqual(['window_start', 'window_end', 'n', 'sum'])
  })

  it('is sensitive in elements that are spread', () => {
    const { sensitive } = behind('explode', { list: 'phones', parts: 'spread', prefix: 'phone_' })
    expect(sensitive).toEqual(expect.arrayContaining(['phone_kind', 'phone_number', 'email']))
  })

  it('is sensitive behind the prefix of a join', () => {
    const { sensitive, others } = behind(
      'join',
      { on: [{ left: 'id', right: 'id' }], leftPrefix: 'l', rightPrefix: 'r_' },
      ['users → n.left', 'other → n.right'],
    )
    expect(sensitive).toEqual(expect.arrayContaining(['lemail', 'r_email', 'laddress', 'r_phones']))
    expect(others).toEqual(expect.arrayContaining(['id', 'ltotal', 'r_total']))
  })

  it('is sensitive where a reference marks it', () => {
    const { sensitive, others } = behind('enrich', {
      connection: 'k',
      topic: 'people',
      fields: [
        { name: 'id', type: 'int64' },
        { name: 'name', type: 'string', sensitive: true },
        { name: 'region', type: 'string' },
      ],
      keyField: 'id',
      key: 'id',
      add: [
        { field: 'name', as: 'person' },
        { field: 'region', as: '' },
      ],
    })
    expect(sensitive).toEqual(expect.arrayContaining(['person', 'email']))
    expect(others).toContain('region')
  })
})

describe('what may come up in errors', () => {
  const at = (type: string, config: NodeConfig) => {
    const graph = pipeline([users, made('n', type, config)], ['users → n'])
    return sensitiveFields(graph, catalogue, inferSchemas(graph, catalogue).nodes).get('n')
  }

  it('is what a transform looks at, and everything that a sink writes', () => {
    expect(at('filter', { condition: "email like 'a%'" })?.inErrors).toBe(true)
    expect(at('filter', { condition: 'total > 1' })?.inErrors).toBe(false)
    expect(at('kafka-sink', { topic: 't' })?.inErrors).toBe(true)
    const graph = pipeline([users], [])
    const { nodes } = inferSchemas(graph, catalogue)
    expect(sensitiveFields(graph, catalogue, nodes).get('users')?.inErrors).toBe(false)
  })

  it('is a record of before, a row or a document, by all its names', () => {
    const before = at('select', { rest: 'drop', keep: ['id'], rename: [], fields: [] })
    expect(before?.anywhere).toEqual(new Set(['email', 'address', 'phones']))
    expect(before?.outputs.out).toEqual(new Set())
    const document = at('elasticsearch', { fields: [{ field: 'email', as: 'contact', type: 'keyword' }] })
    expect(document?.anywhere).toEqual(new Set(['email', 'address', 'phones', 'contact']))
  })
})

it('nothing is sensitive where nothing is marked', () => {
  const plain = { ...users, config: { ...users.config, fields: [{ name: 'email', type: 'string' }] } }
  const graph = pipeline([plain], [])
  expect(sensitiveFields(graph, catalogue, inferSchemas(graph, catalogue).nodes).get('users')).toEqual({
    ...{ inputs: {}, outputs: {}, anywhere: new Set(), inErrors: false },
  })
})
