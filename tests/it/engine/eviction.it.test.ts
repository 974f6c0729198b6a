import { redisKeys } from '@millrace/contracts'
import type { PipelineGraph } from '@millrace/graph'
import { catalogue, runtimes } from '@millrace/nodes'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { chain, step } from '../../../api/src/templates/build.ts'
import { createDeployment } from '../../support/deployment.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { RunningTasks } from '../../support/running-tasks.ts'
import { waitFor } from '../../support/wait-for.ts'
import { uniqueName } from '../wire/support/kafka.ts'

interface Visit {
  readonly user: string
  readonly n: number
}

const USERS = 1_500
const BATCH = 1_500
/** Room for a few hundred rows; in the end there are about 15,000. */
const STATE_BYTES = 150_000

const types = { catalogue, runtimes }
let kafka: KafkaForTests

beforeAll(async () => {
  kafka = await KafkaForTests.connect(inject('servers').kafka)
})

afterAll(() => kafka.close())

/** Each user comes again after all others; every third visit is told twice. */
function visitsFrom(start: number, count: number): Visit[] {
  const visits = Array.from({ length: count }, (_, i) => ({ user: `u${(start + i) % USERS}`, n: start + i }))
  return visits.flatMap((visit) => (visit.n % 3 === 0 ? [visit, visit] : [visit]))
}

function graphOf(source: string, results: string): PipelineGraph {
  const nodes = [
    step('source', 'kafka', 'Visits', {
      ...{ connection: 'kafka', topic: source, keyedBy: ['user'], maxAhead: null },
      fields: [
        { name: 'user', type: 'string not null' },
        { name: 'n', type: 'int64 not null' },
      ],
    }),
    step('dedupe', 'dedupe', 'Once', { key: ['user', 'n'], ttl: 86_400_000 }),
    step('running', 'running', 'So far', {
      groupBy: ['user'],
      aggregates: [
        { function: 'count', as: 'visits' },
        { function: 'sum', argument: 'n', as: 'total' },
      ],
    }),
    step('out', 'kafka-sink', 'Results', { connection: 'kafka', topic: results, key: [] }),
  ]
  return { format: 1, name: 'Visits', nodes, edges: chain(nodes), layout: {} }
}

/** By counting. */
function expected(visits: number): Map<number, object> {
  const sums = new Map<string, { visits: number; total: number }>()
  return new Map(
    Array.from({ length: visits }, (_, n) => {
      const user = `u${n % USERS}`
      const { visits: before, total } = sums.get(user) ?? { visits: 0, total: 0 }
      const sum = { visits: before + 1, total: total + n }
      sums.set(user, sum)
      return [n, { user, n, ...sum }]
    }),
  )
}

test('state that has no room in memory is read from Redis, also after crashes and without its copy', async () => {
  const [source, results] = [uniqueName('visits'), uniqueName('results')]
  await kafka.createTopic(source, 2)
  await kafka.createTopic(results, 2)
  const graph = graphOf(source, results)
  const spec = await createDeployment({
    ...{ graph, kafka, types, partitions: { source: 2 } },
    topics: { source, out: results },
  })
  const tasks = await RunningTasks.start(spec, types, inject('servers'), STATE_BYTES)
  let fed = 0
  const rows = async () => (await kafka.readAll(results)).map(({ value }) => JSON.parse(value ?? '') as Visit)
  const feed = async (count = BATCH) => {
    const visits = visitsFrom(fed, count)
    fed += count
    await kafka.produce(
      source,
      visits.map((value) => ({ key: value.user, value })),
    )
    await waitFor('all visits have come out', async () => (await rows()).length >= fed, 60_000)
    expect(await tasks.failure()).toBeNull()
  }
  try {
    await feed()
    await feed()
    await tasks.crash()
    await feed()
    const copies = await tasks.redis.keys(`${redisKeys.taskState(spec.deployment, 's1', 0)}*`)
    expect(copies.length).toBeGreaterThan(2)
    await tasks.redis.del(...copies)
    await feed()
    await feed()
    // What a batch needed leaves after the next one.
    await waitFor(
      'most rows have left',
      async () => {
        await feed(2)
        return tasks.stateRows < 6_000
      },
      60_000,
    )
  } finally {
    await tasks.stop()
  }
  expect(new Map((await rows()).map((row) => [row.n, row]))).toEqual(expected(fed))
  expect(await rows()).toHaveLength(fed)
})
