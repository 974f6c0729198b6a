import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { TEMPLATES } from '../templates/templates.ts'
import { samplePipeline } from '../testing/pipelines.ts'
import { clientOf, startTestApp, type TestApp } from '../testing/test-app.ts'

let place: TestApp
let call: ReturnType<typeof clientOf>
let id: string

beforeAll(async () => {
  place = await startTestApp()
  call = clientOf(place.app, await place.signIn())
})

afterAll(() => place.close())

beforeEach(async () => {
  await place.app.prisma.pipeline.deleteMany()
  id = (await call('POST', '/api/pipelines', { name: 'Sample' })).body.id
})

const graph = samplePipeline({ source: 'orders', sink: 'counts' })
const save = (document: unknown, revision: number) =>
  call('PUT', `/api/pipelines/${id}/draft`, { graph: document, revision })

describe('a pipeline', () => {
  test('is made empty, stopped and unpublished', async () => {
    expect((await call('GET', `/api/pipelines/${id}`)).body).toMatchObject({
      name: 'Sample',
      draft: { graph: { name: 'Sample', nodes: [] }, revision: 1, savedBy: 'admin' },
      live: null,
      deployment: { state: 'stopped', version: null, reason: null },
    })
  })

  test('is made from a template, under a name of its own', async () => {
    const { body } = await call('POST', '/api/pipelines', { name: 'Mine', template: 'orders-by-region' })
    expect(body.draft.graph).toMatchObject({ name: 'Mine' })
    expect(body.draft.graph.nodes).toHaveLength(8)
    expect((await call('POST', '/api/pipelines', { name: 'x', template: 'no' })).body.code).toBe(
      'unknown_template',
    )
  })

  test('is listed with what is wrong with its draft', async () => {
    await call('POST', '/api/pipelines', { name: 'A template', template: 'filter-a-topic' })
    const { body } = await call('GET', '/api/pipelines')
    expect(body).toMatchObject([
      { name: 'A template', nodes: 3, errors: 0, unpublished: true, rate: null, lag: null },
      { name: 'Sample', nodes: 0, errors: 2 },
    ])
  })

  test('is judged anew where its draft was checked with other node types', async () => {
    await place.app.prisma.draft.updateMany({ data: { errors: 99, catalogue: 'of another time' } })
    expect((await call('GET', '/api/pipelines')).body).toMatchObject([{ name: 'Sample', errors: 2 }])
  })

  test('can be deleted while it is stopped', async () => {
    expect((await call('DELETE', `/api/pipelines/${id}`)).status).toBe(204)
    expect((await call('GET', `/api/pipelines/${id}`)).status).toBe(404)
  })

  test('that was never there is not found, on any route', async () => {
    const base = '/api/pipelines/nonexistent1'
    for (const path of [
      '',
      '/versions',
      '/versions/1',
      '/publish-plan',
      '/deployment',
      '/history',
      '/dead-letters',
      '/live',
    ]) {
      expect([path, (await call('GET', base + path)).status]).toEqual([path, 404])
    }
    for (const path of ['/stop', '/start', '/replay']) {
      const body =
        path === '/start' ? { start: { kind: 'latest' } } : path === '/replay' ? { time: 1 } : undefined
      expect([path, (await call('POST', base + path, body)).status]).toEqual([path, 404])
    }
  })

  test.each(['SHORT', 'with-dash-123', "x' OR 1=1", '../auth/session', '%00aaaaaaaa'])(
    'has no id like %j',
    async (wrong) => {
      expect([400, 404]).toContain((await call('GET', `/api/pipelines/${encodeURIComponent(wrong)}`)).status)
    },
  )
})

