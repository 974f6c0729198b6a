import { deadLetterHeaders, redisKeys, topicNames } from '@millrace/contracts'
import { type NodePreview, prepareProgram, type RawRecord } from '@millrace/engine'
import { catalogue, type KafkaPort, nodeHelp, runtimes } from '@millrace/nodes'
import { createKafkaPort } from '@millrace/nodes/connectors'
import { demoOrder } from '@millrace/testkit'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { sampleTopic } from '../../api/src/connections/sample.ts'
import { createPreviewServer } from '../../editor/src/preview/preview-server.ts'
import { sampleNeeds } from '../../editor/src/preview/sample-needs.ts'
import { type Sample, takeSample } from '../../editor/src/preview/take-sample.ts'
import {
  createDemoTopics,
  DEMO_SEED,
  type DemoPipeline,
  demoPipeline,
  demoTopicsByNode,
  documentsOf,
  ordersIn,
  windowsOf,
} from '../support/demo.ts'
import { createDeployment, writeDesired } from '../support/deployment.ts'
import { ExecutorProcess } from '../support/executor-process.ts'
import { KafkaForTests } from '../support/kafka.ts'
import { waitFor } from '../support/wait-for.ts'

const PARTITIONS = 4
const START = Date.UTC(2026, 0, 31, 23, 52)
/** So few that the thousand events of one partition span several windows and two days. */
const PER_SECOND = 4
const ORDERS = 5_000
/** Past every window. */
const CLOSE = START + 3_600_000
const DEADLINE_MS = 60_000

/** What no pipeline can use: both runs must put them aside for the same reason. */
const POISON = ['{"orderId": oops', '{"orderId":"o-x","userId":"u-0001","total":1}', '[]']

let kafka: KafkaForTests
let port: KafkaPort
let redis: Redis
let executor: ExecutorProcess | null = null

beforeAll(async () => {
  const servers = inject('servers')
  kafka = await KafkaForTests.connect(servers.kafka)
  port = createKafkaPort({ brokers: servers.kafka }, {})
  redis = new Redis(servers.redis)
})

afterAll(async () => {
  await executor?.kill()
  await Promise.all([kafka.close(), port.close()])
  redis.disconnect()
})

/** What a run came to; rows in an order of their own. */
interface Outcome {
  readonly documents: readonly string[]
  readonly windows: readonly string[]
  /** Node, code, reason and place in the sample of each record that was put aside. */
  readonly deadLetters: readonly string[]
}

test('the preview of the demo shows the very rows that an executor writes', {
  timeout: 120_000,
}, async () => {
  const pipeline = demoPipeline()
  await createDemoTopics(kafka, pipeline)
  await produceOrders(pipeline.topics.orders)
  const samples = await sampleAll(pipeline)
  const events = recordsOf(samples, 'orders')
  expect(events).toHaveLength(1_000)
  const previewed = await preview(pipeline, samples, events[0]?.offset ?? 0)
  expect(previewed.windows.length).toBeGreaterThan(15)
  expect(previewed.deadLetters).toHaveLength(POISON.length)
  expect(await execute(pipeline, events, previewed)).toEqual(previewed)
})

async function produceOrders(topic: string): Promise<void> {
  const timing = { seed: DEMO_SEED, start: START, perSecond: PER_SECOND }
  const orders = Array.from({ length: ORDERS }, (_, i) => demoOrder(timing, i))
  await kafka.produce(
    topic,
    orders.map((value) => ({ key: value.userId, value })),
  )
  await kafka.produce(
    topic,
    POISON.map((value) => ({ key: 'poison', value, partition: 0 })),
  )
}

/** The sample as the editor takes it from the api. */
async function sampleAll({ graph }: DemoPipeline): Promise<readonly Sample[]> {
  const needs = sampleNeeds(graph, { catalogue, runtimes, help: nodeHelp })
  return Promise.all(needs.map((need) => takeSample(need, 0, (request) => sampleTopic(port, request))))
}

function recordsOf(samples: readonly Sample[], nodeId: string): readonly RawRecord[] {
  return samples.find(({ need }) => need.nodeId === nodeId)?.records ?? []
}

/** What the editor's worker makes of the sample. */
async function preview({ graph }: DemoPipeline, samples: readonly Sample[], first: number): Promise<Outcome> {
  const answer = createPreviewServer({ catalogue, runtimes, now: () => performance.now() })
  const of = (isSource: boolean) =>
    new Map(
      samples
        .filter(({ need }) => (need.kind === 'source') === isSource)
        .map(({ need, records }) => [need.nodeId, records]),
    )
  await answer({ kind: 'load', samples: of(true), references: of(false), generatorStart: 0 })
  expect(await answer({ kind: 'run', id: 1, graph })).toMatchObject({ kind: 'ran' })
  const nodes = new Map<string, NodePreview>()
  for (const { id } of graph.nodes) {
    const rows = await answer({ kind: 'rows', nodeId: id })
    if (rows?.kind !== 'rows' || rows.preview === null) throw new Error(`no preview of ${id}`)
    nodes.set(id, rows.preview)
  }
  const rowsInto = (id: string) => namedRows(graph, id, nodes.get(id) as NodePreview)
  const letters = [...nodes.values()].flatMap(({ errors }) => errors)
  return {
    documents: sorted(rowsInto('orders-index').map(documentOf)),
    windows: sorted(rowsInto('region-topic').map(rounded)),
    deadLetters: sorted(
      letters.map(({ nodeId, code, message, origin }) => [
        ...[nodeId, code, message],
        (origin?.offset ?? 0) - first,
      ]),
    ),
  }
}

