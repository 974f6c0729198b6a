import { describe, expect, test } from 'vitest'
import { endTxn } from '../../../executor/src/kafka/wire/api/end-txn.ts'
import { sceneBehindProxy } from './behind-proxy.ts'

const scene = sceneBehindProxy()

/** Ways in which nothing is heard any more. */
const SILENCES: Readonly<Record<string, () => void>> = {
  'the line is cut, and nobody takes a new connection': () => {
    scene.world.proxy.refuses = true
    scene.world.proxy.cutAll()
  },
  'connections are half-open: they stand, and nothing comes through': () => {
    scene.world.proxy.decide = () => 'silence'
  },
  'the line is one-way: the broker does what it is told, and no reply comes back': () => {
    scene.world.proxy.decide = () => 'mute'
  },
}

describe('between an executor and Kafka, for as long as it takes to notice (F5)', {
  timeout: 600_000,
}, () => {
  test.each(Object.entries(SILENCES))('%s', async (_, silence) => {
    await scene.world.strike(scene.flow, silence)
    await scene.flow.problem('kafka_unreachable')
    const committed = await scene.flow.committed()
    scene.world.heal()
    await scene.flow.works()
    expect(await scene.flow.committed()).toBeGreaterThan(committed)
    await scene.flow.isWell()
    await scene.flow.isExact()
    expect(scene.executor.alive).toBe(true)
  })

  test('every request takes 5 s: it goes on, slowly, and is exact', async () => {
    let commits = 0
    await scene.world.strike(scene.flow, () => {
      scene.world.proxy.latencyMs = 5_000
      scene.world.proxy.decide = ({ apiKey }) => {
        if (apiKey === endTxn.key) commits++
        return 'forward'
      }
    })
    await scene.flow.works(2_000)
    await scene.flow.works(2_000)
    expect(commits).toBeGreaterThan(1)
    scene.world.heal()
    await scene.flow.isExact()
  })
})
