import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createTopics, freshTopic, topicsWith } from '../testing/pipelines.ts'
import { clientOf, factories, startTestApp, type TestApp } from '../testing/test-app.ts'

let place: TestApp
let call: ReturnType<typeof clientOf>
let topic: string

beforeAll(async () => {
  place = await startTestApp()
  call = clientOf(place.app, await place.signIn())
  const { kafka, elasticsearch } = inject('servers')
  await call('PUT', '/api/connections/kafka', { kind: 'kafka', label: 'Kafka', settings: { brokers: kafka } })
  const elastic = { kind: 'elasticsearch', label: 'Elastic', settings: { node: elasticsearch } }
  await call('PUT', '/api/connections/elastic', elastic)
  topic = freshTopic('sampled')
  await createTopics([topic], 3)
  const port = factories.kafka({ brokers: kafka }, {})
  const records = Array.from({ length: 30 }, (_, i) => ({
    key: `k${i}`,
    value: `{"i":${i}}`,
    timestamp: 1_000 + i,
  }))
  await port.produce(topic, records)
  await port.produce(topic, [{ key: null, value: null, timestamp: 5_000 }])
  await port.close()
})

afterAll(() => place.close())

const sample = (query: string) => call('GET', `/api/connections/kafka/topics/${topic}/sample${query}`)

describe('topics', () => {
  test('are listed with their partitions, by name, without internal ones', async () => {
    const { body } = await call('GET', '/api/connections/kafka/topics')
    expect(body.topics).toContainEqual({ name: topic, partitions: 3 })
    const names = body.topics.map(({ name }: { name: string }) => name)
    expect(names).toEqual(names.toSorted())
    expect(names.filter((name: string) => name.startsWith('__') || name.startsWith('millrace.'))).toEqual([])
  })

  test('are asked of a Kafka connection only', async () => {
    expect((await call('GET', '/api/connections/elastic/topics')).body.code).toBe('wrong_kind')
    expect((await call('GET', '/api/connections/nothing/topics')).status).toBe(404)
  })
})

describe('the facts of a topic', () => {
  const facts = (name: string, query = '') => call('GET', `/api/connections/kafka/topics/${name}${query}`)

  test('say what each partition holds, and how long it is kept', async () => {
    const { status, body } = await facts(topic)
    expect(status).toBe(200)
    expect(body).toMatchObject({ topic, compacted: false, retentionMs: expect.any(Number) })
    expect(body.partitions.map(({ partition }: { partition: number }) => partition)).toEqual([0, 1, 2])
    const held = body.partitions.reduce(
      (sum: number, { low, high }: { low: number; high: number }) => sum + high - low,
      0,
    )
    expect(held).toBe(31)
  })

  test('know no lag of a pipeline that does not run, and refuse one that does not exist', async () => {
    const { body: pipeline } = await call('POST', '/api/pipelines', { name: 'Nothing yet' })
    const { body } = await facts(topic, `?pipeline=${pipeline.id}`)
    expect(body.partitions.map(({ lag }: { lag: number | null }) => lag)).toEqual([null, null, null])
    expect((await facts(topic, '?pipeline=nobody000000')).status).toBe(404)
    expect((await facts(topic, '?pipeline=../x')).status).toBe(400)
    expect((await facts(topic, '?other=1')).status).toBe(400)
  })

  test("are not given of Kafka's own topics, nor of one that does not exist", async () => {
    expect((await facts('__consumer_offsets')).status).toBe(404)
    expect((await facts(freshTopic('unknown'))).status).toBe(404)
  })
})

