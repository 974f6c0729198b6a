import { type LiveFrame, type MetricBatch, redisKeys } from '@millrace/contracts'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { endSession } from '../auth/sessions.ts'
import { tokenHash } from '../auth/token.ts'
import { clientOf, startTestApp, type TestApp } from '../testing/test-app.ts'
import { until } from '../testing/until.ts'
import { keepFrame, readFrames, removeOldFrames, SAMPLE_MS } from './history.ts'

let place: TestApp
let url: string
let cookie: string
let call: ReturnType<typeof clientOf>
let pipeline: string
let deployment: string

beforeEach(async () => {
  place = await startTestApp()
  url = await place.app.listen({ host: '127.0.0.1', port: 0 })
  const headers = await place.signIn()
  cookie = headers.cookie
  call = clientOf(place.app, headers)
  pipeline = (await call('POST', '/api/pipelines', { name: 'Sample' })).body.id
  const row = await place.app.prisma.deployment.findUniqueOrThrow({ where: { pipelineId: pipeline } })
  deployment = row.id
  expect(inject('servers').redis).toBeTruthy()
})

afterEach(() => place.close())

/** Publishes metrics as an executor does. */
async function measure(total: number, at: number): Promise<void> {
  const node = {
    nodeId: 'orders',
    in: total,
    out: total,
    filtered: 0,
    late: 0,
    errors: 0,
    watermark: 42,
    latency: [],
  }
  const input = {
    nodeId: 'orders',
    kind: 'source' as const,
    partition: 0,
    lag: 9,
    watermark: 42,
    idle: false,
    paused: null,
  }
  const task = { stage: 's1', partition: 0, nodes: [node], inputs: [input], state: { rows: 1 } }
  const commits = { count: 10, ms: 30, bytes: 1_000 }
  const batch: MetricBatch = {
    ...{ deployment, generation: 1, executor: 'e1', at, interval: 1_000 },
    tasks: [{ ...task, commits }],
  }
  await place.app.redis.xadd(redisKeys.metrics, '*', 'batch', JSON.stringify(batch))
}

/** Opens the stream of live frames; gives what came so far, and a promise of its end. */
async function listen(headers: Record<string, string> = { cookie }) {
  const abort = new AbortController()
  const response = await fetch(`${url}/api/pipelines/${pipeline}/live`, { headers, signal: abort.signal })
  const frames: LiveFrame[] = []
  const ended = (async () => {
    let text = ''
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk
      const events = text.split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) if (event.startsWith('data: ')) frames.push(JSON.parse(event.slice(6)))
    }
  })().catch(() => undefined)
  return { response, frames, ended, close: () => abort.abort() }
}

describe('the live stream', () => {
  test('sends a frame about once a second, with what executors measured', async () => {
    const stream = await listen()
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream')
    expect(stream.response.headers.get('content-security-policy')).toContain("default-src 'self'")
    await measure(100, Date.now() - 1_000)
    await measure(300, Date.now())
    const frame = await until(
      () => stream.frames.at(-1),
      (last) => last?.nodes[0]?.in === 300,
    )
    expect(frame).toMatchObject({
      deployment: { state: 'stopped' },
      nodes: [{ nodeId: 'orders', inRate: expect.any(Number), watermark: 42 }],
      partitions: [{ nodeId: 'orders', kind: 'source', partition: 0, lag: 9 }],
      executors: 1,
    })
    expect(frame?.nodes[0]?.inRate).toBeGreaterThan(0)
    const count = stream.frames.length
    await until(
      () => stream.frames.length,
      (now) => now >= count + 2,
    )
    const [a, b] = stream.frames.slice(-2)
    expect((b?.at ?? 0) - (a?.at ?? 0)).toBeGreaterThan(500)
    stream.close()
  })

  test('is refused without a session, and to pages of other sites', async () => {
    expect((await listen({})).response.status).toBe(401)
    expect((await listen({ cookie, origin: 'http://evil.example' })).response.status).toBe(403)
    expect((await listen({ cookie, 'sec-fetch-site': 'cross-site' })).response.status).toBe(403)
  })

  test('ends when the session has ended', async () => {
    const stream = await listen()
    await endSession(place.app.prisma, tokenHash(cookie.split('=')[1] ?? ''))
    await stream.ended
    expect((await listen()).response.status).toBe(401)
  })

  test('ends when the api ends', async () => {
    const stream = await listen()
    const closed = place.app.close()
    await stream.ended
    await closed
    place = await startTestApp()
  })

  test('goes on over entries that are no metrics', async () => {
    const stream = await listen()
    for (const text of ['no json', '{}', '{"deployment":1}', 'null']) {
      await place.app.redis.xadd(redisKeys.metrics, '*', 'batch', text)
    }
    await measure(7, Date.now())
    await until(
      () => stream.frames.at(-1),
      (last) => last?.nodes[0]?.in === 7,
    )
    stream.close()
  })

  test('tells the list of pipelines the rate and how far it is behind', async () => {
    await measure(100, Date.now() - 1_000)
    await measure(300, Date.now())
    const { body } = await until(
      () => call('GET', '/api/pipelines'),
      ({ body: rows }) => rows[0].lag === 9,
    )
    expect(body[0].rate).toBeGreaterThan(0)
  })
})

