import { catalogue, count, eventJson, eventRow, events, runtimes, sink } from '@millrace/engine/testing'
import { node, pipeline } from '@millrace/graph/testing'
import { freePort } from '@millrace/stack'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { fetch } from '../../../executor/src/kafka/wire/api/fetch.ts'
import { createDeployment } from '../../support/deployment.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { RunningTasks } from '../../support/running-tasks.ts'
import { waitFor } from '../../support/wait-for.ts'
import { startBroker, type TestBroker } from '../wire/support/broker.ts'
import { type KafkaProxy, startProxy } from '../wire/support/proxy.ts'

const types = { catalogue, runtimes }
const IDLE_MS = 8_000
let broker: TestBroker
let proxy: KafkaProxy
/** Goes to the broker directly, also while the tasks cannot. */
let kafka: KafkaForTests

beforeAll(async () => {
  const [behindPort, proxyPort] = [await freePort(), await freePort()]
  proxy = await startProxy(proxyPort, behindPort)
  broker = await startBroker({
    listeners: [{ name: 'PROXIED', port: behindPort, advertisedPort: proxyPort, protocol: 'PLAINTEXT' }],
  })
  kafka = await KafkaForTests.connect(broker.address)
})

afterAll(async () => {
  await kafka.close()
  await proxy.close()
  await broker.remove()
})

test('a partition that cannot be read for longer than its idle timeout is not idle', {
  timeout: 180_000,
}, async () => {
  const [source, results] = ['events', 'results']
  await kafka.createTopic(source, 2)
  await kafka.createTopic(results, 1)
  const settings = { ...events.defaults, keyedBy: ['key'], idleTimeout: IDLE_MS }
  const graph = pipeline(
    [node('source', events, settings), node('count', count), node('out', sink)],
    ['source → count', 'count → out'],
  )
  const spec = await createDeployment({
    ...{ graph, kafka, types, partitions: { source: 2 } },
    topics: { source, out: results },
  })
  const say = (partition: number, ...times: number[]) =>
    kafka.produce(
      source,
      times.map((at) => ({
        key: `${partition}`,
        partition,
        value: eventJson(eventRow({ at, key: `${partition}` })),
      })),
    )
  const counts = async () =>
    (await kafka.readAll(results)).map(({ value }) => {
      const { at, key, n } = JSON.parse(value ?? '') as { at: number; key: string; n: number }
      return `${at}/${key}: ${n}`
    })
  const servers = { kafka: `127.0.0.1:${proxy.port}`, redis: inject('servers').redis }
  const tasks = await RunningTasks.start(spec, types, servers)
  try {
    await say(1, 1)
    await say(0, 1, 100)
    const isRead = (partition: number) =>
      tasks.inputs.find((input) => input.kind === 'source' && input.partition === partition)?.watermark !=
      null
    await waitFor('both partitions are read', () => isRead(0) && isRead(1))
    expect(tasks.inputs.filter(({ idle }) => idle)).toEqual([])
    const cutAt = performance.now()
    proxy.decide = ({ apiKey }) => (apiKey === fetch.key ? 'drop-reply' : 'forward')
    // What was asked for before has been answered by then.
    await waitFor('nothing can be read', () => proxy.caught.length > 4)
    await say(1, 2, 100)
    await waitFor('the outage is longer than the timeout', () => performance.now() - cutAt > 1.5 * IDLE_MS)
    expect(tasks.inputs.filter(({ idle }) => idle)).toEqual([])
    expect(await counts()).toEqual([])
    proxy.decide = () => 'forward'
    await waitFor('both windows', async () => (await counts()).length >= 2, 60_000)
    expect((await counts()).sort()).toEqual(['0/0: 1', '0/1: 2'])
    expect(await tasks.failure()).toBeNull()
  } finally {
    await tasks.stop()
  }
})
