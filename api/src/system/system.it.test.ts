import { redisKeys } from '@millrace/contracts'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { clientOf, startTestApp, type TestApp } from '../testing/test-app.ts'

const TOKEN = 'metrics-token-of-tests'

let place: TestApp
let call: ReturnType<typeof clientOf>
let cookie: string

beforeAll(async () => {
  place = await startTestApp({ env: { MILLRACE_METRICS_TOKEN: TOKEN } })
  const headers = await place.signIn()
  cookie = headers.cookie
  call = clientOf(place.app, headers)
  const { kafka, elasticsearch } = inject('servers')
  const connections = { kafka: { brokers: kafka }, elasticsearch: { node: elasticsearch } }
  for (const [kind, settings] of Object.entries(connections)) {
    await call('PUT', `/api/connections/${kind}`, { kind, label: `My ${kind}`, settings })
  }
})

afterAll(() => place.close())

describe('the system page', () => {
  test('tells of every server whether it answers, and what Redis promises', async () => {
    const { body } = await call('GET', '/api/system')
    const names = body.services.map(({ name, ok }: { name: string; ok: boolean }) => [name, ok])
    expect(names).toEqual([
      ['Postgres', true],
      ['Redis', true],
      ['My elasticsearch', true],
      ['My kafka', true],
    ])
    const redis = body.services[1].message
    expect(redis).toContain('state copies survive a restart')
    expect(redis).not.toContain('noeviction')
  })

  test('lists the executors that are alive', async () => {
    const [seconds = 0] = await place.app.redis.time()
    const at = seconds * 1_000
    const heartbeat = { host: 'h', pid: 1, startedAt: 5, tasks: 3, leaving: false }
    const beat = (id: string, time: number) =>
      place.app.redis.hset(redisKeys.executors, id, JSON.stringify({ id, ...heartbeat, at: time }))
    await beat('dead', at - 60_000)
    await beat('alive', at)
    const { body } = await call('GET', '/api/system')
    expect(body.executors).toEqual([{ id: 'alive', startedAt: 5, tasks: 3, leaving: false }])
  })
})

describe('the description of the api', () => {
  test('is OpenAPI 3.1, names every route of the contracts, and says what needs no session', async () => {
    const { body } = await call('GET', '/api/openapi.json')
    expect(body.openapi).toBe('3.1.0')
    const routes = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(routes).toEqual(expect.arrayContaining(ROUTES))
    expect(routes).toHaveLength(ROUTES.length)
    const draft = body.paths['/api/pipelines/{id}/draft'].put
    expect(Object.keys(draft.requestBody.content)).toEqual(['application/json'])
    expect(draft.requestBody.content['application/json'].schema.properties.revision.type).toBe('integer')
    expect(body.paths['/api/health'].get.security).toEqual([])
  })
})

describe('/metrics', () => {
  const read = (headers: Record<string, string>) => place.app.inject({ url: '/metrics', headers })

  test('is read with a session or the token, and with nothing else', async () => {
    expect((await read({ cookie })).statusCode).toBe(200)
    expect((await read({ authorization: `Bearer ${TOKEN}` })).statusCode).toBe(200)
    for (const wrong of ['', 'Bearer', 'Bearer wrong', TOKEN, `Basic ${TOKEN}`, `bearer ${TOKEN}`]) {
      expect([wrong, (await read({ authorization: wrong })).statusCode]).toEqual([wrong, 401])
    }
  })

  test('cannot be read with a token where none is set', async () => {
    const without = await startTestApp()
    for (const wrong of ['Bearer null', 'Bearer undefined', 'Bearer ']) {
      const answer = await without.app.inject({ url: '/metrics', headers: { authorization: wrong } })
      expect(answer.statusCode).toBe(401)
    }
    await without.close()
  })

  test('the token opens nothing else', async () => {
    const answer = await place.app.inject({
      url: '/api/pipelines',
      headers: { authorization: `Bearer ${TOKEN}` },
    })
    expect(answer.statusCode).toBe(401)
  })

  test('tells of requests by route and of every deployment', async () => {
    const { body } = await call('POST', '/api/pipelines', { name: 'Sample' })
    await call('GET', `/api/pipelines/${body.id}`)
    await place.app.live.tick()
    const text = (await read({ cookie })).body
    expect(text).toContain(
      'millrace_http_request_seconds_count{method="GET",route="/api/pipelines/:id",status="200"}',
    )
    expect(text).toMatch(
      new RegExp(`millrace_deployment_running\\{deployment="\\w+",pipeline="${body.id}"\\} 0`),
    )
    expect(text).not.toContain(`route="/api/pipelines/${body.id}"`)
  })
})

const ROUTES = [
  ...['GET /api/health', 'GET /api/system', 'GET /api/templates'],
  ...['POST /api/auth/sign-in-link', 'POST /api/auth/sign-in', 'POST /api/auth/sign-out'],
  ...['GET /api/auth/session', 'PUT /api/auth/password'],
  ...['GET /api/connections', 'PUT /api/connections/{id}', 'DELETE /api/connections/{id}'],
  ...['POST /api/connections/{id}/check', 'GET /api/connections/{id}/topics'],
  ...['GET /api/connections/{id}/topics/{topic}', 'GET /api/connections/{id}/topics/{topic}/sample'],
  'GET /api/connections/{id}/mappings/{alias}',
  ...['GET /api/pipelines', 'POST /api/pipelines', 'GET /api/pipelines/{id}', 'DELETE /api/pipelines/{id}'],
  ...['PUT /api/pipelines/{id}/draft', 'GET /api/pipelines/{id}/versions'],
  ...['GET /api/pipelines/{id}/versions/{version}', 'GET /api/pipelines/{id}/publish-plan'],
  ...['GET /api/pipelines/{id}/dead-letters', 'POST /api/pipelines/{id}/nodes/{nodeId}/search'],
  ...[
    'GET /api/pipelines/{id}/deployment',
    'GET /api/pipelines/{id}/live',
    'GET /api/pipelines/{id}/nodes/{nodeId}/events',
    'PUT /api/pipelines/{id}/settings',
    'GET /api/pipelines/{id}/history',
  ],
  ...['publish', 'start', 'replay', 'roll-back', 'continue', 'stop', 'answer'].map(
    (name) => `POST /api/pipelines/{id}/${name}`,
  ),
]