describe('the history', () => {
  const frame = (at: number): LiveFrame => ({
    at,
    deployment: { state: 'running', version: 1, reason: null, since: 1 },
    ...{ nodes: [], partitions: [], executors: 1, problems: [] },
    commits: { perSecond: 0, meanMs: null, bytesPerSecond: 0 },
  })

  test('keeps what was measured at intervals of ten seconds', async () => {
    const { body } = await until(
      async () => {
        await measure(5, Date.now())
        return call('GET', `/api/pipelines/${pipeline}/history?minutes=5`)
      },
      ({ body: { frames } }) => frames.length > 0,
    )
    expect(body.frames[0].nodes).toMatchObject([{ nodeId: 'orders', in: 5 }])
  })

  test('keeps one frame an interval, however many api processes there are', async () => {
    const { prisma } = place.app
    const at = Math.floor(Date.now() / SAMPLE_MS) * SAMPLE_MS - 60_000
    await Promise.all([
      keepFrame(prisma, deployment, frame(at)),
      keepFrame(prisma, deployment, frame(at + 9_999)),
    ])
    await keepFrame(prisma, deployment, frame(at + SAMPLE_MS))
    expect(await readFrames(prisma, deployment, 60, at + 60_000)).toHaveLength(2)
  })

  test('gives frames in order, only of the time asked for, and never too many', async () => {
    const { prisma } = place.app
    const now = Math.floor(Date.now() / SAMPLE_MS) * SAMPLE_MS
    const data = Array.from({ length: 1_440 }, (_, i) => {
      const at = now - i * SAMPLE_MS
      return { deploymentId: deployment, at: new Date(at), frame: JSON.stringify(frame(at)) }
    })
    await prisma.metricSample.createMany({ data, skipDuplicates: true })
    const ten = await readFrames(prisma, deployment, 10, now)
    expect(ten).toHaveLength(61)
    expect(ten.map(({ at }) => at)).toEqual(ten.map(({ at }) => at).toSorted((a, b) => a - b))
    expect((await readFrames(prisma, deployment, 240, now)).length).toBeLessThanOrEqual(721)
  })

  test('forgets frames after a day', async () => {
    const { prisma } = place.app
    const now = Date.now()
    await keepFrame(prisma, deployment, frame(now - 25 * 3_600_000))
    await keepFrame(prisma, deployment, frame(now - 23 * 3_600_000))
    await removeOldFrames(prisma, now)
    expect(await prisma.metricSample.count()).toBe(1)
  })
})

describe('status events of executors', () => {
  const tell = (event: unknown) => place.app.redis.xadd(redisKeys.status, '*', 'event', JSON.stringify(event))
  const history = async () => (await call('GET', `/api/pipelines/${pipeline}/deployment`)).body.history

  test('are kept in the history, once each, and what is no event is left out', async () => {
    const at = Date.now()
    await tell({ deployment, at, kind: 'task_moved', message: 'Task s1/0 moved\u0000 to e2.' })
    await tell({ deployment: 'unknown12345', at, kind: 'task_moved', message: 'of another one' })
    await tell({ deployment, at: 'soon', kind: 'task_moved', message: 'no time' })
    await tell('nonsense')
    await tell({ deployment, at: at + 1, kind: 'drained', message: 'Done.' })
    const events = await until(history, (found) => found.length >= 2)
    expect(events).toEqual([
      { at: at + 1, kind: 'drained', message: 'Done.' },
      { at, kind: 'task_moved', message: 'Task s1/0 moved  to e2.' },
    ])
  })
})
