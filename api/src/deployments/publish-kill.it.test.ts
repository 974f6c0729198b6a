import { setTimeout as sleep } from 'node:timers/promises'
import type { DeploymentBody, PipelineBody, SavedDraft } from '@millrace/contracts'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { beginSession } from '../auth/sessions.ts'
import { createPrisma } from '../plugins/prisma.ts'
import { type ApiProcess, startApi } from '../testing/api-process.ts'
import { FakeExecutor } from '../testing/fake-executor.ts'
import { createTopics, freshTopic, samplePipeline } from '../testing/pipelines.ts'
import { testPlace } from '../testing/test-app.ts'
import { OPERATION_STEPS } from './step-table.ts'

/** Nothing runs for longer than this, whatever dies. */
const LONGEST_GAP_MS = 10_000

const beforeAndAfter = (step: string) => [`publish:${step}:before`, `publish:${step}:after`]
const wayThere = OPERATION_STEPS.publish.flatMap(beforeAndAfter)
const wayBack = ['take-back', 'verify-take-back'].flatMap(beforeAndAfter)

let place: Awaited<ReturnType<typeof testPlace>>
let executor: FakeExecutor
let prisma: ReturnType<typeof createPrisma>
/** The api that is there between the deaths. */
let survivor: ApiProcess
let cookie: string
let source: string
let pipeline: string

beforeAll(async () => {
  place = await testPlace()
  executor = new FakeExecutor(place.config.redisUrl).start()
  prisma = createPrisma(place.config.databaseUrl)
  source = freshTopic('orders')
  await createTopics([source])
  cookie = `millrace=${await beginSession(prisma, await firstUser())}`
  survivor = await startApi(place.env)
  const call = clientOf(survivor)
  const settings = { brokers: inject('servers').kafka }
  await call('PUT', '/api/connections/kafka', { kind: 'kafka', label: 'Kafka', settings })
  pipeline = (await call<PipelineBody>('POST', '/api/pipelines', { name: 'Sample' })).id
  const revision = await saveSample(call, 1)
  const start = { kind: 'earliest' }
  await call('POST', `/api/pipelines/${pipeline}/publish`, { revision, acknowledgeEmpty: [], start })
  expect(await untilEnded(call)).toMatchObject({ state: 'running', version: 1 })
})

afterAll(async () => {
  await survivor.kill('SIGTERM')
  await executor.stop()
  await prisma.$disconnect()
  await place.drop()
})

async function firstUser(): Promise<string> {
  const data = { id: 'u1u1u1u1u1u1', email: 'admin@localhost', name: 'admin' }
  return (await prisma.user.create({ data })).id
}

/** A client of an api process; the session is good for all of them. */
function clientOf({ url }: ApiProcess) {
  return async <Body>(method: string, path: string, payload?: object): Promise<Body> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { cookie, ...(payload && { 'content-type': 'application/json' }) },
      ...(payload && { body: JSON.stringify(payload) }),
    })
    return (await response.json()) as Body
  }
}

type Client = ReturnType<typeof clientOf>

/** Saves a draft that differs in its window size, so that it has state of its own. */
async function saveSample(call: Client, minutes: number): Promise<number> {
  const { draft } = await call<PipelineBody>('GET', `/api/pipelines/${pipeline}`)
  const graph = samplePipeline({ source, sink: `${source}-counts`, size: minutes * 60_000 })
  const body = { graph, revision: draft.revision }
  return (await call<SavedDraft>('PUT', `/api/pipelines/${pipeline}/draft`, body)).revision
}

async function untilEnded(call: Client): Promise<DeploymentBody> {
  const deadline = Date.now() + 60_000
  for (;;) {
    const now = await call<DeploymentBody>('GET', `/api/pipelines/${pipeline}/deployment`)
    if (now.operation !== null && now.operation.endedAt !== null) return now
    if (Date.now() > deadline) throw new Error(`it never ended: ${JSON.stringify(now)}`)
    await sleep(100)
  }
}

/** Publishes by an api that dies at the given place; its successor becomes the survivor. */
async function publishAndDie(failpoint: string): Promise<{ now: DeploymentBody; before: DeploymentBody }> {
  const call = clientOf(survivor)
  const before = await untilEnded(call)
  const revision = await saveSample(call, before.generation + 1)
  await survivor.kill('SIGTERM')
  executor.sightings.length = 0
  const doomed = await startApi({ ...place.env, MILLRACE_FAILPOINT: failpoint })
  const doomedCall = clientOf(doomed)
  const request = { revision, acknowledgeEmpty: ['count'] }
  // It may die before it has answered.
  await doomedCall('POST', `/api/pipelines/${pipeline}/publish`, request).catch(() => null)
  expect(await doomed.ended).toBe('SIGKILL')
  survivor = await startApi(place.env)
  return { before, now: await untilEnded(clientOf(survivor)) }
}

/** Each generation that ran, in order; none came back after another one had run. */
function generationsThatRan(): number[] {
  const times = executor.sightings.map(({ at }) => at)
  const gaps = times.map((time, i) => time - (times[i - 1] ?? time))
  expect(Math.max(...gaps)).toBeLessThan(LONGEST_GAP_MS)
  const generations = executor.sightings.map(({ generation }) => generation)
  expect(generations).toEqual(generations.toSorted((a, b) => a - b))
  return [...new Set(generations)]
}

describe('an api that is killed in the middle of a publish', () => {
  test.each(wayThere)('at %s: its successor brings the publish to its end', async (failpoint) => {
    const { now, before } = await publishAndDie(failpoint)
    const { generation } = before
    expect(now).toMatchObject({
      state: 'running',
      generation: generation + 1,
      operation: { outcome: 'done' },
    })
    expect(now.version).toBe(await prisma.version.count())
    expect(generationsThatRan()).toEqual([generation, generation + 1])
    expect(await prisma.outboxRow.count()).toBe(0)
  })
})

describe('an api that is killed while it takes a version back', () => {
  test.each(wayBack)('at %s: its successor brings the version before back', async (failpoint) => {
    const live = (await prisma.deployment.findFirstOrThrow()).version
    executor.behave = failing(live)
    const { now, before } = await publishAndDie(failpoint)
    executor.behave = () => 'run'
    const { generation, version } = before
    expect(now).toMatchObject({ state: 'running', version, operation: { outcome: 'rolled-back' } })
    expect(now.generation).toBe(generation + 2)
    expect(generationsThatRan()).toEqual([generation, generation + 2])
  })
})

/** All versions but the live one stop with a problem that needs a person. */
function failing(live: number | null): FakeExecutor['behave'] {
  const problem = { code: 'position_lost', nodeId: null, message: 'It cannot start.', since: 1 } as const
  return ({ version }) => (version === live ? 'run' : problem)
}
