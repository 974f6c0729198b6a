import { randomUUID } from 'node:crypto'
import { Client } from '@elastic/elasticsearch'
import type { VersionedDocument } from '@millrace/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ElasticsearchPort, IndexDesign } from '../../elasticsearch-port.ts'
import { servers } from '../../servers.test-helper.ts'
import { createElasticsearchPort } from './connector.ts'
import { MAPPING_TYPES } from './mapping.ts'

let client: Client
let port: ElasticsearchPort

beforeAll(() => {
  const node = servers().elasticsearch
  client = new Client({ node })
  port = createElasticsearchPort({ node }, {})
})

afterAll(async () => {
  await port.close()
  await client.close()
})

function newAlias(): string {
  return `t${randomUUID()}`
}

function design(alias: string, change: Partial<IndexDesign> = {}): IndexDesign {
  return {
    alias,
    kind: 'single',
    properties: {
      name: { type: 'keyword' },
      words: { type: 'text' },
      n: { type: 'long' },
      ts: MAPPING_TYPES.date.mapping(),
    },
    refreshSeconds: 1,
    shards: 1,
    replicas: 0,
    retentionDays: null,
    deletes: false,
    ...change,
  }
}

function document(target: string, id: string, body: object | string, version: bigint): VersionedDocument {
  return { op: 'index', target, id, body: typeof body === 'string' ? body : JSON.stringify(body), version }
}

/** An alias with its template, and the name of its only index. */
async function newIndex(change: Partial<IndexDesign> = {}): Promise<{ alias: string; index: string }> {
  const alias = newAlias()
  await port.ensureTemplate(design(alias, change))
  return { alias, index: `${alias}-all` }
}

async function sourceOf(index: string, id: string): Promise<unknown> {
  return (await client.get({ index, id }))._source
}

describe('check', () => {
  it('tells the version', async () => {
    expect(await port.check()).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/) })
  })
})

