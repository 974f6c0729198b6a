import { catalogue, runtimes } from '@millrace/nodes'
import { expect, inject, test } from 'vitest'
import { chain, step } from '../../../api/src/templates/build.ts'
import { createDeployment } from '../../support/deployment.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { RunningTasks } from '../../support/running-tasks.ts'
import { waitFor } from '../../support/wait-for.ts'
import { uniqueName } from '../wire/support/kafka.ts'

const types = { catalogue, runtimes }
/** Compacted as soon as the broker comes by. */
const EAGER = {
  ...{ 'cleanup.policy': 'compact', 'segment.ms': '100', 'min.cleanable.dirty.ratio': '0.01' },
  'delete.retention.ms': '0',
}
const DEADLINE_MS = 150_000

interface Found {
  readonly n: number
  readonly text: string | null
}

test('a reference topic that was compacted since the last commit is read as it is now, whole', {
  timeout: 240_000,
}, async () => {
  const kafka = await KafkaForTests.connect(inject('servers').kafka)
  const topics = { in: uniqueName('in'), look: uniqueName('reference'), out: uniqueName('out') }
  await kafka.createTopic(topics.in, 1)
  await kafka.createTopic(topics.out, 1)
  await kafka.createTopic(topics.look, 1, EAGER)
  const nodes = [
    step('in', 'kafka', 'In', {
      ...{ connection: 'kafka', topic: topics.in, eventTime: null, maxAhead: null },
      fields: [
        { name: 'n', type: 'int64 not null' },
        { name: 'id', type: 'string not null' },
      ],
    }),
    step('look', 'enrich', 'Look up', {
      ...{ connection: 'kafka', topic: topics.look, keyField: 'id', key: 'id', miss: 'keep' },
      add: [{ field: 'text', as: '' }],
      fields: [
        { name: 'id', type: 'string not null' },
        { name: 'text', type: 'string' },
      ],
    }),
    step('out', 'kafka-sink', 'Out', { connection: 'kafka', topic: topics.out, key: [] }),
  ]
  const graph = { format: 1 as const, name: 'Looked up', nodes, edges: chain(nodes), layout: {} }
  const spec = await createDeployment({ graph, kafka, types, topics, partitions: { in: 1 } })
  const say = (id: string, text: string | null) =>
    kafka.produce(topics.look, [{ key: id, value: text === null ? null : { id, text } }])
  const ask = (...asked: { n: number; id: string }[]) =>
    kafka.produce(
      topics.in,
      asked.map((value) => ({ key: value.id, value })),
    )
  const answers = async () =>
    (await kafka.readAll(topics.out)).map(({ value }) => {
      const { n, text } = JSON.parse(value ?? '') as Found
      return [n, text]
    })
  const come = (count: number) =>
    waitFor(`${count} answers`, async () => (await answers()).length >= count, DEADLINE_MS)
  await say('a', 'a1')
  await say('b', 'b1')
  const tasks = await RunningTasks.start(spec, types, inject('servers'))
  try {
    await ask({ n: 1, id: 'a' }, { n: 2, id: 'b' })
    await come(2)
    await tasks.crash(async () => {
      await say('a', 'a2')
      await say('b', null)
      await waitFor(
        'the rows of before are gone',
        async () => {
          // Only what is no longer written to is compacted.
          await say('c', 'c')
          return (await kafka.readAll(topics.look)).every(({ offset }) => offset > 1)
        },
        DEADLINE_MS,
      )
    })
    await ask({ n: 3, id: 'a' }, { n: 4, id: 'b' })
    await come(4)
    expect(await answers()).toEqual([
      [1, 'a1'],
      [2, 'b1'],
      [3, 'a2'],
      [4, null],
    ])
    expect(await tasks.failure()).toBeNull()
  } finally {
    await tasks.stop()
    await kafka.close()
  }
})
