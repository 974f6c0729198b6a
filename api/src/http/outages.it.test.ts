import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createTopics, freshTopic, samplePipeline } from '../testing/pipelines.ts'
import { startGate, type TcpGate } from '../testing/tcp-gate.ts'
import { clientOf, startTestApp, type TestApp } from '../testing/test-app.ts'
import { until } from '../testing/until.ts'

let postgres: TcpGate
let redis: TcpGate
let place: TestApp
let call: ReturnType<typeof clientOf>
let pipeline: string

beforeAll(async () => {
  const servers = inject('servers')
  postgres = await startGate(Number(new URL(servers.postgres).port))
  redis = await startGate(Number(new URL(servers.redis).port))
  place = await startTestApp({
    through: { postgres: postgres.port, redis: redis.port },
  })
  call = clientOf(place.app, await place.signIn())
  pipeline = (await call('POST', '/api/pipelines', { name: 'Sample' })).body.id
})

afterAll(async () => {
  await place.close()
  await postgres.shut()
  await redis.shut()
})

const health = async () => (await place.app.inject('/api/health')).json()

/** Shuts a gate, does something, and opens it again. */
async function without(
  gate: TcpGate,
  name: 'postgres' | 'redis',
  action: () => Promise<void>,
): Promise<void> {
  await gate.shut()
  try {
    await until(health, (now) => now[name] === false)
    await action()
  } finally {
    await gate.open()
  }
  await until(health, (now) => now.ok === true)
}

describe('while Postgres is down', () => {
  test('health says so, and every other route says in words that what runs goes on', async () => {
    await without(postgres, 'postgres', async () => {
      expect(await health()).toEqual({ ok: false, postgres: false, redis: true })
      for (const url of [
        '/api/pipelines',
        `/api/pipelines/${pipeline}`,
        '/api/connections',
        '/api/auth/session',
      ]) {
        const answer = await call('GET', url)
        expect([url, answer.status, answer.body.code]).toEqual([url, 503, 'database_unavailable'])
        expect(answer.body.message).toContain('What runs goes on')
      }
    })
    expect((await call('GET', `/api/pipelines/${pipeline}`)).status).toBe(200)
  })

  test('nobody is signed in by it, and nobody is signed out', async () => {
    await without(postgres, 'postgres', async () => {
      const payload = { email: 'admin@localhost', password: 'correct horse' }
      const answer = await place.app.inject({ method: 'POST', url: '/api/auth/sign-in', payload })
      expect(answer.statusCode).toBe(503)
      expect(answer.cookies).toEqual([])
    })
    expect((await call('GET', '/api/auth/session')).status).toBe(200)
  })
})

test('while Postgres is down Monitoring says so in words, and no longer when it is back', async () => {
  const row = await place.app.prisma.deployment.findUniqueOrThrow({ where: { pipelineId: pipeline } })
  const frame = () => place.app.live.frame(row.id, Date.now())
  await until(frame, (now) => now !== null)
  await without(postgres, 'postgres', async () => {
    const problems = (await until(frame, (now) => now?.problems.length === 1))?.problems
    expect(problems).toMatchObject([{ code: 'database_unreachable', resumes: true }])
    expect(problems?.[0]?.message).toContain('What runs goes on')
  })
  await until(frame, (now) => now?.problems.length === 0)
})

test('an api that starts while Redis is down carries out what is asked of it later', async () => {
  const servers = inject('servers')
  const gate = await startGate(Number(new URL(servers.redis).port))
  const port = Number(new URL(servers.postgres).port)
  await gate.shut()
  const late = await startTestApp({ through: { postgres: port, redis: gate.port } })
  try {
    await gate.open()
    await until(
      async () => (await late.app.inject('/api/health')).json(),
      (now) => now.redis === true,
    )
    const ask = clientOf(late.app, await late.signIn())
    const settings = { brokers: servers.kafka }
    await ask('PUT', '/api/connections/kafka', { kind: 'kafka', label: 'Kafka', settings })
    const { id } = (await ask('POST', '/api/pipelines', { name: 'Late' })).body
    const source = freshTopic('orders')
    await createTopics([source])
    const graph = samplePipeline({ source, sink: `${source}-counts` })
    await ask('PUT', `/api/pipelines/${id}/draft`, { graph, revision: 1 })
    const request = { revision: 2, acknowledgeEmpty: [], start: { kind: 'earliest' } }
    expect((await ask('POST', `/api/pipelines/${id}/publish`, request)).status).toBe(202)
    // No executor is there: the steps before its own are done.
    const seen = await until(
      async () => (await ask('GET', `/api/pipelines/${id}/deployment`)).body,
      ({ operation }) => operation.steps[3].state === 'running',
    )
    expect(seen.operation.steps[2].state).toBe('done')
  } finally {
    await late.close()
    await gate.shut()
  }
})

describe('while Redis is down', () => {
  test('drafts can be read and saved, and the deployment says what is not known', async () => {
    await without(redis, 'redis', async () => {
      expect(await health()).toEqual({ ok: false, postgres: true, redis: false })
      const { body } = await call('GET', `/api/pipelines/${pipeline}`)
      const { graph, revision } = body.draft
      expect((await call('PUT', `/api/pipelines/${pipeline}/draft`, { graph, revision })).status).toBe(200)
      expect((await call('GET', '/api/pipelines')).status).toBe(200)
      expect((await call('GET', `/api/pipelines/${pipeline}/deployment`)).body).toMatchObject({ tasks: [] })
      const { body: system } = await call('GET', '/api/system')
      expect(system.services).toContainEqual(expect.objectContaining({ name: 'Redis', ok: false }))
      expect(system.executors).toEqual([])
    })
  })
})
