import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stackPlace } from './environment.ts'
import { createKafka } from './kafka.ts'
import { freePort } from './ports.ts'
import type { Server } from './server.ts'

const { cacheDir } = stackPlace(path.join(import.meta.dirname, '..', '..'))

let dataDir: string

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'millrace-stack-'))
})

afterAll(() => rm(dataDir, { recursive: true, force: true }))

describe('a Kafka cluster', () => {
  let nodes: Server[]

  beforeAll(async () => {
    const ids = [1, 2, 3]
    const voters = await Promise.all(
      ids.map(async (nodeId) => ({ nodeId, controllerPort: await freePort() })),
    )
    nodes = await Promise.all(
      ids.map(async (nodeId) =>
        createKafka({
          folder: path.join(dataDir, `kafka-${nodeId}`),
          cacheDir,
          port: await freePort(),
          cluster: { nodeId, voters },
          properties: { 'offsets.topic.replication.factor': '3' },
        }),
      ),
    )
    await Promise.all(nodes.map((node) => node.start()))
  })

  afterAll(() => Promise.all((nodes ?? []).map((node) => node.stop())))

  test('replicates to all of its brokers', async () => {
    const brokers = nodes.map((node) => node.address())
    const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin()
    await admin.connect()
    await expect
      .poll(async () => (await admin.describeCluster()).brokers, { timeout: 30_000 })
      .toHaveLength(3)
    await admin.createTopics({ topics: [{ topic: 'copied', numPartitions: 1, replicationFactor: 3 }] })
    const replicas = async () => {
      const { topics } = await admin.fetchTopicMetadata({ topics: ['copied'] })
      return topics[0]?.partitions[0]?.isr.toSorted()
    }
    await expect.poll(replicas, { timeout: 30_000 }).toEqual([1, 2, 3])
    await admin.disconnect()
  })
})
