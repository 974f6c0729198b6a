import { type ExecutorHeartbeat, redisKeys } from '@millrace/contracts'
import { Redis } from 'ioredis'
import { afterAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { ExecutorRegister } from '../../../executor/src/agent/executor-register.ts'
import { waitFor } from '../../support/wait-for.ts'

/** A database that no other test uses. */
const redis = new Redis(`${inject('servers').redis}/11`)
const TWO_LEASES_MS = 6_000

let clock = 0

beforeEach(async () => {
  clock = 1_000
  await redis.flushdb()
})

afterAll(() => redis.disconnect())

function register(id: string): ExecutorRegister {
  return new ExecutorRegister(redis, id, () => clock)
}

async function heartbeat(id: string): Promise<ExecutorHeartbeat> {
  return JSON.parse((await redis.hget(redisKeys.executors, id)) ?? 'null') as ExecutorHeartbeat
}

async function redisIsUpFor(seconds: number): Promise<void> {
  await waitFor(
    'Redis is up long enough',
    async () => Number(/uptime_in_seconds:(\d+)/.exec(await redis.info('server'))?.[1]) >= seconds,
  )
}

/** Two lease periods pass. */
async function settle(executor: ExecutorRegister): Promise<void> {
  await executor.beat(0, [])
  clock += TWO_LEASES_MS
  await executor.beat(0, [])
  expect(executor.mayTake).toBe(true)
}

describe('an executor takes tasks', () => {
  test('at once, where Redis says that it was up, and the same, for two lease periods', async () => {
    await redisIsUpFor(8)
    await redis.set(redisKeys.incarnation, JSON.stringify({ id: 'old', at: 0 }))
    const fresh = register('fresh')
    expect(fresh.mayTake).toBe(false)
    await fresh.beat(0, [])
    expect(fresh.mayTake).toBe(true)
    const { at, takesFrom } = await heartbeat('fresh')
    expect(takesFrom).toBe(at)
  })

  test('else when it has seen the same Redis for two lease periods', async () => {
    const fresh = register('fresh')
    expect(fresh.mayTake).toBe(false)
    await fresh.beat(0, [])
    clock += TWO_LEASES_MS - 1
    await fresh.beat(0, [])
    expect(fresh.mayTake).toBe(false)
    const { at, takesFrom } = await heartbeat('fresh')
    expect(takesFrom).toBe(at + 1)
    clock += 1
    expect(fresh.mayTake).toBe(true)
  })

  test('no more, where Redis was emptied or replaced, until two lease periods have passed again', async () => {
    const executor = register('a')
    await settle(executor)
    await redis.flushdb()
    await executor.beat(0, [])
    expect(executor.mayTake).toBe(false)
    await settle(executor)
  })

  test('no more, where Redis was out of reach, though it says that it is the same', async () => {
    await redisIsUpFor(8)
    await redis.set(redisKeys.incarnation, JSON.stringify({ id: 'old', at: 0 }))
    const executor = register('a')
    await settle(executor)
    executor.lost()
    expect(executor.mayTake).toBe(false)
    await executor.beat(0, [])
    expect(executor.mayTake).toBe(false)
    await settle(executor)
  })
})

test('an executor counts for the shares of the others when it takes tasks, now or as soon as they ask', async () => {
  const old = register('old')
  await settle(old)
  const fresh = register('fresh')
  await fresh.beat(0, [])
  await old.beat(0, [])
  expect([old.taking(0), old.taking(3_000)]).toEqual([['old'], ['old']])
  clock += TWO_LEASES_MS - 2_000
  await fresh.beat(0, [])
  await old.beat(0, [])
  expect([old.taking(0), old.taking(3_000), fresh.mayTake]).toEqual([['old'], ['fresh', 'old'], false])
  clock += 2_000
  await fresh.beat(0, [])
  await old.beat(0, [])
  expect([old.taking(0), fresh.mayTake]).toEqual([['fresh', 'old'], true])
  await fresh.leave()
  await old.beat(0, [])
  expect(old.taking(0)).toEqual(['old'])
})
