import { randomBytes } from 'node:crypto'
import { type DeadLetters, deadLetterHeaders, type SearchResult, topicNames } from '@millrace/contracts'
import { MASK, type PipelineGraph, UNMASKABLE } from '@millrace/graph'
import type {
  ElasticsearchConfig,
  KafkaSinkConfig,
  KafkaSourceConfig,
  SelectConfig,
  WindowConfig,
} from '@millrace/nodes'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { chain, step } from '../../../api/src/templates/build.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/postgres.ts'
import { migratedSchema } from '../../setup/prisma.ts'
import { KafkaForTests, type RawRecord } from '../../support/kafka.ts'
import { Product, type TestPipeline } from '../../support/product.ts'
import { waitFor } from '../../support/wait-for.ts'

const MEBIBYTE = 1_048_576
const MINUTE = 60_000
const TEST_MS = 300_000
const DEADLINE_MS = 60_000
/** A time that lies an hour back, at the beginning of a minute. */
const START = Math.floor((Date.now() - 3_600_000) / MINUTE) * MINUTE

const suffix = randomBytes(4).toString('hex')
const topics = {
  events: `events-${suffix}`,
  passed: `passed-${suffix}`,
  counts: `counts-${suffix}`,
}
const alias = `documents-${suffix}`

let database: TestDatabase
let kafka: KafkaForTests
let product: Product
let pipeline: TestPipeline
let dead: string

beforeAll(async () => {
  const servers = inject('servers')
  database = await createTestDatabase(servers.postgres, await migratedSchema())
  kafka = await KafkaForTests.connect(servers.kafka)
  await kafka.createTopic(topics.events, 1, { 'max.message.bytes': String(4 * MEBIBYTE) })
  product = await Product.start({ ...servers, postgres: database.url, redis: `${servers.redis}/6` })
  pipeline = await product.create('Bad input')
  await product.publish(pipeline, graph, { start: { kind: 'earliest' } })
  dead = topicNames.dead(await product.onlyDeployment())
}, TEST_MS)

afterAll(async () => {
  await product?.stop()
  await kafka?.close()
  await database?.drop()
})

const source = step('events', 'kafka', 'Events', {
  ...{ connection: 'kafka', topic: topics.events, format: 'json' },
  fields: [
    { name: 'id', type: 'string not null' },
    { name: 'amount', type: 'string' },
    { name: 'group', type: 'string' },
    { name: 'big', type: 'int64' },
    { name: '__proto__', type: 'string' },
    { name: 'constructor', type: 'struct<prototype string>' },
    { name: 'ts', type: 'timestamp' },
  ],
  ...{ eventTime: 'ts', outOfOrderness: 0, idleTimeout: null, maxAhead: 300_000, keyedBy: [] },
} satisfies KafkaSourceConfig)

/** Fails for an amount that is no number. */
const parse = step('parse', 'select', 'Parse', {
  rest: 'keep',
  fields: [
    { name: 'amount', expression: 'cast(amount as int64)' },
    { name: 'prototype', expression: 'constructor.prototype' },
    { name: 'toString', expression: '__proto__' },
  ],
  ...{ keep: [], drop: [], rename: [], cast: [] },
} satisfies SelectConfig)

const passed = step('passed', 'kafka-sink', 'Passed', {
  connection: 'kafka',
  topic: topics.passed,
  key: ['id'],
} satisfies KafkaSinkConfig)

const documents = step('documents', 'elasticsearch', 'Documents', {
  ...{ connection: 'elasticsearch', alias, index: 'single', dateField: null, id: '{id}' },
  fields: [
    { field: 'id', type: 'keyword' },
    { field: '__proto__', as: 'proto', type: 'keyword' },
    { field: 'constructor', type: 'object' },
    { field: 'toString', type: 'keyword' },
    { field: 'big', type: 'long' },
    { field: 'group', type: 'keyword' },
    { field: 'ts', type: 'date' },
  ],
  ...{
    timeField: 'ts',
    refreshSeconds: 1,
    bulkDocuments: 1_000,
    shards: 1,
    replicas: 0,
    retentionDays: null,
  },
} satisfies ElasticsearchConfig)

