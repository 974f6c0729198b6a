import { type DeploymentSpec, type ExecutorHeartbeat, redisKeys } from '@millrace/contracts'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { afterAll, afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { Agent } from '../../../executor/src/agent/agent.ts'
import { Deployments } from '../../../executor/src/agent/deployments.ts'
import { ExecutorRegister } from '../../../executor/src/agent/executor-register.ts'
import { Leases } from '../../../executor/src/agent/leases.ts'
import type { Switchovers } from '../../../executor/src/agent/switchover.ts'
import type { WantedTask } from '../../../executor/src/agent/wanted-tasks.ts'
import type { TaskHandle } from '../../../executor/src/pod/task-handle.ts'
import { writeDesired } from '../../support/deployment.ts'
import { waitFor } from '../../support/wait-for.ts'

/** A database that no other test uses. */
const redis = new Redis(`${inject('servers').redis}/12`)
const log = pino({ level: 'silent' })
const STAGE = 's1'
const spec = {
  ...{ deployment: 'agentstop', generation: 1, retired: [] },
  plan: { stages: [{ id: STAGE, tasks: 2, inputs: [] }], deliveries: [] },
} as unknown as DeploymentSpec
const LEASES = [0, 1].map((partition) => redisKeys.lease(spec.deployment, STAGE, partition))

/** A task whose last commit takes until somebody says that it is there. */
class SlowTask implements TaskHandle {
  readonly identity: TaskHandle['identity']
  readonly committed = Promise.withResolvers<void>()
  isTold = false

  constructor({ identity }: WantedTask) {
    this.identity = identity
  }

  drain(): void {}

  abandon(): void {
    this.committed.resolve()
  }

  stop(): Promise<void> {
    this.isTold = true
    return this.committed.promise
  }

  report(): never {
    return {} as never
  }
}

let tasks: SlowTask[]
let agent: Agent

beforeEach(async () => {
  await redis.flushdb()
  await redis.set(redisKeys.incarnation, JSON.stringify({ id: 'old', at: 0 }))
  await writeDesired(redis, spec)
  tasks = []
  agent = new Agent({
    ...{ executor: 'one', redis, log, workers: () => [] },
    ...{ leases: new Leases(redis, 'one'), deployments: new Deployments(redis) },
    register: new ExecutorRegister(redis, 'one'),
    switchovers: {} as Switchovers,
    startTask(wanted) {
      const task = new SlowTask(wanted)
      tasks.push(task)
      return task
    },
  })
  agent.start()
  await waitFor('it has both tasks', () => tasks.length === 2)
})

afterEach(async () => {
  for (const { committed } of tasks) committed.resolve()
  await agent.stop()
})

afterAll(() => redis.disconnect())

/** Another executor comes: one of the two tasks is too much. */
async function anotherOneComes(): Promise<SlowTask> {
  return waitFor('a task is handed over', async () => {
    const [seconds] = await redis.time()
    const at = Number(seconds) * 1_000
    const beat: ExecutorHeartbeat = {
      ...{ id: 'two', host: '', pid: 1, startedAt: at, at, tasks: 0, workers: [], leaving: false },
      takesFrom: at,
    }
    await redis.hset(redisKeys.executors, 'two', JSON.stringify(beat))
    return tasks.find(({ isTold }) => isTold)
  })
}

describe('an executor that ends', () => {
  test('waits for a task too that it was handing over already', async () => {
    const handedOver = await anotherOneComes()
    const order: string[] = []
    const ending = agent.stop().then(() => order.push('ended'))
    const other = await waitFor('the other one is told', () =>
      tasks.find((task) => task.isTold && task !== handedOver),
    )
    other.committed.resolve()
    await waitFor('its lease is free', async () => (await redis.exists(...LEASES)) === 1)
    order.push('last commit')
    handedOver.committed.resolve()
    await ending
    expect(order).toEqual(['last commit', 'ended'])
    expect(await redis.exists(...LEASES)).toBe(0)
  })

  test('keeps its leases until the last commit, however long that takes', async () => {
    const ending = agent.stop()
    await waitFor('both are told', () => tasks.every(({ isTold }) => isTold))
    for (const lease of LEASES) {
      const left = await redis.pttl(lease)
      await waitFor('it is renewed', async () => (await redis.pttl(lease)) > left)
    }
    for (const { committed } of tasks) committed.resolve()
    await ending
    expect(await redis.exists(...LEASES)).toBe(0)
  })
})