type NamedRow = { readonly [field: string]: unknown }

/** The rows that went into a node, by the names of their fields. */
function namedRows(
  graph: DemoPipeline['graph'],
  nodeId: string,
  { in: [rows = []] }: NodePreview,
): NamedRow[] {
  const { inputs } = prepareProgram(graph, catalogue, runtimes).node(nodeId)
  const fields = inputs[0]?.fields ?? []
  return rows.map(({ row }) => Object.fromEntries(fields.map(({ name }, i) => [name, plain(row[i])])))
}

function plain(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}

function documentOf({ orderId, userId, region, tier, categories, total, ts }: NamedRow): NamedRow {
  const index = `orders-${new Date(Number(ts)).toISOString().slice(0, 10)}`
  return { index, orderId, userId, region, tier, categories, total, ts }
}

/** What an executor makes of the same records, alone in a topic of their own. */
async function execute(
  pipeline: DemoPipeline,
  events: readonly RawRecord[],
  { documents, windows }: Outcome,
): Promise<Outcome> {
  const { graph, topics, topic } = overCopy(pipeline)
  await kafka.createTopic(topic, PARTITIONS)
  await copyTo(topic, events)
  const { elasticsearch, redis: redisUrl } = inject('servers')
  await redis.set(redisKeys.incarnation, JSON.stringify({ id: 'test', at: 0 }))
  const spec = await createDeployment({
    ...{ graph, topics, kafka, elasticsearch },
    partitions: { orders: PARTITIONS },
  })
  executor = ExecutorProcess.start('preview', redisUrl)
  await writeDesired(redis, spec)
  const expectedOrders = ordersIn(windows.map((row) => JSON.parse(row) as { orders: number }))
  const found = await waitFor(
    'every row is written',
    async () => {
      const written = windowsOf(await kafka.readAll(pipeline.topics['orders-per-region']))
      const indexed = await documentsOf(elasticsearch, pipeline.alias)
      const isDone = ordersIn(written) >= expectedOrders && indexed.length >= documents.length
      return isDone && { written, indexed }
    },
    DEADLINE_MS,
  )
  return {
    documents: sorted(found.indexed.map((document) => documentOf({ ...document }))),
    windows: sorted(found.written.map((row) => rounded({ ...row }))),
    deadLetters: await deadLettersOf(topicNames.dead(spec.deployment)),
  }
}

/** The same pipeline, reading another topic. */
function overCopy(pipeline: DemoPipeline) {
  const topic = `${pipeline.topics.orders}-sample`
  const nodes = pipeline.graph.nodes.map((node) =>
    node.id === 'orders' ? { ...node, config: { ...node.config, topic } } : node,
  )
  return {
    topic,
    graph: { ...pipeline.graph, nodes },
    topics: { ...demoTopicsByNode(pipeline), orders: topic },
  }
}

/** The records byte by byte, and behind them in each partition a probe that is filtered out but closes the windows. */
async function copyTo(topic: string, events: readonly RawRecord[]): Promise<void> {
  const probe = JSON.stringify({ orderId: 'end', userId: 'healthcheck-end', items: [], total: 0, ts: CLOSE })
  const bytes = (value: Uint8Array | null) => (value === null ? null : Buffer.from(value))
  const copies = events.map(({ key, value }) => ({ key: bytes(key), value: bytes(value), partition: 0 }))
  const ends = Array.from({ length: PARTITIONS }, (_, partition) => ({ key: null, value: probe, partition }))
  await kafka.producer.send({ topic, messages: [...copies, ...ends], acks: -1 })
}

async function deadLettersOf(topic: string): Promise<string[]> {
  const letters = await port.sample(topic, {
    from: 'earliest',
    limit: 1_000,
    maxBytes: 8_000_000,
    timeoutMs: 5_000,
  })
  const { node, code, message, offset } = deadLetterHeaders
  return sorted(
    letters.map(({ headers }) => [headers[node], headers[code], headers[message], Number(headers[offset])]),
  )
}

/** Sums of doubles depend on their order in the last digits. */
function rounded(row: NamedRow): NamedRow {
  const { region, window_start, window_end, orders, revenue, average } = row
  const round = (value: unknown) => Number(value).toFixed(6)
  return { region, window_start, window_end, orders, revenue: round(revenue), average: round(average) }
}

function sorted(rows: readonly unknown[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort()
}