const count = step('count', 'window', 'Count', {
  ...{ kind: 'tumbling', size: MINUTE, offset: 0, groupBy: ['group'] },
  aggregates: [{ function: 'count', as: 'events' }],
  allowedLateness: 0,
} satisfies Partial<WindowConfig>)

/** Fails for a group that is no number, behind the cut where the source's bytes are gone. */
const number = step('number', 'select', 'Number', {
  rest: 'keep',
  fields: [{ name: 'number', expression: 'cast("group" as int64)' }],
  ...{ keep: [], drop: [], rename: [], cast: [] },
} satisfies SelectConfig)

const counts = step('counts', 'kafka-sink', 'Counts', {
  connection: 'kafka',
  topic: topics.counts,
  key: ['group'],
} satisfies KafkaSinkConfig)

const graph: PipelineGraph = {
  format: 1,
  name: 'Bad input',
  nodes: [source, parse, passed, documents, count, number, counts],
  edges: [
    ...chain([source, parse, passed]),
    ...chain([parse, documents]),
    ...chain([parse, count, number, counts]),
  ],
  layout: {},
}

const ts = START

/** By the reason that is expected: a value that must not pass, with the node that refuses it. */
const BAD: readonly [code: string, node: string, value: Buffer | string | null][] = [
  ['not_json', 'events', 'neither {JSON nor anything else\u0000'],
  ['not_json', 'events', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
  ['not_json', 'events', ''],
  ['no_value', 'events', null],
  ['not_object', 'events', `[${ts}]`],
  ['no_event_time', 'events', '{"id":"no time"}'],
  ['wrong_type', 'events', '{"id":"bad time","ts":"yesterday"}'],
  ['too_far_ahead', 'events', `{"id":"year 9999","ts":${Date.UTC(9999, 0)}}`],
  ['out_of_range', 'events', '{"id":"no such time","ts":1e300}'],
  ['too_deep', 'events', `{"id":"deep","ts":${ts},"x":${'['.repeat(64)}${']'.repeat(64)}}`],
  ['too_deep', 'events', `{"id":"very deep","ts":${ts},"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
  ['too_large', 'events', sized(MEBIBYTE + 1)],
  ['too_large', 'events', sized(3 * MEBIBYTE)],
  ['missing_field', 'events', `{"ts":${ts}}`],
  ['wrong_type', 'events', `{"id":7,"ts":${ts}}`],
  ['out_of_range', 'events', `{"id":"big","big":9223372036854775808,"ts":${ts}}`],
  ['invalid_cast', 'parse', `{"id":"no number","amount":"three","ts":${ts}}`],
]

/** A good event of so many bytes. */
function sized(bytes: number): string {
  const start = `{"id":"sized","ts":${ts},"x":"`
  return `${start}${'x'.repeat(bytes - start.length - 2)}"}`
}

const keyOf = (i: number) => `key ${i} \u00e9`

/** Writes values as they are, the good ones between the bad ones. */
async function produce(values: readonly (Buffer | string | null)[]): Promise<void> {
  for (const [i, value] of values.entries()) {
    await kafka.producer.send({ topic: topics.events, messages: [{ key: keyOf(i), value, partition: 0 }] })
  }
}

const factsOf = ({ headers }: RawRecord) => ({
  code: headers[deadLetterHeaders.code],
  node: headers[deadLetterHeaders.node],
  source: [deadLetterHeaders.topic, deadLetterHeaders.partition, deadLetterHeaders.offset].map(
    (name) => headers[name],
  ),
})

async function idsPassed(): Promise<string[]> {
  return (await kafka.readAll(topics.passed)).map(({ value }) => JSON.parse(value ?? '').id)
}

describe('records that cannot be processed', { timeout: TEST_MS }, () => {
  test('become dead letters with reason, node, place and their own bytes, and the pipeline goes on', async () => {
    const good = (i: number) => `{"id":"good ${i}","amount":"1","ts":${ts}}`
    await produce(BAD.flatMap(([, , value], i) => [value, good(i)]))
    await waitFor('the last good event', async () => (await idsPassed()).length >= BAD.length, DEADLINE_MS)
    expect(await idsPassed()).toEqual(BAD.map((_, i) => `good ${i}`))
    const letters = await waitFor(
      'all dead letters',
      async () => {
        const found = await kafka.readRaw(dead)
        return found.length >= BAD.length && found
      },
      DEADLINE_MS,
    )
    expect(letters.map(factsOf)).toEqual(
      BAD.map(([code, node], i) => ({ code, node, source: [topics.events, '0', String(2 * i)] })),
    )
    for (const [i, letter] of letters.entries()) {
      const value = BAD[i]?.[2] ?? null
      expect(letter.key?.toString()).toBe(keyOf(2 * i))
      expect(letter.value?.equals(Buffer.from(value as string)) ?? null).toBe(value === null ? null : true)
      expect(letter.headers[deadLetterHeaders.message]).toBeTruthy()
    }
  })

  test('are listed by the api with what a person needs to know', async () => {
    const { total, letters } = await product.call<DeadLetters>(
      'GET',
      `/pipelines/${pipeline.id}/dead-letters`,
    )
    expect(total).toBe(BAD.length)
    const newest = letters.find(({ nodeId }) => nodeId === 'parse')
    expect(newest).toMatchObject({ code: 'invalid_cast', source: `${topics.events}/0/${2 * BAD.length - 2}` })
    expect(newest?.preview).toContain('"three"')
    expect(newest?.message).toContain('three')
    expect((await product.deployment(pipeline)).problems).toEqual([])
  })

  test('behind a cut become dead letters with the row', async () => {
    await produce([
      `{"id":"in seven","group":"7","ts":${START + MINUTE}}`,
      `{"id":"in a word","group":"seven","ts":${START + MINUTE}}`,
      `{"id":"later","group":"8","ts":${START + 3 * MINUTE}}`,
    ])
    const rows = await waitFor(
      'the window',
      async () => {
        const found = (await kafka.readAll(topics.counts)).map(({ value }) => JSON.parse(value ?? ''))
        return found.some(({ number: n }) => n === 7) && found
      },
      DEADLINE_MS,
    )
    expect(rows.map(({ group }) => group)).toEqual([null, '7'])
    const letter = await waitFor(
      'its dead letter',
      async () => (await kafka.readRaw(dead)).find((one) => factsOf(one).node === 'number'),
      DEADLINE_MS,
    )
    expect(factsOf(letter)).toEqual({
      code: 'invalid_cast',
      node: 'number',
      source: [undefined, undefined, undefined],
    })
    expect(letter.headers[deadLetterHeaders.content]).toBe('row')
    expect(JSON.parse(letter.value?.toString() ?? '')).toMatchObject({ group: 'seven', events: 1 })
  })
})

describe('members named like those of every object', { timeout: TEST_MS }, () => {
  const search = (query: string) =>
    product.call<SearchResult>('POST', `/pipelines/${pipeline.id}/nodes/documents/search`, {
      query,
      size: 10,
    })

  test('go from source to document as ordinary names, and are nobody else’s', async () => {
    await produce([
      `{"id":"named","__proto__":"p","constructor":{"prototype":"q"},"big":9223372036854775807,"ts":${START + 4 * MINUTE}}`,
      `{"id":"plain","constructor":{"prototype":"r"},"ts":${START + 4 * MINUTE}}`,
      `{"id":"nested","x":{"__proto__":{"amount":"1"}},"ts":${START + 4 * MINUTE}}`,
    ])
    await waitFor('they pass', async () => (await idsPassed()).includes('nested'), DEADLINE_MS)
    const rows = (await kafka.readAll(topics.passed)).map(({ value }) => value ?? '')
    const named = rows.find((row) => row.includes('"named"'))
    expect(named).toContain('"__proto__":"p"')
    expect(named).toContain('"prototype":"q","toString":"p"')
    expect(named).toContain('"big":9223372036854775807')
    const plain = rows.find((row) => row.includes('"plain"'))
    expect(plain).toContain('"__proto__":null')
    expect(plain).toContain('"prototype":"r","toString":null')
    expect(rows.find((row) => row.includes('"nested"'))).toContain('"prototype":null')
    const found = await waitFor(
      'the document is found',
      async () => {
        const { documents: hits } = await search('proto:p AND constructor.prototype:q AND toString:p')
        return hits.length > 0 && hits
      },
      DEADLINE_MS,
    )
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ id: 'named' })
    expect(found[0]?.source).toContain('"constructor":{"prototype":"q"}')
    expect(found[0]?.source).toContain('"big":9223372036854775807')
    expect((await search('id:plain')).documents[0]?.source).toContain('"constructor":{"prototype":"r"}')
  })
})

describe('documents that Elasticsearch refuses', { timeout: TEST_MS }, () => {
  test('become dead letters with its reason, and the others are written', async () => {
    // A keyword holds at most 32,766 bytes.
    const event = (id: string, size: number) =>
      `{"id":"${id}","group":"${'x'.repeat(size)}","ts":${START + 5 * MINUTE}}`
    await produce([event('small', 32_766), event('too long', 32_767), event('small too', 1)])
    const letter = await waitFor(
      'its dead letter',
      async () => (await kafka.readRaw(dead)).find((one) => factsOf(one).node === 'documents'),
      DEADLINE_MS,
    )
    expect(factsOf(letter)).toMatchObject({
      code: 'document_refused',
      source: [topics.events, '0', expect.any(String)],
    })
    expect(letter.headers[deadLetterHeaders.message]).toContain('group')
    expect(JSON.parse(letter.value?.toString() ?? '')).toMatchObject({ id: 'too long' })
    const url = `${inject('servers').elasticsearch}/${alias}/_search?q=id:small*&filter_path=hits.hits._id`
    const found = await waitFor(
      'the others are written',
      async () => {
        const { hits } = (await (await fetch(url)).json()) as { hits?: { hits: { _id: string }[] } }
        return hits?.hits.length === 2 && hits.hits
      },
      DEADLINE_MS,
    )
    expect(found.map(({ _id }) => _id).sort()).toEqual(['small', 'small too'])
  })
})

describe('values of sensitive fields', { timeout: TEST_MS }, () => {
  const sensitive = ['amount', 'group', '__proto__']
  const fields = source.config.fields as readonly { readonly name: string }[]
  const tagged = fields.map((field) => ({
    ...field,
    ...(sensitive.includes(field.name) && { sensitive: true }),
  }))
  const nodes = graph.nodes.map((node) =>
    node.id === source.id ? { ...node, config: { ...node.config, fields: tagged } } : node,
  )

  test('come neither with dead letters nor with documents, once they are marked', async () => {
    await product.publish(pipeline, { ...graph, nodes } as PipelineGraph)
    const { letters } = await product.call<DeadLetters>('GET', `/pipelines/${pipeline.id}/dead-letters`)
    const of = (nodeId: string, code: string) =>
      letters.find((letter) => letter.nodeId === nodeId && letter.code === code)
    expect(of('parse', 'invalid_cast')).toMatchObject({
      message: `${MASK} cannot be read as int64`,
      preview: `{"id":"no number","amount":"${MASK}","ts":${ts}}`,
    })
    expect(of('number', 'invalid_cast')?.preview).toContain(`"group":"${MASK}"`)
    expect(of('documents', 'document_refused')?.message).not.toMatch(/\d|xx/)
    expect(of('documents', 'document_refused')?.preview).toContain(`"group":"${MASK}"`)
    expect(of('events', 'wrong_type')?.message).toContain('expected string, found a whole number')
    expect(of('events', 'not_json')?.preview).toBe(UNMASKABLE)
    expect(JSON.stringify(letters)).not.toMatch(/three|seven/)
    const { documents: found } = await product.call<SearchResult>(
      'POST',
      `/pipelines/${pipeline.id}/nodes/documents/search`,
      { query: 'id:named', size: 10 },
    )
    expect(found).toMatchObject([{ id: 'named' }])
    expect(JSON.parse(found[0]?.source ?? '')).toMatchObject({ proto: MASK, group: MASK, toString: MASK })
    expect(found[0]?.source).toContain('"big":9223372036854775807')
  })
})
