import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { KafkaForTests } from '../../support/kafka.ts'
import { FleetScene } from './fleet-scene.ts'

let kafka: KafkaForTests
let redis: Redis
let scene: FleetScene | undefined

beforeAll(async () => {
  kafka = await KafkaForTests.connect(inject('servers').kafka)
  redis = new Redis(inject('servers').redis)
})

beforeEach(() => redis.flushall())

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.error(scene?.fleet.lastWords())
  await scene?.end()
  scene = undefined
})

afterAll(async () => {
  redis.disconnect()
  await kafka.close()
})

async function begin(executors: readonly string[]): Promise<FleetScene> {
  scene = await FleetScene.begin({ kafka, redis, url: inject('servers').redis }, executors)
  return scene
}

describe('executors that come and go under load', { timeout: 900_000 }, () => {
  test('from one to four, one by one, and back: only tasks that move begin anew, and every row is right', async () => {
    const begun = await begin(['one'])
    for (const id of ['two', 'three', 'four']) {
      const { anew } = await begun.change(`+ ${id}`, () => begun.fleet.join(id))
      expect(new Set(anew.map(({ to }) => to))).toEqual(new Set([id]))
    }
    // Also the first of all.
    for (const id of ['three', 'one', 'four']) {
      const { anew } = await begun.change(`− ${id}`, () => begun.retire(id))
      expect(new Set(anew.map(({ from }) => from))).toEqual(new Set([id]))
    }
    await begun.flow.isExact()
    await begun.tell()
  })

  test('three are ended and started again in turn: the others keep their tasks, and every row is right', async () => {
    const ids = ['one', 'two', 'three']
    const begun = await begin(ids)
    for (const id of ids) {
      const { anew, stayed } = await begun.change(`${id} anew`, async () => {
        await begun.retire(id)
        begun.fleet.join(id)
      })
      expect(stayed.size).toBeGreaterThan(0)
      expect(anew.filter(({ from, to }) => from !== id && to !== id)).toEqual([])
      expect(anew).not.toEqual([])
    }
    await begun.flow.isExact()
    await begun.tell()
  })
})