describe('a sample', () => {
  test('gives keys and values as they are, in base64, by partition and offset', async () => {
    const { body } = await sample('?from=earliest')
    expect(body).toMatchObject({ topic, partitions: 3, partition: null })
    expect(body.records).toHaveLength(31)
    const places = body.records.map(
      (record: { partition: number; offset: number }) => record.partition * 1_000 + record.offset,
    )
    expect(places).toEqual(places.toSorted((a: number, b: number) => a - b))
    const first = body.records.find((record: { timestamp: number }) => record.timestamp === 1_000)
    expect(Buffer.from(first.key, 'base64').toString()).toBe('k0')
    expect(Buffer.from(first.value, 'base64').toString()).toBe('{"i":0}')
    expect(body.records.find((record: { timestamp: number }) => record.timestamp === 5_000)).toMatchObject({
      key: null,
      value: null,
    })
  })

  test('reads one partition where one is asked for', async () => {
    const { body } = await sample('?partition=1&from=earliest')
    expect(body.partition).toBe(1)
    expect(new Set(body.records.map((record: { partition: number }) => record.partition))).toEqual(
      new Set([1]),
    )
  })

  test('is bounded by what is asked for, and what is asked for is bounded', async () => {
    expect((await sample('?limit=4')).body.records.length).toBeLessThanOrEqual(4)
    for (const query of [
      '?limit=0',
      '?limit=1001',
      '?partition=-1',
      '?from=middle',
      '?other=1',
      '?fields=x',
      '?limit=x',
    ]) {
      expect([query, (await sample(query)).status]).toEqual([query, 400])
    }
    expect((await sample('?partition=3')).body.code).toBe('invalid_request')
  })

  test('proposes fields where it is asked to', async () => {
    expect((await sample('?from=earliest')).body).not.toHaveProperty('proposed')
    const { body } = await sample('?from=earliest&fields=decimal')
    expect(body.proposed).toEqual({
      fields: [{ name: 'i', type: 'int64 not null', confidence: 1, remarks: [] }],
      issues: [],
      read: 30,
      unread: 0,
    })
  })

  test('leaves no consumer group and no topic behind', async () => {
    await sample('')
    const unknown = freshTopic('unknown')
    expect((await call('GET', `/api/connections/kafka/topics/${unknown}/sample`)).status).toBe(404)
    expect(await topicsWith(unknown)).toEqual([])
  })

  test.each(['__consumer_offsets', '__transaction_state'])(
    "reads none of Kafka's own topics: %s",
    async (name) => {
      expect((await call('GET', `/api/connections/kafka/topics/${name}/sample`)).status).toBe(404)
    },
  )
})

describe('the mapping of indices that exist', () => {
  const mapping = (alias: string, id = 'elastic') => call('GET', `/api/connections/${id}/mappings/${alias}`)

  test('is told by field, with all types where indices differ', async () => {
    const alias = freshTopic('mapped')
    expect((await mapping(alias)).body).toEqual({ indices: [], isIndex: false, fields: [] })
    const { elasticsearch } = inject('servers')
    const make = (index: string, properties: object) =>
      fetch(`${elasticsearch}/${index}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ mappings: { properties } }),
      })
    await make(`${alias}-2026-01-01`, { id: { type: 'keyword' }, n: { type: 'long' } })
    await make(`${alias}-2026-01-02`, { id: { type: 'text' }, at: { properties: { x: { type: 'date' } } } })
    await make(`${alias}-other`, { foreign: { type: 'long' } })
    const { body } = await mapping(alias)
    expect(body.indices).toEqual([`${alias}-2026-01-01`, `${alias}-2026-01-02`])
    expect(body.fields).toEqual(
      expect.arrayContaining([
        { name: 'id', types: ['keyword', 'text'] },
        { name: 'n', types: ['long'] },
        { name: 'at', types: ['object'] },
      ]),
    )
    expect(body.fields).toHaveLength(3)
    expect((await mapping(`${alias}-other`)).body.isIndex).toBe(true)
  })

  test('is asked of an Elasticsearch connection only, by the name of an alias', async () => {
    expect((await mapping('orders', 'kafka')).body.code).toBe('wrong_kind')
    for (const name of ['*', '_all', 'a,b', '.kibana', encodeURIComponent('a/b')])
      expect([name, (await mapping(name)).status]).toEqual([name, 400])
  })
})
