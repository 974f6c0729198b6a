import {
  catalogue,
  count,
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

const types = { catalogue, runtimes }
let kafka: KafkaForTests

beforeAll(async () => {
  kafka = await KafkaForTests.connect(inject('servers').kafka)
})

afterAll(() => kafka.close())

test.each([
  ['behind a cut', 2, null],
  ['in the stage of the source', 2, ['key']],
] as const)(
  'a partition that falls silent holds windows back no longer (%s)',
  async (_, repartition, keyedBy) => {
    const [source, results] = [uniqueName('events'), uniqueName('results')]
    await kafka.createTopic(source, 2)
    await kafka.createTopic(results, 1)
    const graph = pipeline(
      [
        node('source', events, { ...events.defaults, keyedBy: keyedBy && [...keyedBy], idleTimeout: 400 }),
        node('count', count),
        node('out', sink),
      ],
      ['source → count', 'count → out'],
    )
    const spec = await createDeployment({
      ...{ graph, kafka, types, partitions: { source: 2 }, repartition },
      topics: { source, out: results },
    })
    const tasks = await RunningTasks.start(spec, types, inject('servers'))
    const say = (partition: number, ...all: TestEvent[]) =>
      kafka.produce(
        source,
        all.map((one) => ({ key: 'k', partition, value: eventJson(eventRow(one)) })),
      )
    const sums = async () =>
      (await kafka.readAll(results)).map(({ value }) => JSON.parse(value ?? '') as { at: number; n: number })
    try {
      // One partition never has a record; the other one has its last word at 100.
      await say(0, { at: 1, key: 'a' }, { at: 100, key: 'a' })
      const [first] = await waitFor('the first window', async () => {
        const found = await sums()
        return found.length > 0 && found
      })
      expect(first).toMatchObject({ at: 0, n: 1 })
      expect(await tasks.failure()).toBeNull()
    } finally {
      await tasks.stop()
    }
  },
)

test.each([
  ['behind a cut', null],
  ['in the stage of the source', ['key']],
] as const)(
  'a restart goes on from the watermark, though a partition is idle: what is late stays late (%s)',
  async (_, keyedBy) => {
    const [source, results] = [uniqueName('events'), uniqueName('results')]
    await kafka.createTopic(source, 2)
    await kafka.createTopic(results, 1)
    const settings = { ...events.defaults, keyedBy: keyedBy && [...keyedBy], idleTimeout: 400 }
    const graph = pipeline(
      [node('source', events, settings), node('count', count), node('out', sink)],
      ['source → count', 'count → out'],
    )
    const spec = await createDeployment({
      ...{ graph, kafka, types, partitions: { source: 2 }, repartition: 2 },
      topics: { source, out: results },
    })
    const tasks = await RunningTasks.start(spec, types, inject('servers'))
    const say = (partition: number, ...all: TestEvent[]) =>
      kafka.produce(
        source,
        all.map((one) => ({ key: 'k', partition, value: eventJson(eventRow(one)) })),
      )
    const windows = async () =>
      (await kafka.readAll(results)).map(({ value }) => (JSON.parse(value ?? '') as { at: number }).at)
    const isOut = (at: number) =>
      waitFor(`the window at ${at}`, async () => (await windows()).includes(at), 60_000)
    await say(0, { at: 1, key: 'a' }, { at: 100, key: 'a' })
    await isOut(0)
    await tasks.crash(() => say(1, { at: 2, key: 'b' }))
    await say(0, { at: 205, key: 'a' })
    await isOut(100)
    expect(await tasks.failure()).toBeNull()
    await tasks.stop()
    expect((await windows()).sort((a, b) => a - b)).toEqual([0, 100])
  },
)
