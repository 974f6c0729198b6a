import type { PipelineTest } from '@millrace/graph'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { createTopics, freshTopic, samplePipeline } from '../testing/pipelines.ts'
import { clientOf, startTestApp, type TestApp } from '../testing/test-app.ts'
import { runTests } from './run-tests.ts'

let place: TestApp
let call: ReturnType<typeof clientOf>
let source: string
let id: string

beforeEach(async () => {
  place = await startTestApp()
  call = clientOf(place.app, await place.signIn())
  source = freshTopic('orders')
  await createTopics([source])
  const settings = { brokers: inject('servers').kafka }
  await call('PUT', '/api/connections/kafka', { kind: 'kafka', label: 'Kafka', settings })
  id = (await call('POST', '/api/pipelines', { name: 'Sample' })).body.id
})

afterEach(() => place.close())

const order = (orderId: string, second: number) => ({
  to: 'orders',
  value: { orderId, region: 'EU', ts: `2026-01-01T00:00:0${second}Z` },
})

function countOf(expected: number): PipelineTest {
  return {
    id: 'counts',
    name: 'Counts each order once',
    closeWindows: true,
    steps: [order('a', 1), order('b', 2), order('a', 3)],
    expect: [{ node: 'out', of: 'in', check: 'rows', rows: [{ row: { region: 'EU', orders: expected } }] }],
  }
}

async function save(expected: number, required: boolean): Promise<number> {
  const { body } = await call('GET', `/api/pipelines/${id}`)
  const plain = samplePipeline({ source, sink: freshTopic('counts') })
  const graph = { ...plain, tests: { required, cases: [countOf(expected)] } }
  const saved = await call('PUT', `/api/pipelines/${id}/draft`, { graph, revision: body.draft.revision })
  expect(saved.status).toBe(200)
  return saved.body.revision
}

const publish = (revision: number) =>
  call('POST', `/api/pipelines/${id}/publish`, {
    revision,
    acknowledgeEmpty: [],
    start: { kind: 'earliest' },
  })
const plan = async () => (await call('GET', `/api/pipelines/${id}/publish-plan`)).body

describe('a pipeline that is published only with green tests', () => {
  test('is refused with the name of the test that fails, and what differs', async () => {
    const revision = await save(3, true)
    const refused = await publish(revision)
    expect(refused.status).toBe(422)
    expect(refused.body).toMatchObject({
      code: 'tests_failed',
      message: expect.stringMatching(
        /The test "Counts each order once" fails: "Results", what goes in: .*orders is 2, expected 3/,
      ),
      issues: [{ code: 'test_failed', severity: 'error', nodeId: 'out' }],
    })
    expect(await plan()).toMatchObject({
      tests: { required: true, passed: 0, failed: 1 },
      issues: [{ code: 'test_failed', severity: 'error', nodeId: 'out' }],
    })
  })

  test('is published once they pass, and the version keeps them', async () => {
    expect((await publish(await save(2, true))).status).toBe(202)
    const version = await call('GET', `/api/pipelines/${id}/versions/1`)
    expect(version.body.graph.tests.cases).toEqual([countOf(2)])
    expect(await plan()).toMatchObject({ tests: { required: true, passed: 1, failed: 0 }, issues: [] })
  })
})

test('elsewhere a failing test is a warning, and executors get no tests', async () => {
  expect((await publish(await save(3, false))).status).toBe(202)
  expect(await plan()).toMatchObject({ issues: [{ code: 'test_failed', severity: 'warning' }] })
  const row = await place.app.prisma.generation.findFirstOrThrow()
  expect(JSON.parse(row.spec).graph).not.toHaveProperty('tests')
})

test('tests that take too long are stopped, and have not passed', async () => {
  const graph = { ...samplePipeline({ source, sink: 'x' }), tests: { required: true, cases: [countOf(2)] } }
  expect(await runTests(graph, 1)).toEqual([
    expect.objectContaining({
      id: 'counts',
      passed: false,
      problem: expect.stringContaining('took longer than'),
    }),
  ])
  expect(await runTests(graph)).toMatchObject([{ passed: true }])
})
