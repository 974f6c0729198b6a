import { type DeploymentSpec, redisKeys } from '@millrace/contracts'
import { decryptSecrets } from '@millrace/contracts/secrets'
import type { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { FakeExecutor } from '../testing/fake-executor.ts'
import { createTopics, freshTopic, samplePipeline } from '../testing/pipelines.ts'
import { clientOf, startTestApp, type TestApp } from '../testing/test-app.ts'
import { until } from '../testing/until.ts'

const CANARY = 'canary-7f3a91-never-to-be-seen'

let place: TestApp
let executor: FakeExecutor
let pipeline: string
/** Everything that was answered, headers included. */
const answers: string[] = []
let ask: ReturnType<typeof clientOf>

/** A life of a secret: entered, refused, checked, published, failed and looked at from everywhere. */
beforeAll(async () => {
  place = await startTestApp()
  executor = new FakeExecutor(place.config.redisUrl).start()
  const call = clientOf(place.app, await place.signIn())
  ask = async (...request) => {
    const answer = await call(...request)
    answers.push(`${JSON.stringify(answer.headers)} ${JSON.stringify(answer.body)}`)
    return answer
  }
  const { kafka, elasticsearch } = inject('servers')
  const secrets = { password: CANARY }
  const save = (id: string, body: object) =>
    ask('PUT', `/api/connections/${id}`, { label: id, secrets, ...body })
  // Unused by these servers, which ask for no password; it travels like any other.
  await save('kafka', { kind: 'kafka', settings: { brokers: kafka } })
  await save('elasticsearch', { kind: 'elasticsearch', settings: { node: elasticsearch } })
  await save('wrong', { kind: 'kafka', settings: { password: CANARY } })
  await save('wrong', { kind: 'kafka', settings: { brokers: kafka }, secrets: { [CANARY]: CANARY } })
  const unreachable = { brokers: '127.0.0.1:1', saslMechanism: 'plain', username: 'millrace' }
  await save('down', { kind: 'kafka', settings: unreachable })
  for (const id of ['kafka', 'elasticsearch', 'down']) await ask('POST', `/api/connections/${id}/check`)
  pipeline = (await ask('POST', '/api/pipelines', { name: 'Sample' })).body.id
  const source = freshTopic('orders')
  await createTopics([source])
  const graph = samplePipeline({ source, sink: `${source}-counts` })
  await ask('PUT', `/api/pipelines/${pipeline}/draft`, { graph, revision: 1 })
  const start = { kind: 'earliest' }
  await ask('POST', `/api/pipelines/${pipeline}/publish`, { revision: 2, acknowledgeEmpty: [], start })
  await until(
    async () => (await ask('GET', `/api/pipelines/${pipeline}/deployment`)).body,
    ({ operation }) => operation?.outcome === 'done',
  )
  for (const path of ['connections', 'pipelines', 'system', 'openapi.json', 'templates'])
    await ask('GET', `/api/${path}`)
  for (const path of [
    '',
    '/publish-plan',
    '/versions',
    '/versions/1',
    '/deployment',
    '/history',
    '/dead-letters',
  ]) {
    expect((await ask('GET', `/api/pipelines/${pipeline}${path}`)).status).toBe(200)
  }
  for (const path of ['topics', `topics/${source}/sample`]) await ask('GET', `/api/connections/down/${path}`)
})

afterAll(async () => {
  await executor.stop()
  await place.close()
})

/** Every way in which a text could stand somewhere in clear. */
const traces = [
  CANARY,
  Buffer.from(CANARY).toString('base64').slice(0, -4),
  Buffer.from(CANARY).toString('hex'),
]

describe('the secret of a connection', () => {
  test('is in no answer, whatever was asked', () => {
    expect(answers.length).toBeGreaterThan(20)
    for (const trace of traces) expect(answers.filter((answer) => answer.includes(trace))).toEqual([])
  })

  test('is in no log line', () => {
    expect(place.log()).toContain('/api/connections/:id')
    for (const trace of traces) expect(place.log()).not.toContain(trace)
  })

  test('is in Postgres and in Redis only encrypted', async () => {
    const [postgres, redis] = [await dumpPostgres(place.config.databaseUrl), await dumpRedis(place.app.redis)]
    expect(postgres).toContain('elasticsearch')
    expect(redis).toContain(':desired')
    for (const trace of traces) {
      expect(postgres).not.toContain(trace)
      expect(redis).not.toContain(trace)
    }
  })

  test('reaches executors: the spec holds it for this deployment, connection and version', async () => {
    const row = await place.app.prisma.deployment.findUniqueOrThrow({ where: { pipelineId: pipeline } })
    const text = await place.app.redis.get(redisKeys.spec(row.id, 1))
    const { connections, deployment, version } = JSON.parse(text ?? '') as DeploymentSpec
    expect(Object.keys(connections)).toEqual(['kafka'])
    const encrypted = connections.kafka?.secrets
    if (!encrypted) throw new Error('the spec holds no secrets')
    const binding = { deployment, connection: 'kafka', version }
    expect(decryptSecrets(place.config.secretKey, binding, encrypted)).toEqual({ password: CANARY })
  })
})

/** All rows of all tables as text. */
async function dumpPostgres(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const tables = await client.query("select tablename from pg_tables where schemaname = 'public'")
  const rows: string[] = []
  for (const { tablename } of tables.rows) {
    const found = await client.query(`select t::text as row, t.* from "${tablename}" t`)
    rows.push(...found.rows.map((row) => JSON.stringify(row)))
  }
  await client.end()
  return rows.join('\n')
}

/** All values of all keys as text. */
async function dumpRedis(redis: Redis): Promise<string> {
  const readers: Record<string, (key: string) => Promise<unknown>> = {
    string: (key) => redis.get(key),
    hash: (key) => redis.hgetall(key),
    set: (key) => redis.smembers(key),
    list: (key) => redis.lrange(key, 0, -1),
    zset: (key) => redis.zrange(key, '0', '-1'),
    stream: (key) => redis.xrange(key, '-', '+'),
  }
  const keys = await redis.keys('*')
  const values = keys.map(async (key) => [key, await readers[await redis.type(key)]?.(key)])
  return JSON.stringify(await Promise.all(values))
}
