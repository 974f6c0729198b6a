import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { KafkaForTests } from '../../support/kafka.ts'
import { FleetScene } from './fleet-scene.ts'
import { MembershipStorm } from './membership-storm.ts'

const seed = Number(process.env.MILLRACE_STORM_SEED ?? Math.floor(Math.random() * 2 ** 31))
const changes = Number(process.env.MILLRACE_STORM_KILLS ?? 60)
const again = `npm run faults -- fleet/membership --seed ${seed} --kills ${changes}`

let kafka: KafkaForTests
let redis: Redis

beforeAll(async () => {
  kafka = await KafkaForTests.connect(inject('servers').kafka)
  redis = new Redis(inject('servers').redis)
  await redis.flushall()
})

afterAll(async () => {
  redis.disconnect()
  await kafka.close()
})

test('executors come, go and die at random, and every row is right', { timeout: 1_800_000 }, async () => {
  console.log(`coming and going: ${again}`)
  const scene = await FleetScene.begin({ kafka, redis, url: inject('servers').redis }, ['m1', 'm2'], 'light')
  try {
    const storm = new MembershipStorm(scene, seed)
    const played = await storm.play(changes)
    console.log(played.map(({ kind, id, inFlight }) => `${kind} ${id} (${inFlight})`).join(', '))
    for (const { inFlight } of played) expect(inFlight).toBeGreaterThan(0)
    await scene.fleet.isBalanced(scene.flow.spec)
    await scene.flow.isExact()
  } catch (error) {
    throw new Error(`${error}\nagain: ${again}\n${scene.fleet.lastWords()}`, { cause: error })
  } finally {
    await scene.end()
  }
})