describe('a draft', () => {
  test('comes back as it was saved, and renames the pipeline', async () => {
    expect((await save({ ...graph, name: 'Renamed' }, 1)).body.revision).toBe(2)
    const { body } = await call('GET', `/api/pipelines/${id}`)
    expect(body).toMatchObject({ name: 'Renamed', draft: { revision: 2 } })
    expect(body.draft.graph).toEqual({ ...graph, name: 'Renamed' })
  })

  test('is saved over the newest revision only; the refusal brings the newer draft', async () => {
    await save(graph, 1)
    const refused = await save({ ...graph, name: 'Theirs' }, 1)
    expect(refused).toMatchObject({ status: 409, body: { code: 'draft_changed', draft: { revision: 2 } } })
    expect(refused.body.draft.graph).toEqual(graph)
  })

  test('of two saves at the same moment one wins', async () => {
    const both = await Promise.all([save(graph, 1), save({ ...graph, name: 'Other' }, 1)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('may hold names that mean something to JavaScript, and pollutes nothing', async () => {
    const nodes = ['__proto__', 'constructor', 'prototype'].map((name) => ({
      ...graph.nodes[0],
      id: name,
      config: JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}'),
    }))
    const layout = JSON.parse('{"__proto__": {"x": 1, "y": 2}, "constructor": {"x": 3, "y": 4}}')
    const payload = JSON.stringify({ graph: { ...graph, nodes, edges: [], layout }, revision: 1 })
    const answer = await place.app.inject({
      method: 'PUT',
      url: `/api/pipelines/${id}/draft`,
      headers: { ...(await place.signIn()), 'content-type': 'application/json' },
      payload,
    })
    expect(answer.statusCode).toBe(200)
    const shown = (await place.app.inject({ url: `/api/pipelines/${id}`, headers: await place.signIn() }))
      .body
    expect(shown).toContain('"__proto__":{"x":1,"y":2}')
    expect(shown).toContain('"__proto__":{"polluted":1}')
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  test('may hold any text in its nodes', async () => {
    const [first, ...rest] = graph.nodes
    const odd = {
      ...graph,
      nodes: [{ ...first, label: 'a\u0007\u2028b', note: '😀 </script> \\u0000' }, ...rest],
    }
    expect((await save(odd, 1)).status).toBe(200)
    expect((await call('GET', `/api/pipelines/${id}`)).body.draft.graph).toEqual(odd)
  })

  test.each([
    ['a name with control characters', { ...graph, name: 'a\u0007' }, 400],
    ['a U+0000', { ...graph, nodes: [{ ...graph.nodes[0], note: '\u0000' }], edges: [] }, 422],
    ['a member too many', { ...graph, extra: 1 }, 422],
    ['two nodes of one id', { ...graph, nodes: [graph.nodes[0], graph.nodes[0]] }, 422],
    [
      'an edge that leads nowhere',
      { ...graph, edges: [{ ...graph.edges[0], to: { node: 'no', port: 'in' } }] },
      422,
    ],
    ['a newer format', { ...graph, format: 2 }, 422],
    ['no document', 'graph', 400],
  ])('is refused with %s', async (_, document, status) => {
    expect((await save(document, 1)).status).toBe(status)
    expect((await call('GET', `/api/pipelines/${id}`)).body.draft.revision).toBe(1)
  })

  test('is refused where its settings are nested too deeply', async () => {
    let deep: unknown = 1
    for (let i = 0; i < 500; i++) deep = { deep }
    const [first] = graph.nodes
    expect((await save({ ...graph, nodes: [{ ...first, config: { deep } }], edges: [] }, 1)).status).toBe(422)
  })

  test('may be larger than other requests, and not endless', async () => {
    const note = 'x'.repeat(10_000)
    const large = (count: number) => {
      const nodes = Array.from({ length: count }, (_, i) => ({ ...graph.nodes[0], id: `n${i}`, note }))
      return { ...graph, nodes, edges: [] }
    }
    expect((await save(large(400), 1)).status).toBe(200)
    expect((await save(large(520), 2)).body.code).toBe('body_too_large')
  })
})

describe('a draft that cannot be read', () => {
  const newer = JSON.stringify({ ...graph, format: 99 })

  test.each([
    ['of a newer Millrace', newer, /written by a newer Millrace.*Update Millrace/],
    ['whose text is damaged', newer.slice(0, 40), /its text is damaged/],
  ])('%s is told in words, kept as it is, and hides no other pipeline', async (_, text, words) => {
    await call('POST', '/api/pipelines', { name: 'Whole' })
    const where = { pipelineId: id }
    await place.app.prisma.draft.update({ where, data: { graph: text, catalogue: 'of another time' } })
    const list = await call('GET', '/api/pipelines')
    expect(list.body).toMatchObject([{ name: 'Sample', errors: 1 }, { name: 'Whole' }])
    const opened = await call('GET', `/api/pipelines/${id}`)
    expect(opened).toMatchObject({
      status: 422,
      body: { code: 'pipeline_invalid', message: expect.stringMatching(words) },
    })
    expect((await place.app.prisma.draft.findUniqueOrThrow({ where })).graph).toBe(text)
    expect((await call('DELETE', `/api/pipelines/${id}`)).status).toBe(204)
  })

  test('is refused from a page of a newer Millrace, while unknown node types are kept and named', async () => {
    const refused = await save({ ...graph, format: 99 }, 1)
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'pipeline_invalid', issues: [{ code: 'newer_format' }] },
    })
    const [first, ...rest] = graph.nodes
    const unknown = { ...graph, nodes: [{ ...first, type: 'from-tomorrow' }, ...rest] }
    expect((await save(unknown, 1)).status).toBe(200)
    const { body } = await call('GET', `/api/pipelines/${id}/publish-plan`)
    expect(body.issues).toContainEqual(
      expect.objectContaining({
        code: 'unknown_node_type',
        nodeId: 'orders',
        message: expect.stringContaining('from-tomorrow'),
      }),
    )
  })
})

describe('the publish plan', () => {
  const plan = () => call('GET', `/api/pipelines/${id}/publish-plan`)

  test('tells what is wrong: in the graph, and in the world', async () => {
    await save(graph, 1)
    expect((await plan()).body.issues).toEqual([
      expect.objectContaining({ code: 'connection_unknown', nodeId: 'orders', path: ['connection'] }),
      expect.objectContaining({ code: 'connection_unknown', nodeId: 'out', path: ['connection'] }),
    ])
    const settings = { brokers: '127.0.0.1:1' }
    await call('PUT', '/api/connections/kafka', { kind: 'kafka', label: 'Kafka', settings })
    expect((await plan()).body.issues.map(({ code }: { code: string }) => code)).toEqual([
      'connection_failed',
      'connection_failed',
    ])
    await call('PUT', '/api/connections/kafka', {
      kind: 'kafka',
      label: 'Kafka',
      settings: { brokers: inject('servers').kafka },
    })
    expect((await plan()).body.issues).toMatchObject([{ code: 'topic_not_found', nodeId: 'orders' }])
    await call('DELETE', '/api/connections/kafka')
  })

  test('of an empty draft says so and asks nobody', async () => {
    expect((await plan()).body).toMatchObject({ nextVersion: 1, liveVersion: null, state: [], creates: [] })
    expect((await plan()).body.issues.map(({ code }: { code: string }) => code)).toEqual(
      expect.arrayContaining(['no_source', 'no_sink']),
    )
  })
})

describe('templates', () => {
  test('are listed with their graphs', async () => {
    const { body } = await call('GET', '/api/templates')
    expect(body.map((template: { id: string }) => template.id)).toEqual(TEMPLATES.map((one) => one.id))
    expect(body[0].graph.nodes).toHaveLength(8)
    expect(body[0].icons).toMatchObject({ kafka: 'topic', filter: 'filter' })
  })
})
