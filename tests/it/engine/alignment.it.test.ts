import { catalogue, eventJson, eventRow, events, pair, runtimes, sink } from '@millrace/engine/testing'
import { node, pipeline } from '@millrace/graph/testing'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createDeployment } from '../../support/deployment.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { RunningTasks } from '../../support/running-tasks.ts'
import { waitFor } from '../../support/wait-for.ts'
import { uniqueName } from '../wire/support/kafka.ts'

const types = { catalogue, runtimes }
const HOUR = 3_600_000
let kafka: KafkaForTests

beforeAll(async () => {
  kafka = await KafkaForTests.connect(inject('servers').kafka)
})

afterAll(() => kafka.close())

test('a partition that is too far ahead waits for the slowest one, and goes on once that has caught up', async () => {
  const [backlog, live, results] = [uniqueName('backlog'), uniqueName('live'), uniqueName('results')]
  for (const topic of [backlog, live, results]) await kafka.createTopic(topic, 1)
  const aligned = { ...events.defaults, maxDrift: HOUR }
  const graph = pipeline(
    [node('backlog', events, aligned), node('live', events, aligned), node('pair', pair), node('out', sink)],
    ['backlog → pair.left', 'live → pair.right', 'pair → out'],
  )
  const spec = await createDeployment({
    ...{ graph, kafka, types, partitions: { backlog: 1, live: 1 } },
    topics: { backlog, live, out: results },
  })
  const say = (topic: string, ...times: number[]) =>
    kafka.produce(
      topic,
      times.map((at) => ({ key: 'k', value: eventJson(eventRow({ at, key: 'k' })) })),
    )
  const count = async () => (await kafka.readAll(results)).length
  await say(backlog, 0)
  const tasks = await RunningTasks.start(spec, types, inject('servers'))
  const pausedOf = (nodeId: string) => tasks.inputs.find((input) => input.nodeId === nodeId)?.paused
  try {
    await waitFor('the backlog has begun', async () => (await count()) === 1)
    await say(live, 10 * HOUR)
    await waitFor('the live topic waits', () => pausedOf('live') === 'ahead')
    expect(pausedOf('backlog')).toBeNull()
    await say(live, 10 * HOUR + 1)
    await say(backlog, HOUR, 2 * HOUR)
    await waitFor('the backlog goes on', async () => (await count()) === 4)
    expect(pausedOf('live')).toBe('ahead')
    await say(backlog, 10 * HOUR)
    await waitFor('the live topic goes on', async () => (await count()) === 6)
    expect(await tasks.failure()).toBeNull()
  } finally {
    await tasks.stop()
  }
})
