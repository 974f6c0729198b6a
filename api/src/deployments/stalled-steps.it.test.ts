import { type DeploymentBody, redisKeys } from '@millrace/contracts'
import { Queue } from 'bullmq'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { beginSession } from '../auth/sessions.ts'
import { createPrisma } from '../plugins/prisma.ts'
import { type ApiProcess, startApi } from '../testing/api-process.ts'
import { FakeExecutor } from '../testing/fake-executor.ts'
import { createTopics, freshTopic, samplePipeline } from '../testing/pipelines.ts'
import { emptyRedis, testPlace } from '../testing/test-app.ts'
import { until } from '../testing/until.ts'

let place: Awaited<ReturnType<typeof testPlace>>
let prisma: ReturnType<typeof createPrisma>
let executor: FakeExecutor
let queue: Queue
let cookie: string
let source: string
let pipeline: string
/** Those that run; the first is asked. */
let apis: ApiProcess[] = []

beforeAll(async () => {
  place = await testPlace()
  executor = new FakeExecutor(place.config.redisUrl).start()
  prisma = createPrisma(place.config.databaseUrl)
  queue = new Queue('steps', { connection: executor.redis, prefix: 'mr:queue' })
  source = freshTopic('orders')
  await createTopics([source])
  const user = { id: 'u1u1u1u1u1u1', email: 'admin@localhost', name: 'admin' }
  cookie = `millrace=${await beginSession(prisma, (await prisma.user.create({ data: user })).id)}`
  apis = [await startApi(place.env)]
  const settings = { brokers: inject('servers').kafka }
  await call('PUT', '/api/connections/kafka', { kind: 'kafka', label: 'Kafka', settings })
  pipeline = (await call<{ id: string }>('POST', '/api/pipelines', { name: 'Sample' })).id
})

afterAll(async () => {
  await Promise.all(apis.map((api) => api.kill('SIGKILL')))
  await executor.stop()
  await prisma.$disconnect()
  await place.drop()
})

async function call<Body>(method: string, path: string, payload?: object): Promise<Body> {
  const response = await fetch(`${apis[0]?.url}${path}`, {
    method,
    headers: { cookie, ...(payload && { 'content-type': 'application/json' }) },
    ...(payload && { body: JSON.stringify(payload) }),
  })
  return (await response.json()) as Body
}

const look = () => call<DeploymentBody>('GET', `/api/pipelines/${pipeline}/deployment`)

/** Publishes a version with another window; it stands in its fourth step, since no task reports. */
async function publishUpTo(step: number): Promise<void> {
  const { draft } = await call<{ draft: { revision: number } }>('GET', `/api/pipelines/${pipeline}`)
  const versions = await prisma.version.count()
  const graph = samplePipeline({ source, sink: `${source}-counts`, size: (versions + 1) * 60_000 })
  const saved = { graph, revision: draft.revision }
  const { revision } = await call<{ revision: number }>('PUT', `/api/pipelines/${pipeline}/draft`, saved)
  executor.sightings.length = 0
  executor.behave = ({ version }) => (version > versions ? 'silent' : 'run')
  const more = versions === 0 ? { start: { kind: 'earliest' } } : {}
  const request = { revision, acknowledgeEmpty: versions === 0 ? [] : ['count'], ...more }
  await call('POST', `/api/pipelines/${pipeline}/publish`, request)
  await until(look, ({ operation }) => operation?.steps[step]?.state === 'running')
}

/** It ends once and well: each generation has run once, in order, and nothing is left to do. */
async function endsWell(version: number, generations: readonly number[]): Promise<void> {
  const now = await until(look, ({ operation }) => operation?.endedAt !== null)
  expect(now).toMatchObject({ state: 'running', version, operation: { outcome: 'done' } })
  const ran = executor.sightings.map(({ generation }) => generation)
  expect(ran).toEqual(ran.toSorted((a, b) => a - b))
  await until(
    async () => [...new Set(executor.sightings.map(({ generation }) => generation))],
    (seen) => seen.length === generations.length,
  )
  expect([...new Set(executor.sightings.map(({ generation }) => generation))]).toEqual(generations)
  expect([await prisma.operation.count(), await prisma.generation.count()]).toEqual([version, version])
  expect(await prisma.outboxRow.count()).toBe(0)
}

const run = () => {
  executor.behave = () => 'run'
}

describe('steps whose jobs are lost, stalled or there twice (F27)', { timeout: 240_000 }, () => {
  test('an api that is stopped in the middle: another one ends the publish; it itself does nothing twice later', async () => {
    await publishUpTo(3)
    const [stopped] = apis as [ApiProcess]
    stopped.signal('SIGSTOP')
    const other = await startApi(place.env)
    apis = [other, stopped]
    run()
    await endsWell(1, [1])
    stopped.signal('SIGCONT')
    apis = [stopped, other]
    await endsWell(1, [1])
  })

  test('two apis with every job twice', async () => {
    await publishUpTo(3)
    const { id: operationId } = await prisma.operation.findFirstOrThrow({ where: { endedAt: null } })
    for (let position = 0; position < 5; position++) {
      for (const twin of ['a', 'b']) {
        await queue.add('step', { operationId, position }, { jobId: `${twin}-${position}` })
      }
    }
    run()
    await endsWell(2, [1, 2])
  })

  test('Redis is emptied again and again', async () => {
    await publishUpTo(3)
    const [deployment = ''] = await executor.redis.smembers(redisKeys.deployments)
    for (let i = 0; i < 3; i++) {
      await emptyRedis(place.config.redisUrl)
      await until(
        () => executor.redis.exists(redisKeys.desired(deployment)),
        (found) => found === 1,
      )
    }
    run()
    await endsWell(3, [2, 3])
  })
})
