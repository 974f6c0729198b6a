import { type DeploymentBody, type DesiredState, redisKeys } from '@millrace/contracts'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { FakeExecutor } from '../testing/fake-executor.ts'
import { createTopics, freshTopic, samplePipeline } from '../testing/pipelines.ts'
import { clientOf, emptyRedis, startTestApp, type TestApp } from '../testing/test-app.ts'
import { until } from '../testing/until.ts'
import { projectDeployment } from './desired.ts'

let place: TestApp
let executor: FakeExecutor
let call: ReturnType<typeof clientOf>
let pipeline: string
let deployment: string

beforeEach(async () => {
  place = await startTestApp()
  executor = new FakeExecutor(place.config.redisUrl).start()
  call = clientOf(place.app, await place.signIn())
  const settings = { brokers: inject('servers').kafka }
  await call('PUT', '/api/connections/kafka', { kind: 'kafka', label: 'Kafka', settings })
  pipeline = (await call('POST', '/api/pipelines', { name: 'Sample' })).body.id
  const source = freshTopic('orders')
  await createTopics([source])
  const graph = samplePipeline({ source, sink: `${source}-counts` })
  await call('PUT', `/api/pipelines/${pipeline}/draft`, { graph, revision: 1 })
  const row = await place.app.prisma.deployment.findUniqueOrThrow({ where: { pipelineId: pipeline } })
  deployment = row.id
})

afterEach(async () => {
  await executor.stop()
  await place.close()
})

async function publish(): Promise<void> {
  const start = { kind: 'earliest' }
  const started = await call('POST', `/api/pipelines/${pipeline}/publish`, {
    revision: 2,
    acknowledgeEmpty: [],
    start,
  })
  expect(started.status).toBe(202)
}

const look = async (): Promise<DeploymentBody> =>
  (await call('GET', `/api/pipelines/${pipeline}/deployment`)).body
const untilDone = () => until(look, ({ operation }) => operation?.outcome === 'done')
const desired = async () =>
  JSON.parse((await place.app.redis.get(redisKeys.desired(deployment))) ?? 'null') as DesiredState | null

describe('Redis that was emptied', () => {
  test('says again what should run: desired state, spec, list of deployments, incarnation', async () => {
    await publish()
    await untilDone()
    const before = [await desired(), await place.app.redis.get(redisKeys.spec(deployment, 1))]
    await emptyRedis(place.config.redisUrl)
    await until(desired, (now) => now !== null)
    expect([await desired(), await place.app.redis.get(redisKeys.spec(deployment, 1))]).toEqual(before)
    expect(await place.app.redis.smembers(redisKeys.deployments)).toEqual([deployment])
    await until(
      () => place.app.redis.get(redisKeys.incarnation),
      (text) => text !== null,
    )
    expect(await look()).toMatchObject({ state: 'running', generation: 1 })
  })

  test('does not hold up a publish under way: its step is queued again', async () => {
    executor.behave = () => 'silent'
    await publish()
    await until(look, ({ operation }) => operation?.steps[3]?.state === 'running')
    await emptyRedis(place.config.redisUrl)
    executor.behave = () => 'run'
    await untilDone()
    expect(await look()).toMatchObject({ state: 'running', version: 1 })
  })

  test('keeps what was stopped stopped', async () => {
    await publish()
    await untilDone()
    await call('POST', `/api/pipelines/${pipeline}/stop`)
    await until(look, ({ state }) => state === 'stopped')
    await emptyRedis(place.config.redisUrl)
    expect(await until(desired, (now) => now !== null)).toMatchObject({ state: 'stopped' })
  })
})

describe('what stands in Redis', () => {
  test.each([
    ['the desired state', () => redisKeys.desired(deployment)],
    ['the spec', () => redisKeys.spec(deployment, 1)],
    ['the list of deployments', () => redisKeys.deployments],
  ])('%s is written again when it is gone', async (_, key) => {
    await publish()
    await untilDone()
    await place.app.redis.del(key())
    await until(
      () => place.app.redis.exists(key()),
      (found) => found === 1,
    )
  })

  test('is put right where something else stands there', async () => {
    await publish()
    await untilDone()
    await place.app.redis.set(redisKeys.desired(deployment), '{"state":"stopped"}')
    await until(desired, (now) => now?.state === 'running')
  })

  test('is never replaced by something older', async () => {
    await publish()
    await untilDone()
    const stale = await place.app.prisma.deployment.findUniqueOrThrow({ where: { id: deployment } })
    await call('POST', `/api/pipelines/${pipeline}/stop`)
    await until(look, ({ state }) => state === 'stopped')
    // What a process would write that read the row before the stop, and was slow.
    const { prisma, redis } = place.app
    const slow = { ...prisma, deployment: { findUnique: async () => stale }, generation: prisma.generation }
    expect(await projectDeployment(redis, slow as unknown as typeof prisma, deployment)).toBe('older')
    expect(await desired()).toMatchObject({ state: 'stopped' })
  })
})

describe('a deployment that runs', () => {
  const problem = {
    code: 'topic_recreated',
    nodeId: 'orders',
    message: 'The topic is another one.',
    since: 1,
  } as const

  test('needs attention when a task stops for a person, and no longer when all run again', async () => {
    await publish()
    await untilDone()
    executor.behave = () => problem
    expect(await until(look, ({ state }) => state === 'attention')).toMatchObject({ reason: problem.message })
    expect((await look()).problems).toMatchObject([
      { code: 'topic_recreated', nodeId: 'orders', resumes: false },
    ])
    executor.behave = () => 'run'
    expect(await until(look, ({ state }) => state === 'running')).toMatchObject({ reason: null })
    expect((await look()).history.map(({ kind }) => kind).slice(0, 2)).toEqual(['recovered', 'problem'])
  })

  test('does not need attention for a problem that goes by itself', async () => {
    await publish()
    await untilDone()
    executor.behave = () => ({
      code: 'sink_unreachable',
      nodeId: 'out',
      message: 'The sink is slow.',
      since: 1,
    })
    const now = await until(look, ({ problems }) => problems.length > 0)
    expect(now).toMatchObject({ state: 'running', reason: expect.stringContaining('The sink is slow.') })
    expect(now.problems).toHaveLength(1)
  })

  test('says so when no executor is there', async () => {
    await publish()
    await untilDone()
    await executor.stop()
    const now = await until(look, ({ problems }) => problems.some(({ code }) => code === 'no_executor'))
    expect(now).toMatchObject({ state: 'running' })
    executor = new FakeExecutor(place.config.redisUrl).start()
  })
})
