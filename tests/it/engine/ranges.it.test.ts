import { redisKeys } from '@millrace/contracts'
import {
  catalogue,
  eventJson,
  eventRow,
  events,
  history,
  runtimes,
  sink,
  type TestEvent,
} from '@millrace/engine/testing'
import { node, pipeline } from '@millrace/graph/testing'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createDeployment } from '../../support/deployment.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { RunningTasks } from '../../support/running-tasks.ts'
import { waitFor } from '../../support/wait-for.ts'
import { uniqueName } from '../wire/support/kafka.ts'

const SIZE = 500
const types = { catalogue, runtimes }
let kafka: KafkaForTests

beforeAll(async () => {
  kafka = await KafkaForTests.connect(inject('servers').kafka)
})

afterAll(() => kafka.close())

/** Events of ten keys, four partitions, in a disorder that nothing calls late. */
function eventsFrom(start: number, count: number): TestEvent[] {
  return Array.from({ length: count }, (_, i) => {
    const n = start + i
    return { at: n - ((n * 7) % 40), key: `k${(n * 3) % 10}`, value: n }
  })
}

/** By going through all that came before. */
function expected(all: readonly TestEvent[]): Map<number, number> {
  return new Map(
    all.map(({ at, key, value }, i) => {
      const known = all.slice(0, i + 1).filter((one) => one.key === key && one.at <= at && one.at > at - SIZE)
      return [value ?? 0, known.length]
    }),
  )
}

test('rows are found by range after crashes, from Redis, from a copy that lost its index, and without Redis', async () => {
  const [source, results] = [uniqueName('events'), uniqueName('results')]
  await kafka.createTopic(source, 2)
  await kafka.createTopic(results, 2)
  const graph = pipeline(
    [
      node('source', events, { ...events.defaults, outOfOrderness: 50 }),
      node('history', history, { size: SIZE }),
      node('out', sink),
    ],
    ['source → history', 'history → out'],
  )
  const spec = await createDeployment({
    ...{ graph, kafka, types, partitions: { source: 2 }, repartition: 2 },
    topics: { source, out: results },
  })
  const tasks = await RunningTasks.start(spec, types, inject('servers'))
  const fed: TestEvent[] = []
  const rows = async () =>
    (await kafka.readAll(results)).map(({ value }) => JSON.parse(value ?? '') as TestEvent)
  const feed = async (count: number) => {
    const more = eventsFrom(fed.length, count)
    fed.push(...more)
    // A key's events stay in one partition: their order is known.
    await kafka.produce(
      source,
      more.map((one) => ({ key: one.key ?? '', value: eventJson(eventRow(one)) })),
    )
    await waitFor('all events have come out', async () => (await rows()).length === fed.length)
    expect(await tasks.failure()).toBeNull()
  }
  const keysOf = (kind: string) =>
    Promise.all(
      [0, 1].map((task) => tasks.redis.keys(`${redisKeys.taskState(spec.deployment, 's2', task)}${kind}`)),
    )
  try {
    await feed(600)
    await tasks.crash()
    await feed(400)
    await tasks.crash()
    const indices = (await keysOf('index:*')).flat()
    expect(indices.length).toBe(2)
    await tasks.redis.del(...indices)
    await feed(300)
    await tasks.crash()
    await tasks.redis.del(...(await keysOf('*')).flat())
    await feed(300)
  } finally {
    await tasks.stop()
  }
  const counted = new Map((await rows()).map(({ value, n }) => [value ?? 0, n]))
  expect(counted).toEqual(expected(fed))
})
