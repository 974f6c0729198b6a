import { redisKeys } from '@millrace/contracts'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { DocumentFlow } from '../support/document-flow.ts'
import { ElasticsearchGate, type GateFate } from '../support/elasticsearch-gate.ts'
import { ExecutorProcess } from '../support/executor-process.ts'
import { KafkaForTests } from '../support/kafka.ts'
import { waitFor } from '../support/wait-for.ts'

const TEST_MS = 600_000
const INCARNATION = 1n

let kafka: KafkaForTests
let redis: Redis
let gate: ElasticsearchGate
let executor: ExecutorProcess
let flow: DocumentFlow

beforeAll(async () => {
  const { kafka: brokers, redis: redisUrl, elasticsearch } = inject('servers')
  kafka = await KafkaForTests.connect(brokers)
  redis = new Redis(redisUrl)
  await redis.flushall()
  await redis.set(redisKeys.incarnation, JSON.stringify({ id: 'test', at: 0 }))
  gate = await ElasticsearchGate.open(elasticsearch)
  flow = await DocumentFlow.deploy({ kafka, redis, elasticsearch, address: gate.address })
  executor = ExecutorProcess.start('documents', redisUrl)
  await flow.feed(400)
  await flow.isExact()
}, TEST_MS)

afterAll(async () => {
  await executor?.kill()
  await gate?.close()
  redis?.disconnect()
  await kafka?.close()
})

