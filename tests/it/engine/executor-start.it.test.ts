import { type ExecutorHeartbeat, redisKeys } from '@millrace/contracts'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeEach, expect, inject, test } from 'vitest'
import { ExecutorProcess } from '../../support/executor-process.ts'
import { waitFor } from '../../support/wait-for.ts'

/** A database that no other test uses. */
const url = `${inject('servers').redis}/13`
const redis = new Redis(url)
/** Redis is believed from two lease periods on. */
const UP_SECONDS = 8

let executor: ExecutorProcess

beforeEach(() => redis.flushdb())

afterEach(() => executor.kill())

afterAll(() => redis.disconnect())

test('a fresh executor takes tasks at its first look where Redis was there all the time', async () => {
  await redis.set(redisKeys.incarnation, JSON.stringify({ id: 'old', at: 0 }))
  const upFor = async () => Number(/uptime_in_seconds:(\d+)/.exec(await redis.info('server'))?.[1])
  await waitFor('Redis is up long enough', async () => (await upFor()) >= UP_SECONDS)
  executor = ExecutorProcess.start('fresh', url, { MILLRACE_LOG_LEVEL: 'info' })
  const text = await waitFor('it is there', () => redis.hget(redisKeys.executors, 'fresh'))
  const { at, takesFrom } = JSON.parse(text) as ExecutorHeartbeat
  expect(takesFrom).toBe(at)
  expect(executor.output).not.toContain('Redis is out of reach')
})
