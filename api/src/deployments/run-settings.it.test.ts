import { type DesiredState, MAX_EXECUTORS, redisKeys } from '@millrace/contracts'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { FakeExecutor } from '../testing/fake-executor.ts'
import { createTopics, freshTopic, samplePipeline } from '../testing/pipelines.ts'
import { clientOf, startTestApp, type TestApp } from '../testing/test-app.ts'
import { until } from '../testing/until.ts'

let place: TestApp
let executor: FakeExecutor
let call: ReturnType<typeof clientOf>
let id: string

beforeAll(async () => {
  place = await startTestApp({})
  executor = new FakeExecutor(place.config.redisUrl).start()
  call = clientOf(place.app, await place.signIn())
  id = (await call('POST', '/api/pipelines', { name: 'Sample' })).body.id
})

afterAll(async () => {
  await executor.stop()
  await place.close()
})

const change = (maxExecutors: unknown) => call('PUT', `/api/pipelines/${id}/settings`, { maxExecutors })
const look = async () => (await call('GET', `/api/pipelines/${id}/deployment`)).body
const desired = async () => {
  const [deployment = ''] = await executor.redis.smembers(redisKeys.deployments)
  return JSON.parse((await executor.redis.get(redisKeys.desired(deployment))) ?? 'null') as DesiredState
}

async function publish(): Promise<void> {
  const [source, sink] = [freshTopic('orders'), freshTopic('counts')]
  await createTopics([source])
  const settings = { brokers: inject('servers').kafka }
  await call('PUT', '/api/connections/kafka', { kind: 'kafka', label: 'Kafka', settings })
  const { body } = await call('GET', `/api/pipelines/${id}`)
  const draft = { graph: samplePipeline({ source, sink }), revision: body.draft.revision }
  const { revision } = (await call('PUT', `/api/pipelines/${id}/draft`, draft)).body
  const start = { kind: 'earliest' }
  await call('POST', `/api/pipelines/${id}/publish`, { revision, acknowledgeEmpty: [], start })
  await until(look, ({ operation }) => operation?.outcome === 'done')
}

describe('how many executors may carry a pipeline', () => {
  test.each([0, -1, 1.5, MAX_EXECUTORS + 1])('%d is refused with an issue', async (maxExecutors) => {
    const { status, body } = await change(maxExecutors)
    expect(status).toBe(422)
    expect(body).toMatchObject({
      code: 'settings_invalid',
      issues: [{ code: 'executors_out_of_range', severity: 'error', nodeId: null, path: ['maxExecutors'] }],
    })
    expect((await look()).maxExecutors).toBeNull()
  })

  test('something that is no number is refused', async () => {
    expect((await change('2')).status).toBe(400)
  })

  test('may be said before the first publish, and holds from then on', async () => {
    expect(await change(2)).toMatchObject({ status: 200, body: { maxExecutors: 2 } })
    await publish()
    expect(await desired()).toMatchObject({ state: 'running', generation: 1, maxExecutors: 2 })
  })

  test('changes at once, without a new generation, and is told in the history', async () => {
    await change(1)
    expect(await desired()).toMatchObject({ state: 'running', generation: 1, maxExecutors: 1 })
    const now = await look()
    expect(now).toMatchObject({ state: 'running', generation: 1, maxExecutors: 1 })
    expect(now.history[0]).toMatchObject({
      kind: 'settings',
      message: expect.stringContaining('one executor'),
    })
    await change(null)
    expect((await desired()).maxExecutors).toBeNull()
  })
})