describe('indices', () => {
  it('are made from the template, with mapping, settings and alias', async () => {
    const { alias, index } = await newIndex({ refreshSeconds: 7 })
    await port.ensureIndex(index)
    const found = (await client.indices.get({ index }))[index]
    expect(found?.aliases).toEqual({ [alias]: {} })
    expect(found?.mappings).toMatchObject({ dynamic: 'strict', properties: design(alias).properties })
    expect(found?.settings?.index).toMatchObject({
      refresh_interval: '7s',
      number_of_shards: '1',
      number_of_replicas: '0',
    })
    expect(found?.settings?.index).not.toHaveProperty('gc_deletes')
  })

  it('keep the versions of deleted documents for an hour where documents are deleted', async () => {
    const { alias, index } = await newIndex()
    await port.ensureIndex(index)
    const gcDeletes = async () => (await client.indices.get({ index }))[index]?.settings?.index?.gc_deletes
    expect(await gcDeletes()).toBe(undefined)
    await port.ensureTemplate(design(alias, { deletes: true }))
    expect(await gcDeletes()).toBe('1h')
    const fresh = await newIndex({ deletes: true })
    await port.ensureIndex(fresh.index)
    expect((await client.indices.get({ index: fresh.index }))[fresh.index]?.settings?.index?.gc_deletes).toBe(
      '1h',
    )
  })

  it('are made once, by whomever comes first', async () => {
    const { index } = await newIndex()
    const other = createElasticsearchPort({ node: servers().elasticsearch }, {})
    await Promise.all([port.ensureIndex(index), other.ensureIndex(index), port.ensureIndex(index)])
    await other.close()
    expect(await client.indices.exists({ index })).toBe(true)
  })

  it('of an alias that begins like another one get the template of their own', async () => {
    const short = newAlias()
    const long = `${short}-eu`
    await port.ensureTemplate(design(long, { kind: 'daily', properties: { long: { type: 'long' } } }))
    await port.ensureTemplate(design(short, { kind: 'daily', properties: { short: { type: 'long' } } }))
    await port.ensureIndex(`${long}-2026-01-01`)
    await port.ensureIndex(`${short}-2026-01-01`)
    const found = await client.indices.get({ index: `${short}-*` })
    expect(found[`${long}-2026-01-01`]?.mappings?.properties).toEqual({ long: { type: 'long' } })
    expect(found[`${long}-2026-01-01`]?.aliases).toEqual({ [long]: {} })
    expect(found[`${short}-2026-01-01`]?.mappings?.properties).toEqual({ short: { type: 'long' } })
  })

  it('that exist get new fields, the refresh interval and the alias', async () => {
    const { alias, index } = await newIndex()
    await port.ensureIndex(index)
    await client.indices.deleteAlias({ index, name: alias })
    const properties = { ...design(alias).properties, more: { type: 'boolean' } }
    await port.ensureTemplate(design(alias, { properties, refreshSeconds: 9 }))
    const found = (await client.indices.get({ index }))[index]
    expect(found?.mappings?.properties).toEqual(properties)
    expect(found?.settings?.index?.refresh_interval).toBe('9s')
    expect(found?.aliases).toEqual({ [alias]: {} })
  })

  it('that hold a field in another way are a conflict in words', async () => {
    const { alias, index } = await newIndex()
    await port.ensureIndex(index)
    await expect(
      port.ensureTemplate(design(alias, { properties: { n: { type: 'keyword' } } })),
    ).rejects.toEqual(
      expect.objectContaining({
        name: 'PortError',
        code: 'mapping_conflict',
        domain: 'user',
        retry: 'never',
      }),
    )
  })

  it('may not have the name of the alias', async () => {
    const alias = newAlias()
    await client.indices.create({ index: alias })
    await expect(port.ensureTemplate(design(alias))).rejects.toEqual(
      expect.objectContaining({ code: 'alias_taken', domain: 'user' }),
    )
  })

  it('are dropped when their retention is over, and no others', async () => {
    const alias = newAlias()
    await port.ensureTemplate(design(alias, { kind: 'daily' }))
    const days = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04']
    for (const day of days) await port.ensureIndex(`${alias}-${day}`)
    await client.indices.create({ index: `${alias}-eu-2000-01-01` })
    const dropped = await port.dropExpired({ alias, retentionDays: 2 }, Date.UTC(2026, 0, 4, 12))
    expect(dropped).toEqual([`${alias}-2026-01-01`, `${alias}-2026-01-02`])
    expect(Object.keys(await client.indices.get({ index: `${alias}-*` })).sort()).toEqual([
      `${alias}-2026-01-03`,
      `${alias}-2026-01-04`,
      `${alias}-eu-2000-01-01`,
    ])
    expect(await port.dropExpired({ alias, retentionDays: null }, Date.UTC(2100, 0, 1))).toEqual([])
  })
})

