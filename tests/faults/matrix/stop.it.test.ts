import { type Lease, redisKeys } from '@millrace/contracts'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { ExecutorProcess } from '../../support/executor-process.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { waitFor } from '../../support/wait-for.ts'
import { Flow } from './flow.ts'

let kafka: KafkaForTests
let redis: Redis
let executors: readonly ExecutorProcess[]
let flow: Flow

beforeAll(async () => {
  kafka = await KafkaForTests.connect(inject('servers').kafka)
  redis = new Redis(inject('servers').redis)
  await redis.flushall()
})

beforeEach(async () => {
  executors = ['stop-1', 'stop-2'].map((id) => ExecutorProcess.start(id, inject('servers').redis))
  flow = await Flow.deploy(kafka, redis)
  flow.trickle()
  await flow.works()
})

afterEach(async () => {
  await flow.stop()
  await Promise.all(executors.map((executor) => executor.kill()))
})

afterAll(async () => {
  redis.disconnect()
  await kafka.close()
})

/** Names of the executors that hold a task of the flow, one for each task. */
async function owners(): Promise<string[]> {
  const { deployment, plan } = flow.spec
  const keys = plan.stages.flatMap(({ id, tasks }) =>
    Array.from({ length: tasks }, (_, partition) => redisKeys.lease(deployment, id, partition)),
  )
  return (await redis.mget(keys)).flatMap((text) => (text === null ? [] : (JSON.parse(text) as Lease).owner))
}

describe('SIGTERM (F32)', { timeout: 300_000 }, () => {
  test('ends an executor at work with code 0 and without leases; the other does the rest, nothing twice', async () => {
    const [leaving, staying] = executors as readonly [ExecutorProcess, ExecutorProcess]
    await waitFor('both have their share', async () => new Set(await owners()).size === 2, 60_000)
    await flow.works()
    const ending = leaving.stop()
    expect(await flow.inFlight()).toBeGreaterThan(0)
    expect(await ending).toBe(0)
    expect(await owners()).not.toContain(leaving.id)
    expect(await redis.hexists(redisKeys.executors, leaving.id)).toBe(0)
    await flow.works()
    await flow.isExact()
    expect(new Set(await owners())).toEqual(new Set([staying.id]))
  })
})
