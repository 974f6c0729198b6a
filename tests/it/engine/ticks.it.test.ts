import {
  catalogue,
  earlyCount,
  eventJson,
  eventRow,
  events,
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

let kafka: KafkaForTests

beforeAll(async () => {
  kafka = await KafkaForTests.connect(inject('servers').kafka)
})

afterAll(() => kafka.close())

const types = { catalogue, runtimes }

test('early results come by the clock, in the transaction of their state, over crashes', async () => {
  const [source, results] = [uniqueName('events'), uniqueName('results')]
  await kafka.createTopic(source, 1)
  await kafka.createTopic(results, 1)
  const graph = pipeline(
    [node('source', events), node('early', earlyCount, { size: 1_000, every: 100 }), node('out', sink)],
    ['source → early', 'early → out'],
  )
  const spec = await createDeployment({
    graph,
    kafka,
    types,
    partitions: { source: 1 },
    topics: { source, out: results },
  })
  const tasks = await RunningTasks.start(spec, types, inject('servers'))
  const say = (...all: TestEvent[]) =>
    kafka.produce(
      source,
      all.map((one) => ({ key: 'k', value: eventJson(eventRow(one)) })),
    )
  const sums = async () =>
    (await kafka.readAll(results)).map(({ value }) => (JSON.parse(value ?? '') as { n: number }).n)
  const waitForSum = (n: number) => waitFor(`a sum of ${n}`, async () => (await sums()).at(-1) === n)
  try {
    // No watermark passes the window's end: what comes, comes early.
    await say({ at: 1, group: 'x', n: 1 })
    await waitForSum(1)
    await tasks.crash()
    await say({ at: 2, group: 'x', n: 2 })
    await waitForSum(3)
    await tasks.crash()
    await say({ at: 3, group: 'x', n: 4 }, { at: 5_000, group: 'y', n: 8 })
    // The window of x is closed by the next event.
    await waitFor('the end of the window', async () => (await sums()).includes(7))
    // Whatever was shown early, it only grew: no sum of a crashed tick was counted on.
    const seen = (await sums()).filter((n) => n !== 8)
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b))
    expect(await tasks.failure()).toBeNull()
  } finally {
    await tasks.stop()
  }
})