describe('a delivery', () => {
  it('writes documents exactly, and creates their indices first', async () => {
    const alias = newAlias()
    await port.ensureTemplate(design(alias, { kind: 'daily' }))
    const outcomes = await port.deliver([
      document(`${alias}-2026-01-01`, 'a', '{"n":9007199254740993,"name":"x\\ny"}', 1n),
      document(`${alias}-2026-01-02`, 'id with "quotes" and\nbreaks', { n: 2 }, 2n),
    ])
    expect(outcomes).toEqual([{ kind: 'done' }, { kind: 'done' }])
    expect(Object.keys(await client.indices.getAlias({ name: alias })).sort()).toEqual([
      `${alias}-2026-01-01`,
      `${alias}-2026-01-02`,
    ])
    await client.indices.refresh({ index: alias })
    const found = await port.search(alias, { query: 'name:*', timeField: null, size: 10 })
    expect(found.documents.map(({ source }) => source)).toEqual(['{"n":9007199254740993,"name":"x\\ny"}'])
    expect(await sourceOf(`${alias}-2026-01-02`, 'id with "quotes" and\nbreaks')).toEqual({ n: 2 })
  })

  it('lets the higher version win, and tells the stored one with all its digits', async () => {
    const { index } = await newIndex()
    const version = 32_767n * 2n ** 48n + 2n ** 47n + 1n
    const write = (n: number, of: bigint) => port.deliver([document(index, 'a', { n }, of)])
    expect(await write(1, version)).toEqual([{ kind: 'done' }])
    expect(await write(2, version - 1n)).toEqual([{ kind: 'conflict', stored: version }])
    expect(await write(3, version)).toEqual([{ kind: 'conflict', stored: version }])
    expect(await sourceOf(index, 'a')).toEqual({ n: 1 })
    expect(await write(4, version + 1n)).toEqual([{ kind: 'done' }])
    expect(await sourceOf(index, 'a')).toEqual({ n: 4 })
  })

  it('settles each document of a batch by itself', async () => {
    const { index } = await newIndex()
    const outcomes = await port.deliver([
      document(index, 'a', { n: 1 }, 5n),
      document(index, 'b', { n: 'no number' }, 5n),
      document(index, 'c', { unknown: 1 }, 5n),
      document(index, 'a', { n: 2 }, 4n),
      document(index, 'x'.repeat(513), { n: 1 }, 5n),
      document(index, 'd', '{"n":', 5n),
      document(index, 'e', { n: 3 }, 5n),
    ])
    const refusal = { kind: 'reject', code: 'document_refused', reason: expect.stringMatching(/./) }
    expect(outcomes).toEqual([
      { kind: 'done' },
      refusal,
      refusal,
      { kind: 'conflict', stored: 5n },
      refusal,
      refusal,
      { kind: 'done' },
    ])
    const reasons = outcomes.map((outcome) => ('reason' in outcome ? outcome.reason : ''))
    expect(reasons[1]).toContain('failed to parse field [n]')
    expect(reasons[2]).toContain('[unknown]')
    expect(reasons[4]).toContain('too long')
  })

  it('deletes documents, those that are not there too', async () => {
    const { index } = await newIndex()
    await port.deliver([document(index, 'a', { n: 1 }, 1n)])
    const deletion = (id: string): VersionedDocument => ({
      op: 'delete',
      target: index,
      id,
      body: null,
      version: 2n,
    })
    expect(await port.deliver([deletion('a'), deletion('b')])).toEqual([{ kind: 'done' }, { kind: 'done' }])
    expect(await client.exists({ index, id: 'a' })).toBe(false)
  })

  it('takes a deletion of a higher version for what is stored', async () => {
    const { index } = await newIndex()
    const written = document(index, 'a', { n: 1 }, 1n)
    const deletion: VersionedDocument = { op: 'delete', target: index, id: 'a', body: null, version: 2n }
    await port.deliver([written, deletion])
    const stored = { kind: 'conflict', stored: 2n }
    expect(await port.deliver([written, deletion])).toEqual([stored, stored])
    expect(await client.exists({ index, id: 'a' })).toBe(false)
  })

  it('waits while writes are blocked, and goes on by itself', async () => {
    const { index } = await newIndex()
    await port.ensureIndex(index)
    const block = (isBlocked: boolean) =>
      client.indices.putSettings({
        index,
        settings: { 'index.blocks.read_only_allow_delete': isBlocked } as never,
      })
    await block(true)
    expect((await port.deliver([document(index, 'a', { n: 1 }, 1n)]))[0]).toMatchObject({ kind: 'retry' })
    await block(false)
    expect(await port.deliver([document(index, 'a', { n: 1 }, 1n)])).toEqual([{ kind: 'done' }])
  })

  it('creates an index that was deleted with the right mapping, not with a guessed one', async () => {
    const { index } = await newIndex()
    await port.deliver([document(index, 'a', { n: 1 }, 1n)])
    await client.indices.delete({ index })
    const outcomes = await port.deliver([
      document(index, 'b', { n: 1 }, 1n),
      document(index, 'c', { x: 1 }, 1n),
    ])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'reject'])
    expect((await client.indices.getMapping({ index }))[index]?.mappings.dynamic).toBe('strict')
  })

  it('stops for an index that is closed', async () => {
    const { index } = await newIndex()
    await port.ensureIndex(index)
    await client.indices.close({ index })
    expect((await port.deliver([document(index, 'a', { n: 1 }, 1n)]))[0]).toMatchObject({
      kind: 'refused',
      code: 'elasticsearch_refuses',
    })
  })

  it('of nothing does nothing', async () => {
    expect(await port.deliver([])).toEqual([])
  })

  it('keeps everything waiting while nobody answers', async () => {
    const away = createElasticsearchPort({ node: 'http://127.0.0.1:1' }, {})
    const outcomes = await away.deliver([document('a-all', 'a', {}, 1n), document('a-all', 'b', {}, 1n)])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['retry', 'retry'])
    await expect(away.check()).rejects.toEqual(
      expect.objectContaining({
        name: 'PortError',
        code: 'unreachable',
        domain: 'external',
        retry: 'backoff',
      }),
    )
    await away.close()
  })
})

