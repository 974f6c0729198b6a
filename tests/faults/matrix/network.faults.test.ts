import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { endTxn } from '../../../executor/src/kafka/wire/api/end-txn.ts'
import type { ExecutorProcess } from '../../support/executor-process.ts'
import { BehindProxy } from './behind-proxy.ts'
import type { Flow } from './flow.ts'

let world: BehindProxy
let flow: Flow
let executor: ExecutorProcess

beforeAll(async () => {
  world = await BehindProxy.start(inject('servers').redis)
})

beforeEach(async () => {
  executor = world.executor()
  flow = await world.deploy()
  flow.trickle()
  await flow.works()
})

afterEach(async () => {
  world.heal()
  await flow.stop()
  await executor.kill()
})

afterAll(() => world.end())

/** Ways in which nothing is heard any more. */
const SILENCES: Readonly<Record<string, () => void>> = {
  'the line is cut, and nobody takes a new connection': () => {
    world.proxy.refuses = true
    world.proxy.cutAll()
  },
  'connections are half-open: they stand, and nothing comes through': () => {
    world.proxy.decide = () => 'silence'
  },
  'the line is one-way: the broker does what it is told, and no reply comes back': () => {
    world.proxy.decide = () => 'mute'
  },
}

describe('between an executor and Kafka, for as long as it takes to notice (F5)', {
  timeout: 600_000,
}, () => {
  test.each(Object.entries(SILENCES))('%s', async (_, silence) => {
    await world.strike(flow, silence)
    await flow.problem('kafka_unreachable')
    const committed = await flow.committed()
    world.heal()
    await flow.works()
    expect(await flow.committed()).toBeGreaterThan(committed)
    await flow.isWell()
    await flow.isExact()
    expect(executor.alive).toBe(true)
  })

  test('every request takes 5 s: it goes on, slowly, and is exact', async () => {
    let commits = 0
    await world.strike(flow, () => {
      world.proxy.latencyMs = 5_000
      world.proxy.decide = ({ apiKey }) => {
        if (apiKey === endTxn.key) commits++
        return 'forward'
      }
    })
    await flow.works(2_000)
    await flow.works(2_000)
    expect(commits).toBeGreaterThan(1)
    world.heal()
    await flow.isExact()
  })
})
