import { topicNames } from '@millrace/contracts'
import type { Server } from '@millrace/stack'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { startCluster, type TestCluster } from '../../it/wire/support/broker.ts'
import { administer } from '../../it/wire/support/kafka.ts'
import { ExecutorProcess } from '../../support/executor-process.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { waitFor } from '../../support/wait-for.ts'
import { Flow } from './flow.ts'

const REPLICAS = 3
const DEADLINE_MS = 120_000

let cluster: TestCluster
let kafka: KafkaForTests
let redis: Redis
let executor: ExecutorProcess
let flow: Flow

beforeAll(async () => {
  cluster = await startCluster()
  kafka = await KafkaForTests.connect(cluster.addresses.join(','), REPLICAS)
  redis = new Redis(inject('servers').redis)
  await redis.flushall()
}, 300_000)

beforeEach(async () => {
  executor = ExecutorProcess.start('brokers', inject('servers').redis)
  flow = await Flow.deploy(kafka, redis)
  flow.trickle()
  await flow.works()
})

afterEach(async () => {
  await flow.stop()
  await executor.kill()
})

afterAll(async () => {
  redis.disconnect()
  await kafka.close()
  await cluster.remove()
})

const serverOf = (nodeId: number) => cluster.servers[nodeId - 1] as Server

/** Ids of the brokers that the others count on, asked of another one than `not`. */
async function members(not: number): Promise<number[]> {
  const address = cluster.addresses[not % REPLICAS] as string
  return administer(address, async (admin) =>
    (await admin.describeCluster()).brokers.map(({ nodeId }) => nodeId),
  )
}

/** The broker that leads the first partition of a topic. */
async function leaderOf(topic: string): Promise<number> {
  const [description] = await kafka.client.describeTopics([topic], { refresh: true })
  return description?.partitions[0]?.leader ?? -1
}

/** Waits until all brokers have all that the others have, as an operator does before the next one is restarted. */
async function isInSync(): Promise<void> {
  await waitFor(
    'every partition is in sync on all of its brokers',
    () =>
      administer(cluster.addresses[0] as string, async (admin) => {
        const { topics } = await admin.fetchTopicMetadata()
        return topics.every(({ partitions }) =>
          partitions.every(({ isr, replicas }) => isr.length === replicas.length),
        )
      }),
    DEADLINE_MS,
  )
}

/** Ends a broker while something is under way, and starts it again once the others have done without it. */
async function lose(
  nodeId: number,
  end: (server: Server) => Promise<void>,
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<void> {
  await flow.works(100)
  expect(await flow.isUnderWay()).toBeGreaterThan(0)
  await end(serverOf(nodeId))
  expect(await flow.inFlight()).toBeGreaterThan(0)
  await waitFor(
    'the others have dropped it',
    async () => !(await members(nodeId)).includes(nodeId),
    DEADLINE_MS,
  )
  await meanwhile()
  await flow.works(100)
  await serverOf(nodeId).start()
  await waitFor('it is back', async () => (await members(nodeId)).includes(nodeId), DEADLINE_MS)
}

/** The broker that coordinates the transactions of the first task; its log is placed by the hash of Java's strings. */
async function coordinator(): Promise<number> {
  const id = topicNames.transactionalId(flow.spec.deployment, flow.sourceStage, 0)
  const hash = [...id].reduce((sum, letter) => (Math.imul(31, sum) + letter.charCodeAt(0)) | 0, 0)
  const [log] = await kafka.client.describeTopics(['__transaction_state'], { refresh: true })
  const partitions = log?.partitions ?? []
  return partitions[(hash & 0x7fffffff) % partitions.length]?.leader ?? -1
}

describe('three brokers, of which two must have each record (F6)', () => {
  const topicOf = {
    'the topic that is read': () => flow.topics.in,
    'the topic that is written': () => flow.topics.passed,
    'a repartition topic': () => topicNames.repartition(flow.spec, flow.windowStage),
    'the changelog of the sources': () => topicNames.changelog(flow.spec, flow.sourceStage),
    'the changelog of the windows': () => topicNames.changelog(flow.spec, flow.windowStage),
  }

  test('the coordinator of transactions is killed', async () => {
    await lose(await coordinator(), (server) => server.kill())
    await flow.isExact()
  })

  test.each(Object.keys(topicOf) as (keyof typeof topicOf)[])('the leader of %s is killed', async (which) => {
    const topic = topicOf[which]()
    const leader = await leaderOf(topic)
    await lose(
      leader,
      (server) => server.kill(),
      () => waitFor('another one leads', async () => (await leaderOf(topic)) !== leader, DEADLINE_MS),
    )
    await flow.isExact()
  })

  test('all of them are restarted, one after the other', async () => {
    for (const nodeId of [1, 2, 3]) {
      await lose(nodeId, (server) => server.stop())
      await isInSync()
    }
    await flow.isExact()
  })
})
