import {
  type DeploymentBody,
  type DeploymentSpec,
  type Problem,
  redisKeys,
  topicNames,
} from '@millrace/contracts'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import type { PortFactories } from '../connections/ports.ts'
import { FakeExecutor } from '../testing/fake-executor.ts'
import { createTopics, freshTopic, samplePipeline, topicSettings, topicsWith } from '../testing/pipelines.ts'
import { clientOf, factories, startTestApp, type TestApp } from '../testing/test-app.ts'

let place: TestApp
let executor: FakeExecutor
let call: ReturnType<typeof clientOf>
let source: string
let sink: string
let id: string
/** After so many looks at a topic all of them are gone: between a click and the first step. */
let looksLeft: number

const forgetful: PortFactories = {
  ...factories,
  kafka(settings, secrets) {
    const port = factories.kafka(settings, secrets)
    const describe = port.describeTopic.bind(port)
    port.describeTopic = async (name) => (looksLeft-- > 0 ? describe(name) : null)
    return port
  },
}

beforeEach(async () => {
  looksLeft = Number.POSITIVE_INFINITY
  const patience = { start: 2_000, drain: 1_000, stop: 5_000 }
  place = await startTestApp({ patience, factories: forgetful })
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

const problem: Problem = {
  code: 'topic_recreated',
  nodeId: 'orders',
  message: 'The topic is another one now.',
  since: 1,
}

async function firstVersion(options: Parameters<typeof save>[0] = {}): Promise<void> {
  await publish(await save(options), start)
  expect((await ended()).operation?.outcome).toBe('done')
}

describe('a publish over what runs', () => {
  test('keeps state and stages where nothing that they depend on changed, and does not drain', async () => {
    await firstVersion()
    expect((await publish(await save({ ttl: 7_200_000 }))).status).toBe(202)
    const now = await ended()
    expect(now).toMatchObject({ state: 'running', version: 2, generation: 2, run: 1 })
    const spec = await specOf(2)
    expect(spec.births).toEqual({ first: 1, count: 1 })
    expect(spec.plan.stages.map(({ id: stage }) => stage)).toEqual(['s1', 's2'])
    expect(spec.retired).toEqual([])
    expect(spec.start).toEqual({ kind: 'earliest' })
  })

  test('refuses state that starts empty until each node is acknowledged by name', async () => {
    await firstVersion()
    const revision = await save({ groupBy: ['region', 'tier'] })
    const { body: plan } = await call('GET', `/api/pipelines/${id}/publish-plan`)
    expect(plan).toMatchObject({
      nextVersion: 2,
      liveVersion: 1,
      issues: [],
      changes: { added: [], removed: [], changed: ['count', 'out'] },
      drains: true,
    })
    expect(plan.state).toEqual([
      expect.objectContaining({ nodeId: 'first', fate: 'keep' }),
      expect.objectContaining({ nodeId: 'count', fate: 'empty', reason: 'its "Group by" changed' }),
    ])
    const refused = await publish(revision)
    expect(refused).toMatchObject({ status: 409, body: { code: 'state_not_acknowledged' } })
    expect(refused.body.message).toContain('"Count"')
    expect((await publish(revision, { acknowledgeEmpty: ['count'] })).status).toBe(202)
    expect(await ended()).toMatchObject({ state: 'running', version: 2 })
  })

  test('replaces a stage whose grouping changed, drains the one before and deletes its topics', async () => {
    await firstVersion()
    executor.unread = 3
    await publish(await save({ groupBy: ['tier'] }), { acknowledgeEmpty: ['count'] })
    await until(({ operation }) => operation?.steps[3]?.detail?.includes('3 records left') ?? false)
    const before = executor.sightings.at(-1)
    expect(before).toMatchObject({ generation: 1 })
    executor.unread = 0
    await ended()
    const spec = await specOf(2)
    expect(spec.retired).toEqual([{ id: 's2', tasks: 2, sources: [] }])
    expect(spec.births).toEqual({ first: 1, count: 2 })
    const topics = await topicsWith(`millrace.${spec.deployment}.1.`)
    expect(topics.some((topic) => topic.includes('.s2.'))).toBe(false)
    expect(topics.some((topic) => topic.includes('.s3.'))).toBe(true)
    expect(await place.app.redis.exists(redisKeys.spec(spec.deployment, 1))).toBe(0)
  })

  test('makes room for the dead letters of larger records', async () => {
    await firstVersion()
    const { deployment: name } = await specOf(1)
    const limit = async () => Number((await topicSettings(topicNames.dead(name)))['max.message.bytes'])
    expect(await limit()).toBe(1_048_588 + 65_536)
    source = freshTopic('large-orders')
    await createTopics([source], 2, { 'max.message.bytes': '5000000' })
    await publish(await save())
    expect((await ended()).operation?.outcome).toBe('done')
    expect(await limit()).toBe(5_000_000 + 65_536)
    expect(await topicSettings(topicNames.dead(name))).toMatchObject({ 'retention.ms': '-1' })
  })

  test('is refused where the draft was changed since it was looked at', async () => {
    await firstVersion()
    const revision = await save({ ttl: 1_000 })
    await save({ ttl: 2_000 })
    expect(await publish(revision)).toMatchObject({ status: 409, body: { code: 'draft_changed' } })
  })

  test('is refused while another operation is under way', async () => {
    await firstVersion()
    executor.behave = ({ version }) => (version === 2 ? 'silent' : 'run')
    const revision = await save({ ttl: 1_000 })
    const both = await Promise.all([publish(revision), publish(revision)])
    expect(both.map(({ status }) => status).sort()).toEqual([202, 409])
    expect((await publish(revision)).body.code).toBe('operation_running')
    expect(await place.app.prisma.version.count()).toBe(2)
  })

  test('is refused with the issues where the pipeline cannot run, or a topic is not there', async () => {
    await firstVersion()
    const revision = await save({ source: 'no-such-topic' })
    const refused = await publish(revision)
    expect(refused).toMatchObject({ status: 422, body: { code: 'pipeline_invalid' } })
    expect(refused.body.issues).toEqual([
      expect.objectContaining({ code: 'topic_not_found', nodeId: 'orders', path: ['topic'] }),
    ])
    expect(await deployment()).toMatchObject({ state: 'running', version: 1 })
  })

  test('takes no start position', async () => {
    await firstVersion()
    expect((await publish(await save({ ttl: 1_000 }), start)).body.code).toBe('start_not_allowed')
  })
})

describe('a version that does not run', () => {
  test('is taken back: the one before runs again as a generation of its own', async () => {
    await firstVersion()
    executor.behave = ({ version }) => (version === 2 ? problem : 'run')
    await publish(await save({ ttl: 1_000 }))
    await ended()
    // What its tasks said last is shown for a moment longer.
    const now = await until(({ reason }) => reason === null)
    expect(now).toMatchObject({ state: 'running', version: 1, generation: 3 })
    expect(now.operation).toMatchObject({ outcome: 'rolled-back', version: 2 })
    expect(now.operation?.steps.find(({ name }) => name === 'verify')).toMatchObject({
      state: 'failed',
      detail: problem.message,
    })
    expect(now.history[0]).toMatchObject({ kind: 'rolled-back' })
    expect((await specOf(3)).births).toEqual({ first: 1, count: 1 })
  })

  test('is taken back as well where its tasks never report', async () => {
    await firstVersion()
    executor.behave = ({ version }) => (version === 2 ? 'silent' : 'run')
    await publish(await save({ ttl: 1_000 }))
    const now = await ended()
    expect(now).toMatchObject({ state: 'running', version: 1, operation: { outcome: 'rolled-back' } })
    expect(now.history[0]?.message).toContain('tasks did not start')
  })

  test('begins state anew where its own had taken over already', async () => {
    await firstVersion()
    executor.behave = ({ version }) => (version === 2 ? problem : 'run')
    await publish(await save({ groupBy: ['tier'] }), { acknowledgeEmpty: ['count'] })
    await ended()
    const spec = await specOf(3)
    expect(spec.births).toEqual({ first: 1, count: 3 })
    expect(spec.plan.stages.map(({ id: stage }) => stage)).toEqual(['s1', 's4'])
    expect(spec.retired.map(({ id: stage }) => stage)).toEqual(['s3'])
  })

  test('needs attention where the version before does not run either', async () => {
    await firstVersion()
    executor.behave = ({ generation }) => (generation > 1 ? problem : 'run')
    await publish(await save({ ttl: 1_000 }))
    expect(await ended()).toMatchObject({
      state: 'attention',
      reason: problem.message,
      operation: { outcome: 'failed' },
    })
    executor.behave = () => 'run'
    await until(({ state }) => state === 'running')
  })

  test('is stopped where it was the first one', async () => {
    executor.behave = () => problem
    await publish(await save(), start)
    const now = await ended()
    expect(now).toMatchObject({ state: 'stopped', reason: problem.message, operation: { outcome: 'failed' } })
    expect(now.operation?.steps.map(({ name }) => name)).toEqual([
      ...['preflight', 'create-topics', 'hand-over', 'verify', 'clean-up'],
      ...['stop', 'wait-stopped'],
    ])
  })

  test('changes nothing that runs where it fails before the hand-over', async () => {
    await firstVersion()
    const revision = await save({ ttl: 1_000 })
    const row = await place.app.prisma.deployment.findUniqueOrThrow({ where: { pipelineId: id } })
    looksLeft = 1
    await publish(revision)
    const outcome = await ended()
    expect(outcome).toMatchObject({
      state: 'running',
      version: 1,
      generation: 1,
      operation: { outcome: 'failed' },
    })
    expect(outcome.operation?.steps[0]).toMatchObject({ name: 'preflight', state: 'failed' })
    const after = await place.app.prisma.deployment.findUniqueOrThrow({ where: { pipelineId: id } })
    expect(after.sequence).toBe(row.sequence)
  })
})

describe('a drain that does not end', () => {
  async function askingPublish(): Promise<void> {
    await firstVersion()
    executor.unread = 7
    await publish(await save({ groupBy: ['tier'] }), { acknowledgeEmpty: ['count'] })
    const now = await until(({ question }) => question !== null)
    expect(now).toMatchObject({ state: 'attention', question: { kind: 'cannot_drain', unread: 7 } })
  }
  const answer = (text: string) => call('POST', `/api/pipelines/${id}/answer`, { answer: text })

  test('goes on without the records where the user discards them', async () => {
    await askingPublish()
    expect((await answer('discard')).status).toBe(202)
    expect(await ended()).toMatchObject({ state: 'running', version: 2, question: null })
  })

  test('ends with the version before where the user rolls back: its stages and state go on as they are', async () => {
    await askingPublish()
    await answer('roll_back')
    expect(await ended()).toMatchObject({
      state: 'running',
      version: 1,
      operation: { outcome: 'rolled-back' },
    })
    const spec = await specOf(3)
    expect(spec.plan.stages.map(({ id: stage }) => stage)).toEqual(['s1', 's2'])
    expect(spec.births).toEqual({ first: 1, count: 1 })
  })

  test('is asked again later where the user waits', async () => {
    await askingPublish()
    await answer('keep_waiting')
    await until(({ question, state }) => question === null && state === 'publishing')
    await until(({ question }) => question !== null)
    executor.unread = 0
    expect(await ended()).toMatchObject({ state: 'running', version: 2 })
  })

  test('cannot be answered where nothing is asked', async () => {
    await firstVersion()
    expect((await answer('discard')).body.code).toBe('nothing_to_answer')
  })
})

describe('stop and start', () => {
  const stop = () => call('POST', `/api/pipelines/${id}/stop`)

  test('stop waits until no executor holds a task', async () => {
    await firstVersion()
    await stop()
    expect(await ended()).toMatchObject({
      state: 'stopped',
      version: 1,
      operation: { kind: 'stop', outcome: 'done' },
    })
    const { id: name } = await place.app.prisma.deployment.findUniqueOrThrow({ where: { pipelineId: id } })
    expect(await place.app.redis.keys(`mr:{${name}}:lease*`)).toEqual([])
    expect((await stop()).body.code).toBe('not_running')
  })

  test('stop takes the word from a publish under way', async () => {
    await firstVersion()
    executor.behave = ({ version }) => (version === 2 ? 'silent' : 'run')
    await publish(await save({ ttl: 1_000 }))
    await until(({ operation }) => operation?.steps[3]?.state === 'running')
    await stop()
    expect(await ended()).toMatchObject({ state: 'stopped', operation: { kind: 'stop', outcome: 'done' } })
    const ops = await place.app.prisma.operation.findMany({ orderBy: { startedAt: 'asc' } })
    expect(ops.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['publish', 'done'],
      ['publish', 'failed'],
      ['stop', 'done'],
    ])
  })

  test('start begins a fresh run with topics, births and positions of its own, and deletes the run before', async () => {
    await firstVersion()
    await stop()
    await ended()
    expect((await call('POST', `/api/pipelines/${id}/start`, { start: { kind: 'latest' } })).status).toBe(202)
    await until(({ state }) => state === 'running')
    const now = await ended()
    expect(now).toMatchObject({ version: 1, run: 2, generation: 2 })
    const spec = await specOf(2)
    expect(spec.births).toEqual({ first: 2, count: 2 })
    expect(spec.start).toEqual({ kind: 'latest' })
    expect(spec.plan.stages.map(({ id: stage }) => stage)).toEqual(['s1', 's2'])
    expect(await topicsWith(`millrace.${spec.deployment}.1.`)).toEqual([])
  })

  test('replay of what runs is a fresh run from a time', async () => {
    await firstVersion()
    await call('POST', `/api/pipelines/${id}/replay`, { time: 1_700_000_000_000 })
    await until(({ run }) => run === 2)
    expect(await ended()).toMatchObject({ state: 'running', operation: { kind: 'replay', outcome: 'done' } })
    expect((await specOf(2)).start).toEqual({ kind: 'time', time: 1_700_000_000_000 })
  })

  test('a replay that fails goes back to the run before, with its state', async () => {
    await firstVersion()
    executor.behave = ({ run }) => (run === 2 ? problem : 'run')
    await call('POST', `/api/pipelines/${id}/replay`, { time: 1_700_000_000_000 })
    await until(({ operation }) => operation?.kind === 'replay' && operation.endedAt !== null)
    expect(await deployment()).toMatchObject({ state: 'running', run: 1, generation: 3 })
    const spec = await specOf(3)
    expect(spec.births).toEqual({ first: 1, count: 1 })
    expect(await topicsWith(`millrace.${spec.deployment}.2.`)).toEqual([])
  })

  test('a pipeline that does not run is published only with a start position', async () => {
    expect((await publish(await save())).body.code).toBe('start_needed')
    expect((await call('POST', `/api/pipelines/${id}/start`, start)).body.code).toBe('not_published')
  })
})

describe('roll back', () => {
  const rollBack = (version: number, acknowledgeEmpty: string[] = []) =>
    call('POST', `/api/pipelines/${id}/roll-back`, { version, acknowledgeEmpty })

  test('publishes an older version again; its state starts empty where it had changed', async () => {
    await firstVersion()
    await publish(await save({ size: 120_000 }), { acknowledgeEmpty: ['count'] })
    await until(({ version }) => version === 2)
    await ended()
    expect((await rollBack(1)).body.code).toBe('state_not_acknowledged')
    expect((await rollBack(1, ['count'])).status).toBe(202)
    await until(({ operation }) => operation?.kind === 'roll-back')
    expect(await ended()).toMatchObject({ state: 'running', version: 1, generation: 3 })
    expect((await specOf(3)).births).toEqual({ first: 1, count: 3 })
    const { body: versions } = await call('GET', `/api/pipelines/${id}/versions`)
    expect(versions.map((row: { version: number; live: boolean }) => [row.version, row.live])).toEqual([
      [2, false],
      [1, true],
    ])
  })

  test('is not possible to a version that never was, or while nothing runs', async () => {
    await firstVersion()
    expect((await rollBack(9)).status).toBe(404)
    await call('POST', `/api/pipelines/${id}/stop`)
    await until(({ state }) => state === 'stopped')
    expect((await rollBack(1)).body.code).toBe('not_running')
  })
})
