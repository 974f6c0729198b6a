import { redisKeys } from '@millrace/contracts'
import { seededNumber } from '@millrace/engine'
import { emptyGraph, type GraphEdge, type PipelineGraph } from '@millrace/graph'
import type { JoinConfig, KafkaSourceConfig } from '@millrace/nodes'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { step } from '../../../api/src/templates/build.ts'
import { createDeployment, writeDesired } from '../../support/deployment.ts'
import { ExecutorProcess } from '../../support/executor-process.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { waitFor } from '../../support/wait-for.ts'
import { uniqueName } from '../wire/support/kafka.ts'

/** Left and right events are in as many partitions, by an id that has nothing to do with the join. */
const PARTITIONS = { left: 3, right: 4 } as const
const REPARTITION = 4
const [LOWER, UPPER] = [-200, 700]
const DISORDER = 300
/** So many events in each part that is fed. */
const PART = 8_000
const DEADLINE_MS = 120_000
const SEED = 5

let kafka: KafkaForTests
let redis: Redis
const executors: ExecutorProcess[] = []

beforeAll(async () => {
  const servers = inject('servers')
  kafka = await KafkaForTests.connect(servers.kafka)
  redis = new Redis(servers.redis)
  await redis.set(redisKeys.incarnation, JSON.stringify({ id: 'test', at: 0 }))
})

afterAll(async () => {
  await Promise.all(executors.map((executor) => executor.kill()))
  await kafka.close()
  redis.disconnect()
})

type Side = 'left' | 'right'

interface Event {
  readonly side: Side
  readonly id: string
  readonly k: string | null
  readonly n: number
  readonly ts: number
}

/** Event i of both topics together: ten a millisecond, in a disorder that nothing calls late. */
function event(i: number): Event {
  const draw = (salt: number) => seededNumber(SEED, i, salt)
  const key = Math.floor(draw(1) * 3_000)
  return {
    side: draw(2) < 0.5 ? 'left' : 'right',
    ...{ id: `e-${i}`, k: key === 0 ? null : `k-${key}`, n: i },
    ts: Math.floor(i / 10) + 1_000_000 - Math.floor(draw(3) * DISORDER),
  }
}

/** Of every pair the numbers of its events, of a left event without partner its own; by comparing each with its key's. */
function expected(events: readonly Event[], withAlone: boolean): string[] {
  const byKey = Map.groupBy(events, ({ k }) => k)
  return events.flatMap((left) => {
    if (left.side === 'right') return []
    const partners = (left.k === null ? [] : (byKey.get(left.k) ?? [])).filter(
      ({ side, ts }) => side === 'right' && ts - left.ts >= LOWER && ts - left.ts <= UPPER,
    )
    if (partners.length === 0) return withAlone ? [`${left.n}/null`] : []
    return partners.map(({ n }) => `${left.n}/${n}`)
  })
}

function joined(topics: Record<Side | 'out', string>): PipelineGraph {
  const source = (side: Side) =>
    step(side, 'kafka', side, {
      ...{ connection: 'kafka', topic: topics[side], keyedBy: ['id'] },
      fields: [
        { name: 'id', type: 'string not null' },
        { name: 'k', type: 'string' },
        { name: 'n', type: 'int64 not null' },
        { name: 'ts', type: 'timestamp not null' },
      ],
      ...{ eventTime: 'ts', outOfOrderness: DISORDER, idleTimeout: null, maxAhead: null },
    } satisfies Partial<KafkaSourceConfig>)
  const join = step('join', 'join', 'Join', {
    ...{ kind: 'left', on: [{ left: 'k', right: 'k' }], lower: LOWER, upper: UPPER },
    ...{ fields: 'chosen', leftFields: [{ field: 'n', as: 'l' }], rightFields: [{ field: 'n', as: 'r' }] },
  } satisfies Partial<JoinConfig>)
  const sink = step('out', 'kafka-sink', 'Out', { connection: 'kafka', topic: topics.out })
  const edge = (from: string, to: string, port: string): GraphEdge => ({
    id: `${from}-${to}`,
    from: { node: from, port: 'out' },
    to: { node: to, port },
  })
  return {
    ...emptyGraph('Joined'),
    nodes: [source('left'), source('right'), join, sink],
    edges: [edge('left', 'join', 'left'), edge('right', 'join', 'right'), edge('join', 'out', 'in')],
  }
}

test('two topics that are keyed by something else are joined exactly once, though an executor is killed', async () => {
  const topics = { left: uniqueName('left'), right: uniqueName('right'), out: uniqueName('out') }
  for (const side of ['left', 'right'] as const) await kafka.createTopic(topics[side], PARTITIONS[side])
  await kafka.createTopic(topics.out, 2)
  const graph = joined(topics)
  const spec = await createDeployment({
    graph,
    topics,
    kafka,
    partitions: PARTITIONS,
    repartition: REPARTITION,
  })
  expect(spec.plan.stages.flatMap(({ inputs }) => inputs.map(({ kind }) => kind)).sort()).toEqual([
    'repartition',
    'repartition',
    'source',
    'source',
  ])
  const start = (id: string) => executors.push(ExecutorProcess.start(id, inject('servers').redis))
  start('join-a')
  start('join-b')
  await writeDesired(redis, spec)
  const tasksOf = async (id: string) => {
    const beat = await redis.hget(redisKeys.executors, id)
    return beat === null ? 0 : (JSON.parse(beat) as { tasks: number }).tasks
  }
  await waitFor(
    'both executors have tasks',
    async () => (await tasksOf('join-a')) > 0 && (await tasksOf('join-b')) > 0,
    DEADLINE_MS,
  )

  const fed: Event[] = []
  const feed = async () => {
    const part = Array.from({ length: PART }, (_, i) => event(fed.length + i))
    fed.push(...part)
    for (const side of ['left', 'right'] as const) {
      const records = part
        .filter((one) => one.side === side)
        .map(({ side: _, ...value }) => ({ key: value.id, value }))
      await kafka.produce(topics[side], records)
    }
  }
  const rows = async () =>
    (await kafka.readAll(topics.out)).flatMap(({ value }) => {
      const { l, r } = JSON.parse(value ?? '') as { l: number; r: number | null }
      return l < 0 ? [] : [`${l}/${r}`]
    })

  await feed()
  await waitFor('pairs come out', async () => (await rows()).length > 500, DEADLINE_MS)
  await feed()
  await executors[0]?.kill()
  // Pairs of which both events are in the topics, and that are not out.
  const underWay = expected(fed, false).length - (await rows()).filter((row) => !row.endsWith('null')).length
  expect(underWay).toBeGreaterThan(0)
  await feed()
  start('join-c')
  await closeTime(topics)
  const all = expected(fed, true)
  await waitFor('every row is out', async () => (await rows()).length >= all.length, DEADLINE_MS)
  expect((await rows()).sort()).toEqual(all.sort())
  expect(all.filter((row) => row.endsWith('null')).length).toBeGreaterThan(100)
}, 300_000)

/** An event far ahead in every partition, so that nothing waits any more; its number is negative, and its key null. */
async function closeTime(topics: Record<Side, string>): Promise<void> {
  const value = { id: 'end', k: null, n: -1, ts: 2_000_000 }
  for (const side of ['left', 'right'] as const) {
    const partitions = Array.from({ length: PARTITIONS[side] }, (_, partition) => partition)
    await kafka.produce(
      topics[side],
      partitions.map((partition) => ({ key: 'end', value, partition })),
    )
  }
}
