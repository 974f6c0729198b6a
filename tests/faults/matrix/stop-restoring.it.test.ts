import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import type { ExecutorProcess } from '../../support/executor-process.ts'
import { waitFor } from '../../support/wait-for.ts'
import { BehindProxy } from './behind-proxy.ts'
import type { Flow } from './flow.ts'

const DEADLINE_MS = 120_000

let world: BehindProxy
let flow: Flow
const executors: ExecutorProcess[] = []

beforeAll(async () => {
  world = await BehindProxy.start(inject('servers').redis)
}, 300_000)

afterEach(async () => {
  world.heal()
  await flow.stop()
  await Promise.all(executors.map((executor) => executor.kill()))
})

afterAll(() => world.end())

function start(): ExecutorProcess {
  const executor = world.executor()
  executors.push(executor)
  return executor
}

describe('SIGTERM (F32)', { timeout: 600_000 }, () => {
  test('ends an executor with code 0 that is taking tasks over from a Kafka that does not answer', async () => {
    const first = start()
    flow = await world.deploy()
    flow.trickle()
    await flow.works()
    await first.kill()
    world.proxy.decide = () => 'silence'
    const second = start()
    const tasks = flow.spec.plan.stages.reduce((sum, stage) => sum + stage.tasks, 0)
    const restoring = async () =>
      (await flow.reports()).filter(({ executor, state }) => executor === second.id && state === 'restoring')
    await waitFor(
      'it takes the tasks over',
      async () => (await restoring()).length === tasks && world.proxy.caught.length > 0,
      DEADLINE_MS,
    )
    expect(await flow.inFlight()).toBeGreaterThan(0)
    expect(await second.stop()).toBe(0)
    expect(await flow.tracesOf(second.id)).toEqual([])
    world.heal()
    start()
    await flow.works()
    await flow.isExact()
  })
})
