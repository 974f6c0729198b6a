import { catalogue, runtimes } from '@millrace/nodes'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { chain, step } from '../../../api/src/templates/build.ts'
import { BehindProxy } from '../../faults/matrix/behind-proxy.ts'
import { createDeployment } from '../../support/deployment.ts'
import { RunningTasks } from '../../support/running-tasks.ts'
import { waitFor } from '../../support/wait-for.ts'
import { uniqueName } from '../wire/support/kafka.ts'

const KEYS = 100_000
const MINUTE = 60_000
/** The beginning of a minute. */
const START = 1_700_000_040_000
const DEADLINE_MS = 240_000
/** Of a transaction; one slice of timers may come on top. */
const COMMIT_RECORDS = 5_000
const SLICE = 1_000
/** Room for about a tenth of the windows. */
const STATE_BYTES = 4_000_000

let world: BehindProxy

beforeAll(async () => {
  world = await BehindProxy.start(`${inject('servers').redis}/12`)
}, 300_000)

afterAll(() => world?.end())

const topics = { in: uniqueName('in'), out: uniqueName('out') }

async function deploy() {
  for (const topic of Object.values(topics)) await world.kafka.createTopic(topic, 1)
  const source = step('in', 'kafka', 'In', {
    ...{ connection: 'kafka', topic: topics.in, format: 'json' },
    fields: [
      { name: 'key', type: 'string not null' },
      { name: 'ts', type: 'timestamp not null' },
    ],
    ...{ eventTime: 'ts', outOfOrderness: 0, idleTimeout: null, maxAhead: null, keyedBy: ['key'] },
  })
  const count = step('count', 'window', 'Count', {
    ...{ kind: 'tumbling', size: MINUTE, groupBy: ['key'], output: 'final' },
    aggregates: [{ function: 'count', as: 'events' }],
  })
  const out = step('out', 'kafka-sink', 'Out', { connection: 'kafka', topic: topics.out, key: ['key'] })
  const nodes = [source, count, out]
  return createDeployment({
    graph: { format: 1, name: 'Many windows', layout: {}, nodes, edges: chain(nodes) },
    ...{ kafka: world.kafka, partitions: { in: 1 }, topics },
    settings: { commitRecords: COMMIT_RECORDS },
  })
}

const send = (events: readonly { readonly key: string; readonly ts: number }[]) =>
  world.kafka.produce(
    topics.in,
    events.map((value) => ({ key: value.key, value, partition: 0 })),
  )

/** Sizes of the transactions in a topic of one partition: the end of each takes an offset. */
function transactionSizes(offsets: readonly number[]): number[] {
  const ends = offsets.flatMap((offset, i) => (offsets[i + 1] === offset + 1 ? [] : [i + 1]))
  return ends.map((end, i) => end - (ends[i - 1] ?? 0))
}

test('100,000 windows that close at once into a slow Kafka: in bounded steps, each once, over a crash', {
  timeout: 600_000,
}, async () => {
  const spec = await deploy()
  const servers = { kafka: `127.0.0.1:${world.proxy.port}`, redis: `${inject('servers').redis}/12` }
  const tasks = await RunningTasks.start(spec, { catalogue, runtimes }, servers, STATE_BYTES)
  const results = () => world.kafka.readAll(topics.out)
  const untilRows = (count: number) =>
    waitFor(`${count} windows are out`, async () => (await results()).length >= count, DEADLINE_MS)
  try {
    await send(Array.from({ length: KEYS }, (_, i) => ({ key: `k${i}`, ts: START + (i % MINUTE) })))
    world.proxy.latencyMs = 150
    await send([{ key: 'later', ts: START + 60 * MINUTE }])
    await untilRows(SLICE)
    await tasks.crash()
    expect((await results()).length).toBeLessThan(KEYS)
    await untilRows(10 * SLICE)
    expect(tasks.stateRows).toBeLessThan(KEYS / 2)
    await untilRows(KEYS)
    expect(await tasks.failure()).toBeNull()
  } finally {
    world.heal()
    await tasks.stop()
  }
  const rows = await results()
  const keys = rows.map(({ value }) => (JSON.parse(value ?? '') as { key: string }).key)
  expect([keys.length, new Set(keys).size]).toEqual([KEYS, KEYS])
  const sizes = transactionSizes(rows.map(({ offset }) => offset))
  console.log(`${sizes.length} transactions, the largest of ${Math.max(...sizes)} windows`)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(COMMIT_RECORDS + SLICE)
})