describe('a search', () => {
  let alias: string

  beforeAll(async () => {
    alias = newAlias()
    await port.ensureTemplate(design(alias, { kind: 'daily' }))
    await port.deliver([
      document(`${alias}-2026-01-01`, 'a', { name: 'US-WEST', words: 'red shoes', n: 1, ts: 1000 }, 1n),
      document(
        `${alias}-2026-01-02`,
        'b',
        { name: 'EU', words: 'blue shoes and/or socks', n: 2, ts: 3000 },
        2n,
      ),
      document(`${alias}-2026-01-02`, 'c', '{"name":"EU","n":9223372036854775807,"ts":2000}', 3n),
    ])
    await client.indices.refresh({ index: alias })
  })

  async function find(query: string, change: object = {}): Promise<string[]> {
    const { documents } = await port.search(alias, { query, timeField: 'ts', size: 10, ...change })
    return documents.map(({ id }) => id)
  }

  it.each([
    ['', ['b', 'c', 'a']],
    ['name:EU', ['b', 'c']],
    ['name:"US-WEST"', ['a']],
    ['shoes', ['b', 'a']],
    ['shoes red', ['a']],
    ['shoes AND NOT name:EU', ['a']],
    ['n:[2 TO 5]', ['b']],
    ['n:>1', ['b', 'c']],
    ['ts:["1970-01-01T00:00:02Z" TO *]', ['b', 'c']],
    ['words:sho*', ['b', 'a']],
    ['n:shoes', []],
    ['and/or', ['b']],
    ['/.*/', []],
    ['words:/(s+)+x/', []],
  ])('for %j finds %j, newest first', async (query, ids) => {
    expect(await find(query)).toEqual(ids)
  })

  it('keeps to a range of time, bounds included', async () => {
    expect(await find('', { from: 1000, to: 2000 })).toEqual(['c', 'a'])
    expect(await find('name:EU', { from: 2001 })).toEqual(['b'])
  })

  it('gives as many as are asked for, and counts all', async () => {
    const found = await port.search(alias, { query: '', timeField: 'ts', size: 1 })
    expect(found).toMatchObject({ total: 3, more: false, tookMs: expect.any(Number) })
    expect(found.documents).toEqual([
      {
        index: `${alias}-2026-01-02`,
        id: 'b',
        source: '{"name":"EU","words":"blue shoes and/or socks","n":2,"ts":3000}',
      },
    ])
  })

  it('gives whole numbers with all their digits', async () => {
    const { documents } = await port.search(alias, { query: 'n:>2', timeField: null, size: 1 })
    expect(documents[0]?.source).toBe('{"name":"EU","n":9223372036854775807,"ts":2000}')
  })

  it.each(['*shoes', 'name:*EU', 'name:', '(a OR', 'n:[1 TO', 'a~~~('])(
    'refuses %j in words',
    async (query) => {
      await expect(find(query)).rejects.toEqual(
        expect.objectContaining({ name: 'PortError', code: 'invalid_query', domain: 'user', retry: 'never' }),
      )
    },
  )

  it('behind an alias that has no index yet finds nothing', async () => {
    expect(await port.search(newAlias(), { query: '', timeField: 'ts', size: 1 })).toMatchObject({
      total: 0,
      documents: [],
    })
  })

  it('orders by a time field that documents do not have', async () => {
    expect((await find('', { timeField: 'other' })).sort()).toEqual(['a', 'b', 'c'])
  })
})
