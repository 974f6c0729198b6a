import type { DeploymentBody, DeploymentSpec } from '@millrace/contracts'
import { redisKeys } from '@millrace/contracts'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { FakeExecutor } from '../testing/fake-executor.ts'
import { createTopics, freshTopic, samplePipeline, topicSettings, topicsWith } from '../testing/pipelines.ts'
import { clientOf, startTestApp, type TestApp } from '../testing/test-app.ts'

let place: TestApp
let executor: FakeExecutor
let call: ReturnType<typeof clientOf>
let source: string
let sink: string
let id: string

beforeEach(async () => {
  place = await startTestApp({ patience: { start: 2_000, drain: 1_000, stop: 5_000 } })
  executor = new FakeExecutor(place.config.redisUrl).start()
  call = clientOf(place.app, await place.signIn())
  source = freshTopic('orders')
  sink = freshTopic('counts')
  await createTopics([source])
  await call('PUT', '/api/connections/kafka', {
    kind: 'kafka',
    label: 'Kafka',
    settings: { brokers: inject('servers').kafka },
  })
  const { body } = await call('POST', '/api/pipelines', { name: 'Sample' })
  id = body.id
})

afterEach(async () => {
  await executor.stop()
  await place.close()
})

async function save(options: Partial<Parameters<typeof samplePipeline>[0]> = {}): Promise<number> {
  const { body } = await call('GET', `/api/pipelines/${id}`)
  const graph = samplePipeline({ source, sink, ...options })
  const saved = await call('PUT', `/api/pipelines/${id}/draft`, { graph, revision: body.draft.revision })
  expect(saved.status).toBe(200)
  return saved.body.revision
}

async function publish(revision: number, rest: object = {}) {
  return call('POST', `/api/pipelines/${id}/publish`, { revision, acknowledgeEmpty: [], ...rest })
}

async function deployment(): Promise<DeploymentBody> {
  return (await call('GET', `/api/pipelines/${id}/deployment`)).body
}

/** Waits for something to be true of the deployment. */
async function until(isTrue: (now: DeploymentBody) => boolean): Promise<DeploymentBody> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const now = await deployment()
    if (isTrue(now)) return now
    if (Date.now() > deadline) throw new Error(`it never came true: ${JSON.stringify(now)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const ended = () => until(({ operation }) => operation?.endedAt != null)
const start = { start: { kind: 'earliest' } }

async function specOf(generation: number): Promise<DeploymentSpec> {
  const row = await place.app.prisma.deployment.findUniqueOrThrow({ where: { pipelineId: id } })
  return JSON.parse((await place.app.redis.get(redisKeys.spec(row.id, generation))) ?? 'null')
}

describe('the first publish', () => {
  test('runs the draft as version 1: topics, spec and desired state are there, and every step is told', async () => {
    expect((await publish(await save(), start)).status).toBe(202)
    const now = await ended()
    expect(now).toMatchObject({ state: 'running', version: 1, generation: 1, run: 1, reason: null })
    expect(now.operation).toMatchObject({ kind: 'publish', outcome: 'done', version: 1 })
    expect(now.operation?.steps.map(({ name, state }) => [name, state])).toEqual([
      ['preflight', 'done'],
      ['create-topics', 'done'],
      ['hand-over', 'done'],
      ['verify', 'done'],
      ['clean-up', 'done'],
    ])
    const spec = await specOf(1)
    expect(spec.births).toEqual({ first: 1, count: 1 })
    expect(spec.topics).toMatchObject({
      orders: { topic: source, partitions: 2 },
      out: { topic: sink, partitions: 2 },
    })
    expect(spec.start).toEqual({ kind: 'earliest' })
    const prefix = `millrace.${spec.deployment}.`
    expect(await topicsWith(prefix)).toEqual(
      ['1.s1.changelog', '1.s1.control', '1.s2.changelog', '1.s2.repartition', 'dead']
        .map((name) => prefix + name)
        .sort(),
    )
    expect(await topicSettings(`${prefix}1.s1.changelog`)).toMatchObject({ 'cleanup.policy': 'compact' })
  })
})