const bulk = (fate: GateFate) => {
  gate.decide = ({ path }) => (path.endsWith('/_bulk') ? fate : { kind: 'pass' })
}
const pass = () => bulk({ kind: 'pass' })
const elasticsearch = (path: string, method: string, body?: object) =>
  fetch(`${inject('servers').elasticsearch}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })

/** Feeds while something is wrong; documents wait, that is told, and all are there once it is over. */
async function through(begin: () => unknown, end: () => unknown): Promise<void> {
  const before = await flow.isExact()
  await begin()
  await flow.feed(600)
  const { problem, state } = await flow.untilProblem('sink_unreachable')
  expect([state, problem?.nodeId]).toEqual(['running', 'out'])
  expect(problem?.message).toMatch(
    /^“Documents” does not take documents now: .+\. They wait in the outbox\.$/,
  )
  expect(await flow.missing()).toBeGreaterThan(0)
  const lagOf = async () =>
    (await flow.inputs()).filter(({ kind }) => kind === 'outbox').reduce((sum, { lag }) => sum + lag, 0)
  await waitFor('the documents that wait are shown', async () => (await lagOf()) > 0, TEST_MS)
  await end()
  const after = await flow.isExact()
  await flow.untilFine()
  expect(after.size).toBe(flow.expected.size)
  for (const [id, { version }] of after) {
    expect(version >> 48n).toBe(INCARNATION)
    expect(version).toBeGreaterThan(before.get(id)?.version ?? 0n)
  }
}

describe('documents on their way to Elasticsearch', { timeout: TEST_MS }, () => {
  test.each([429, 503])('wait while it answers %d, and are all there afterwards', async (status) => {
    await through(() => bulk({ kind: 'answer', status }), pass)
  })

  test('wait while it refuses connections', async () => {
    await through(
      () => gate.refuse(),
      () => gate.listen(),
    )
  })

  test('wait while its disk is full', async () => {
    const block = (value: boolean | null) =>
      elasticsearch(`/${flow.index}/_settings`, 'PUT', { 'index.blocks.read_only_allow_delete': value })
    await through(
      () => block(true),
      () => block(null),
    )
  })

  test('are settled one by one where the answers differ, and those of one id stay in their order', async () => {
    const tries = new Map<string, number>()
    const seen: number[] = []
    const kinds = [null, 409, 429, 503, 400] as const
    const victims = new Set<string>()
    bulk({
      kind: 'items',
      statusOf(id) {
        const times = (tries.get(id) ?? 0) + 1
        tries.set(id, times)
        const status = kinds[Number(id.slice(1)) % kinds.length] ?? null
        if (status === 400 && Number(id.slice(1)) < 50) victims.add(id)
        const answered = status === 400 ? (victims.has(id) ? 400 : null) : times <= 3 ? status : null
        if (answered !== null) seen.push(answered)
        return answered
      },
    })
    const before = await flow.deadLetters()
    await flow.feed(800)
    await flow.isSettled()
    pass()
    for (const status of [409, 429, 503, 400]) expect(seen).toContain(status)
    // Two events each: both were refused, and what is there is what was there before.
    const letters = (await flow.deadLetters()).slice(before.length)
    expect(letters.map(({ id }) => id).sort()).toEqual([...victims, ...victims].sort())
    for (const { code, message } of letters) {
      expect([code, message]).toEqual(['document_refused', 'answered with 400 by the gate'])
    }
    await flow.feed(400)
    await flow.isExact()
  })

  test('are written once where the answer is lost after the writing', async () => {
    let lost = 0
    gate.decide = ({ path }) =>
      path.endsWith('/_bulk') && lost++ < 4 ? { kind: 'lose-reply', how: 'cut' } : { kind: 'pass' }
    await flow.feed(800)
    await flow.isSettled()
    expect(lost).toBeGreaterThanOrEqual(4)
    expect((await flow.isExact()).size).toBe(flow.expected.size)
    await flow.untilFine()
  })

  test('wait for a person where the password is wrong, and go on by themselves once somebody has acted', async () => {
    const words =
      /^“Documents” refuses documents: Elasticsearch does not accept the user name and password.*tried again every 15 s/
    bulk({ kind: 'answer', status: 401 })
    await flow.feed(400)
    const { state, problem } = await flow.untilProblem('sink_refuses')
    expect([state, problem?.nodeId, problem?.message]).toEqual([
      'stopped',
      'out',
      expect.stringMatching(words),
    ])
    expect(await flow.missing()).toBeGreaterThan(0)
    pass()
    await flow.isExact()
    await flow.untilFine()
  })

  test('go into an index that is made anew with the right mapping where somebody deleted it', async () => {
    await elasticsearch(`/${flow.index}`, 'DELETE')
    await flow.feed(400)
    await flow.isExact()
    const mapping = (await (await elasticsearch(`/${flow.index}/_mapping`, 'GET')).json()) as Record<
      string,
      { mappings: object }
    >
    expect(mapping[flow.index]?.mappings).toMatchObject({
      dynamic: 'strict',
      properties: { n: { type: 'long' } },
    })
  })

  test('go on where the alias was taken from their index', async () => {
    await elasticsearch(`/${flow.index}/_alias/${flow.alias}`, 'DELETE')
    await flow.feed(400)
    await waitFor('the newest document is there', async () => {
      const id = `d${(flow.fed - 1) % 400}`
      const answer = await elasticsearch(`/${flow.index}/_doc/${id}`, 'GET')
      return ((await answer.json()) as { _source?: { n: number } })._source?.n === flow.fed - 1
    })
    await elasticsearch(`/${flow.index}/_alias/${flow.alias}`, 'PUT')
    await flow.isExact()
  })

  test('that it cannot take become dead letters with its reason, and the others flow', async () => {
    const before = (await flow.deadLetters()).length
    await flow.feedBad({ id: 'too-long', text: 'x'.repeat(40_000) })
    await flow.feedBad({ id: 'i'.repeat(513), text: 'fine' })
    await flow.feed(400)
    await flow.isExact()
    const letters = await waitFor('both dead letters are there', async () => {
      const all = (await flow.deadLetters()).slice(before)
      return all.length >= 2 && all
    })
    const told = new Map(letters.map(({ id, code, message }) => [id.slice(0, 8), `${code}: ${message}`]))
    expect(letters).toHaveLength(2)
    expect(told.get('too-long')).toMatch(/^document_refused: .*failed to parse field \[text\]/)
    expect(told.get('iiiiiiii')).toContain('512')
  })
})
