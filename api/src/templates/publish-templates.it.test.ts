import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { FakeExecutor } from '../testing/fake-executor.ts'
import { clientOf, startTestApp, type TestApp } from '../testing/test-app.ts'
import { until } from '../testing/until.ts'
import { TEMPLATES } from './templates.ts'

let place: TestApp
let executor: FakeExecutor
let call: ReturnType<typeof clientOf>

beforeAll(async () => {
  place = await startTestApp()
  executor = new FakeExecutor(place.config.redisUrl).start()
  call = clientOf(place.app, await place.signIn())
  const settings = { brokers: inject('servers').kafka }
  await call('PUT', '/api/connections/kafka', { kind: 'kafka', label: 'Kafka', settings })
})

afterAll(async () => {
  await executor.stop()
  await place.close()
})

// Those that read topics of the demo are published by the end-to-end tests, where it is there.
test.each(TEMPLATES.filter(({ isGenerated }) => isGenerated).map(({ id, name }) => [name, id]))(
  'the template %s is published as it is',
  async (name, template) => {
    const { body } = await call('POST', '/api/pipelines', { name, template })
    const request = { revision: body.draft.revision, acknowledgeEmpty: [], start: { kind: 'latest' } }
    const publish = await call('POST', `/api/pipelines/${body.id}/publish`, request)
    expect(publish).toMatchObject({ status: 202 })
    const deployment = async () => (await call('GET', `/api/pipelines/${body.id}/deployment`)).body
    const ended = await until(deployment, ({ operation }) => operation?.endedAt != null)
    expect(ended).toMatchObject({ state: 'running', version: 1, operation: { outcome: 'done' } })
  },
  120_000,
)
