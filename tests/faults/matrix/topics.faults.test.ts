import { readdir, rm, stat, truncate } from 'node:fs/promises'
import path from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { startBroker, type TestBroker } from '../../it/wire/support/broker.ts'
import { administer, deleteTopic } from '../../it/wire/support/kafka.ts'
import { ExecutorProcess } from '../../support/executor-process.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { waitFor } from '../../support/wait-for.ts'
import { Flow } from './flow.ts'

/** A broker of its own: its log is cut. */
let broker: TestBroker
let kafka: KafkaForTests
let redis: Redis
let executor: ExecutorProcess
let flow: Flow
let executors = 0

beforeAll(async () => {
  broker = await startBroker()
  kafka = await KafkaForTests.connect(broker.address)
  redis = new Redis(inject('servers').redis)
  await redis.flushall()
})

beforeEach(async () => {
  flow = await Flow.deploy(kafka, redis)
  executor = start()
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
  await broker.remove()
})

function start(): ExecutorProcess {
  return ExecutorProcess.start(`topics-${++executors}`, inject('servers').redis)
}

/** Ends the trickle and waits until all of it is done. */
async function settle(): Promise<void> {
  await flow.dry()
  await flow.settles()
}

/** The pipeline stands where it stood, and has written no more than it had read. */
async function standsAt(committed: number, passed: number): Promise<void> {
  expect([await flow.committed(), (await flow.read('passed')).length]).toEqual([committed, passed])
  expect(executor.alive).toBe(true)
}

/** Loses the second half of a partition's log, as a broker does whose disk fails and that nobody can follow. */
async function loseHalf(topic: string): Promise<void> {
  const data = path.join(broker.server.folder, 'data')
  const log = path.join(data, `${topic}-0`)
  for (const name of await readdir(log)) {
    const file = path.join(log, name)
    if (name.endsWith('.log')) await truncate(file, Math.floor((await stat(file)).size / 2))
    else if (/\.(index|timeindex|snapshot|txnindex)$/.test(name)) await rm(file)
  }
  // So that the broker looks at the log itself.
  for (const name of await readdir(data)) {
    if (name === '.kafka_cleanshutdown' || name.startsWith('recovery-point')) await rm(path.join(data, name))
  }
}

describe('the pipeline stops with a question, and loses nothing (F30)', { timeout: 600_000 }, () => {
  test('when the topic is deleted, and when it is there again under its name', async () => {
    await settle()
    const passed = (await flow.read('passed')).length
    await deleteTopic(kafka.address, flow.topics.in)
    const gone = await flow.problem('topic_missing')
    expect(gone.message).toBe(
      `Topic ${flow.topics.in} was deleted. Create it again and go on in it, or start the pipeline afresh.`,
    )
    await kafka.createTopic(flow.topics.in, 2)
    await flow.send(100)
    await executor.kill()
    executor = start()
    const problem = await flow.problem('topic_recreated')
    expect(problem).toMatchObject({
      nodeId: 'in',
      message: expect.stringContaining('deleted and created again'),
    })
    expect([(await flow.read('passed')).length, executor.alive]).toEqual([passed, true])
  })

  test('when records are deleted before they were read', async () => {
    await settle()
    const before = [await flow.committed(), (await flow.read('passed')).length] as const
    await executor.stop()
    await flow.send(1_000)
    expect(await flow.inFlight()).toBe(1_000)
    const place = { topic: flow.topics.in, partition: 0 }
    const [end] = await kafka.client.listOffsets([place], 'latest')
    await kafka.client.deleteRecords([{ ...place, beforeOffset: (end?.offset ?? 0) - 10 }])
    executor = start()
    const { message, nodeId } = await flow.problem('position_lost')
    expect([nodeId, message]).toEqual([
      'in',
      expect.stringMatching(
        /^Offset \d+ of .* no longer exists: 490 records were deleted before they were read\./,
      ),
    ])
    await flow.dry()
    expect((await flow.read('passed')).length).toBeLessThanOrEqual(before[1] + 500)
  })

  test('when the topic gets more partitions while it runs', async () => {
    await flow.works()
    await administer(kafka.address, (admin) =>
      admin.createPartitions({ topicPartitions: [{ topic: flow.topics.in, count: 3 }] }),
    )
    const { message, nodeId } = await flow.problem('partitions_changed')
    expect([nodeId, message]).toEqual([
      'in',
      expect.stringContaining('had 2 partitions at publish and has 3 now'),
    ])
    await waitFor('both tasks of the source stand still', async () => {
      const stopped = (await flow.reports()).filter(({ state }) => state === 'stopped')
      return stopped.length === 2
    })
    const before = [await flow.committed(), (await flow.read('passed')).length] as const
    await flow.send(100)
    await standsAt(...before)
    expect(await flow.inFlight()).toBeGreaterThanOrEqual(100)
  })

  test('when the log ends before what was read', async () => {
    await settle()
    await executor.stop()
    await broker.server.stop()
    await loseHalf(flow.topics.in)
    await broker.server.start()
    executor = start()
    const { message, nodeId } = await flow.problem('position_lost')
    expect([nodeId, message]).toEqual(['in', expect.stringContaining('records that were there are lost')])
  })
})
