import { type Lease, redisKeys, type TaskReport } from '@millrace/contracts'
import type { PipelineGraph } from '@millrace/graph'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { chain, step } from '../../api/src/templates/build.ts'
import { startBroker, type TestBroker } from '../it/wire/support/broker.ts'
import { createDeployment, writeDesired } from '../support/deployment.ts'
import { ExecutorProcess } from '../support/executor-process.ts'
import { KafkaForTests } from '../support/kafka.ts'
import { waitFor } from '../support/wait-for.ts'

const nodes = [
  step('in', 'kafka', 'In', {
    ...{ connection: 'kafka', topic: 'in', format: 'json', fields: [{ name: 'n', type: 'int64' }] },
    ...{ eventTime: null, outOfOrderness: 0, idleTimeout: 1_000, maxAhead: null, keyedBy: [] },
  }),
  step('out', 'kafka-sink', 'Out', { connection: 'kafka', topic: 'out', key: [] }),
]
const GRAPH: PipelineGraph = { format: 1, name: 'Copy', nodes, edges: chain(nodes), layout: {} }

/** A fetch may wait for its answer for 30 s. */
const DEADLINE_MS = 90_000

let broker: TestBroker
let redis: Redis
let executor: ExecutorProcess

beforeAll(async () => {
  broker = await startBroker()
  redis = new Redis(inject('servers').redis)
  await redis.flushall()
  await redis.set(redisKeys.incarnation, JSON.stringify({ id: 'test', at: 0 }))
})

afterAll(async () => {
  await executor?.kill()
  redis.disconnect()
  await broker.remove()
})

async function deploy() {
  const kafka = await KafkaForTests.connect(broker.address)
  for (const topic of ['in', 'out']) await kafka.createTopic(topic, 1)
  const topics = { in: 'in', out: 'out' }
  const spec = await createDeployment({ graph: GRAPH, partitions: { in: 1 }, topics, kafka })
  await writeDesired(redis, spec)
  await kafka.close()
  return spec
}

async function reports(deployment: string): Promise<TaskReport[]> {
  return Object.values(await redis.hgetall(redisKeys.tasks(deployment))).map((text) => JSON.parse(text))
}

const missesKafka = ({ problem }: TaskReport) => problem?.code === 'kafka_unreachable'

describe('an executor whose lease somebody else has', () => {
  test('lives on and gives the task up, also while it waits for Kafka', { timeout: 240_000 }, async () => {
    const { deployment, plan } = await deploy()
    const [stage] = plan.stages
    executor = ExecutorProcess.start('loser', inject('servers').redis)
    const runs = async () => (await reports(deployment)).some(({ state }) => state === 'running')
    await waitFor('the task runs', runs, DEADLINE_MS)
    await broker.server.kill()
    await waitFor(
      'Kafka is missed',
      async () => !executor.alive || (await reports(deployment)).some(missesKafka),
      DEADLINE_MS,
    )
    const foreign: Lease = { owner: 'winner', token: 'w', generation: 1 }
    await redis.set(redisKeys.lease(deployment, stage?.id ?? '', 0), JSON.stringify(foreign), 'PX', 60_000)
    const isGivenUp = async () => {
      const beat = await redis.hget(redisKeys.executors, 'loser')
      return !executor.alive || (beat !== null && (JSON.parse(beat) as { tasks: number }).tasks === 0)
    }
    await waitFor('the task is given up', isGivenUp, DEADLINE_MS)
    // A tick of the task falls due every 20 ms; a second heartbeat says that some have passed.
    const seen = await redis.hget(redisKeys.executors, 'loser')
    await waitFor('the executor beats again', async () => {
      return !executor.alive || (await redis.hget(redisKeys.executors, 'loser')) !== seen
    })
    expect([executor.alive, executor.output]).toEqual([true, expect.not.stringContaining('triggerUncaught')])
  })
})
