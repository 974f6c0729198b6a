import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { redisKeys } from '@millrace/contracts'
import { createRedis, freePort, type Server } from '@millrace/stack'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { KafkaForTests } from '../support/kafka.ts'
import { RedisGate } from '../support/redis-gate.ts'
import { RunningTasks } from '../support/running-tasks.ts'
import { VisitFlow } from '../support/visit-flow.ts'
import { waitFor } from '../support/wait-for.ts'

const TEST_MS = 300_000
const DEADLINE_MS = 120_000
const BATCH = 600
/** Room for a few hundred rows: nearly every visit needs rows from Redis. */
const STATE_BYTES = 150_000

/** A server of its own: nobody else may miss it. */
let server: Server
let folder: string
let gate: RedisGate
let redis: Redis
let kafka: KafkaForTests
let flow: VisitFlow
let tasks: RunningTasks

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'millrace-redis-'))
  server = createRedis({ folder, port: await freePort() })
  await server.start()
  gate = await RedisGate.open(server.port)
  redis = new Redis(server.address())
  redis.on('error', () => {})
  kafka = await KafkaForTests.connect(inject('servers').kafka)
  flow = await VisitFlow.deploy(kafka)
  const servers = { kafka: inject('servers').kafka, redis: gate.address }
  tasks = await RunningTasks.start(flow.spec, VisitFlow.types, servers, STATE_BYTES)
  await flow.feed(BATCH)
  await flow.hasAll()
}, TEST_MS)

/** Whatever a test that fails has left behind. */
afterEach(async () => {
  await redis.replicaof('NO', 'ONE')
  await redis.config('SET', 'maxmemory', '0')
})

afterAll(async () => {
  await tasks?.stop()
  redis?.disconnect()
  await gate?.close()
  await server?.kill()
  await kafka?.close()
  await rm(folder, { recursive: true, force: true })
})

const data = () => path.join(folder, 'data')
/** A problem that is told already is not told anew in other words. */
const untilFine = () => waitFor('nothing is wrong', () => tasks.problems.length === 0, DEADLINE_MS)
const untilProblem = (words: RegExp) =>
  waitFor(`a task says ${words}`, () => tasks.problems.find(({ message }) => words.test(message)), TEST_MS)

/** Nothing is lost, doubled or forgotten, by tasks that went on and by tasks that are taken over anew. */
async function isExact(): Promise<void> {
  await flow.feed(BATCH)
  await flow.hasAll()
  expect(await tasks.failure()).toBeNull()
  const rows = await flow.rows()
  expect(rows).toHaveLength(flow.fed)
  expect(new Map(rows.map((row) => [row.n, row]))).toEqual(flow.expected())
}

/** Redis dies while work is under way, something happens to its data, and it comes back. */
async function dieAnd(change: () => Promise<void>): Promise<void> {
  await flow.feed(5 * BATCH)
  process.kill(server.pid() ?? 0, 'SIGKILL')
  expect(await flow.inFlight()).toBeGreaterThan(0)
  await server.kill()
  await change()
  await server.start()
}

describe('state whose copy is in Redis', { timeout: TEST_MS }, () => {
  test('outlives a Redis that is killed and starts again with its data', async () => {
    await dieAnd(async () => {})
    await isExact()
  })

  test('outlives a Redis that comes back empty', async () => {
    await dieAnd(() => rm(data(), { recursive: true, force: true }))
    await isExact()
    await tasks.crash()
    await isExact()
  })

  test('outlives a Redis that comes back with data of earlier', async () => {
    const old = path.join(folder, 'old')
    await cp(data(), old, { recursive: true })
    await isExact()
    await dieAnd(async () => {
      await rm(data(), { recursive: true, force: true })
      await cp(old, data(), { recursive: true })
    })
    await isExact()
  })

  test('waits in memory that is bounded while Redis is full, and says so', async () => {
    await untilFine()
    await redis.config('SET', 'maxmemory', '1mb')
    await flow.feed(2 * BATCH)
    await untilProblem(/^Redis is full and takes no more/)
    // The other task waits in the middle of its work for rows that it cannot read.
    const isPaused = () =>
      tasks.inputs.some(({ kind, paused }) => kind === 'source' && paused === 'back_pressure')
    await waitFor('an input is paused', isPaused, DEADLINE_MS)
    await flow.feed(10 * BATCH)
    const seen = tasks.inputs
    await waitFor('the tasks are looked at again', () => tasks.inputs !== seen && isPaused(), DEADLINE_MS)
    expect(await flow.inFlight()).toBeGreaterThan(4 * BATCH)
    await redis.config('SET', 'maxmemory', '0')
    await isExact()
  })

  test('waits while Redis is a replica that takes no writes, and says so', async () => {
    await untilFine()
    await redis.replicaof('127.0.0.1', 1)
    await flow.feed(BATCH)
    await untilProblem(/^Redis takes no writes: it is a replica/)
    await redis.replicaof('NO', 'ONE')
    await isExact()
  })

  test('outlives a Redis that is slow', async () => {
    await flow.feed(BATCH)
    for (let i = 0; i < 2; i++) await redis.client('PAUSE', 2_000, 'ALL')
    await isExact()
  })

  test('outlives answers that are lost after the writing', async () => {
    const before = gate.lost
    await flow.feed(BATCH)
    for (let i = 1; i <= 5; i++) {
      gate.loseAnswers(1)
      await waitFor('an answer is lost', async () => {
        await flow.feed(10)
        return gate.lost >= before + i
      })
    }
    await isExact()
  })

  test('outlives keys of another type in its place, also at a take-over', async () => {
    const prefix = redisKeys.taskState(flow.spec.deployment, 's1', 0)
    const misplace = async () => {
      const keys = await redis.keys(`${prefix}*`)
      expect(keys.length).toBeGreaterThan(2)
      for (const key of keys) await redis.set(key, 'none of ours')
    }
    await misplace()
    await isExact()
    await misplace()
    await tasks.crash()
    await isExact()
    const meta = await redis.hgetall(`${prefix}meta`)
    expect(meta.data).toBeDefined()
    await redis.set(`${prefix}state:${meta.data}`, 'none of ours')
    await tasks.crash()
    await isExact()
  })

  test('begins on no Redis that drops keys; what runs goes on', async () => {
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
    const other = await VisitFlow.deploy(kafka)
    const servers = { kafka: inject('servers').kafka, redis: server.address() }
    await expect(RunningTasks.start(other.spec, VisitFlow.types, servers)).rejects.toMatchObject({
      code: 'redis_evicts',
      message: expect.stringContaining('maxmemory-policy allkeys-lru'),
    })
    await tasks.crash()
    await isExact()
    await redis.config('SET', 'maxmemory-policy', 'noeviction')
    const begun = await RunningTasks.start(other.spec, VisitFlow.types, servers)
    await begun.stop()
  })
})
