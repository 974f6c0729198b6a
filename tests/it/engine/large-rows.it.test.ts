import { deadLetterHeaders, topicNames } from '@millrace/contracts'
import type { PipelineGraph } from '@millrace/graph'
import { catalogue, runtimes } from '@millrace/nodes'
import { expect, inject, test } from 'vitest'
import { chain, step } from '../../../api/src/templates/build.ts'
import { createDeployment } from '../../support/deployment.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { RunningTasks } from '../../support/running-tasks.ts'
import { waitFor } from '../../support/wait-for.ts'
import { uniqueName } from '../wire/support/kafka.ts'

const types = { catalogue, runtimes }
/** An event may be so large; what is kept of it, the event and a value, is more than a state row may take. */
const LARGE = 600_000

interface Said {
  readonly user: string
  readonly n: number
  readonly text: string
}

/** Events wait in state, with the value of the aggregate, until nothing earlier can come. */
function graphOf(source: string, results: string): PipelineGraph {
  const nodes = [
    step('source', 'kafka', 'Said', {
      ...{ connection: 'kafka', topic: source, keyedBy: ['user'], maxAhead: null, eventTime: 'ts' },
      ...{ outOfOrderness: 1_000, idleTimeout: null },
      fields: [
        { name: 'user', type: 'string not null' },
        { name: 'n', type: 'int64 not null' },
        { name: 'text', type: 'string not null' },
        { name: 'ts', type: 'timestamp not null' },
      ],
    }),
    step('running', 'running', 'In order', {
      ...{
        groupBy: ['user'],
        order: 'event',
        aggregates: [{ function: 'last', argument: 'text', as: 'latest' }],
      },
    }),
    step('out', 'kafka-sink', 'Results', { connection: 'kafka', topic: results, key: [] }),
  ]
  return { format: 1, name: 'Said', nodes, edges: chain(nodes), layout: {} }
}

test('a state row that is too large goes to dead letters with its reason, and everything else goes on', {
  timeout: 120_000,
}, async () => {
  const kafka = await KafkaForTests.connect(inject('servers').kafka)
  const [source, results] = [uniqueName('said'), uniqueName('results')]
  await kafka.createTopic(source, 1)
  await kafka.createTopic(results, 1)
  const spec = await createDeployment({
    ...{ graph: graphOf(source, results), kafka, types, partitions: { source: 1 } },
    topics: { source, out: results },
  })
  const said: Said[] = [
    { user: 'a', n: 1, text: 'short' },
    { user: 'b', n: 2, text: 'x'.repeat(LARGE) },
    { user: 'c', n: 3, text: 'short' },
  ]
  const tasks = await RunningTasks.start(spec, types, inject('servers'))
  try {
    await kafka.produce(
      source,
      said.map((value) => ({ key: value.user, value: { ...value, ts: 1_000 + value.n } })),
    )
    const letters = await waitFor('the row is a dead letter', async () => {
      const found = await kafka.readRaw(topicNames.dead(spec.deployment))
      return found.length > 0 && found
    })
    expect(letters.map(({ headers }) => headers[deadLetterHeaders.code])).toEqual(['state_too_large'])
    await tasks.crash()
    await kafka.produce(source, [{ key: 'd', value: { user: 'd', n: 4, text: '', ts: 9_000 } }])
    const rows = async () =>
      (await kafka.readAll(results)).map(({ value }) => (JSON.parse(value ?? '') as Said).n)
    await waitFor('the others come out', async () => (await rows()).length >= 2)
    expect((await rows()).sort()).toEqual([1, 3])
    expect(await tasks.failure()).toBeNull()
  } finally {
    await tasks.stop()
    await kafka.close()
  }
})
