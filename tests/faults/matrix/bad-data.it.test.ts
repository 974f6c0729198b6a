import { deadLetterHeaders } from '@millrace/contracts'
import { Redis } from 'ioredis'
import kafkajs from 'kafkajs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { singleRecordBatchSize } from '../../../executor/src/kafka/wire/index.ts'
import { administer } from '../../it/wire/support/kafka.ts'
import { ExecutorProcess } from '../../support/executor-process.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { COMPRESSIONS, sendPacked } from './bombs.ts'
import { Flow } from './flow.ts'
import { paymentOf, START } from './payments.ts'

const MEBIBYTE = 1_048_576
const EXECUTOR = 'bad-data'

let kafka: KafkaForTests
let redis: Redis
let executor: ExecutorProcess
let neighbour: Flow
let neighboursWorker: number
let flow: Flow

beforeAll(async () => {
  kafka = await KafkaForTests.connect(inject('servers').kafka)
  redis = new Redis(inject('servers').redis)
  await redis.flushall()
  executor = ExecutorProcess.start(EXECUTOR, inject('servers').redis)
  neighbour = await Flow.deploy(kafka, redis)
  neighbour.trickle({ payments: 5, everyMs: 100 })
  await neighbour.works(20)
  neighboursWorker = await neighbour.worker(EXECUTOR)
})

beforeEach(async () => {
  flow = await Flow.deploy(kafka, redis, { topicConfig: { 'max.message.bytes': String(4 * MEBIBYTE) } })
  await flow.send(700)
  await flow.settles()
})

afterEach(() => flow.stop())

afterAll(async () => {
  await neighbour.stop()
  await executor.kill()
  redis.disconnect()
  await kafka.close()
})

/** A payment that is sent in no other way; `more` replaces members. */
function odd(i: number, more: object = {}): Buffer<ArrayBuffer> {
  return Buffer.from(JSON.stringify({ ...paymentOf(i), user: 'u0', ...more }))
}

const codes = async () => (await flow.deadLetters()).map(({ headers }) => headers[deadLetterHeaders.code])

async function limitTopic(name: string, bytes: number): Promise<void> {
  const configEntries = [{ name: 'max.message.bytes', value: String(bytes) }]
  const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries }
  await administer(kafka.address, (admin) =>
    admin.alterConfigs({ validateOnly: false, resources: [resource] }).then(() => {}),
  )
}

describe('bad data', { timeout: 600_000 }, () => {
  test('event times of the year 9999, 0, −1 and in words close nobody else’s window (F20)', async () => {
    const late = { ...paymentOf(0), user: 'u0', group: 'late' }
    await flow.send(1_300)
    await flow.closes(1)
    await flow.sendPoison([odd(-2, { ts: Date.UTC(9999, 11, 31) }), odd(-3, { ts: 'yesterday' })])
    await flow.sendOdd({ ...late, id: -4, ts: 0 }, 'late')
    await flow.sendOdd({ ...late, id: -5, ts: -1 }, 'late')
    await flow.send(1_300)
    await flow.isExact()
    expect(await codes()).toEqual(['too_far_ahead', 'wrong_type'])
  })

  test('10,000 events in a row that cannot be read: each is a dead letter, and the next is processed (F21)', async () => {
    const began = performance.now()
    await flow.send(10_000)
    await flow.settles()
    const good = performance.now() - began
    await flow.sendPoison(Array.from({ length: 10_000 }, (_, i) => poison(i)))
    await flow.send(100)
    await flow.settles()
    const bad = performance.now() - began - good
    console.log(`10,000 good events in ${Math.round(good)} ms, as many bad ones in ${Math.round(bad)} ms`)
    await flow.isExact()
  })

  test('a message at the limit of its topic passes, one byte more does not even enter (F22)', async () => {
    const limit = 600_000
    await limitTopic(flow.topics.in, limit)
    const value = atLimit(limit)
    await flow.sendOdd({ ...paymentOf(699), id: -2, user: 'u0' }, 'good', value)
    await expect(flow.sendPoison([Buffer.concat([value, Buffer.from(' ')])])).rejects.toThrow(/larger than/)
    await flow.isExact()
  })

  test('a result larger than its topic takes is a dead letter, also when that changes (F22)', async () => {
    await limitTopic(flow.topics.passed, 20_000)
    // Larger together than the topic takes, each of them small.
    await flow.send(4_000)
    await flow.settles()
    const large = { ...paymentOf(4_699), id: -2, user: `u0${'x'.repeat(30_000)}` }
    await flow.sendOdd(large, 'refused')
    await flow.settles()
    await limitTopic(flow.topics.passed, MEBIBYTE)
    await flow.isWell()
    await flow.isExact()
    expect(await codes()).toEqual(['too_large'])
  })

  test('batches that unpack to more than fits are dead letters as they are, and nobody else notices (F23)', async () => {
    const bomb = Buffer.alloc(68 * MEBIBYTE)
    const worker = await flow.worker(EXECUTOR)
    for (const compression of COMPRESSIONS) {
      flow.expectDead(await sendPacked(kafka.address, flow.topics.in, compression, bomb))
      await flow.send(50)
    }
    await flow.settles()
    await flow.isExact()
    expect(await codes()).toEqual(COMPRESSIONS.map(() => 'batch_over_limit'))
    expect(await flow.worker(EXECUTOR)).toBe(worker)
  })

  test('fields that change their type or are gone make dead letters, new ones none; nothing becomes null (F24)', async () => {
    await flow.sendPoison([
      odd(-2, { amount: '12.50' }),
      odd(-3, { amount: undefined }),
      odd(-4, { user: null }),
    ])
    await flow.sendOdd(
      { ...paymentOf(699), id: -5, user: 'u0' },
      'good',
      odd(699, { id: -5, currency: 'EUR' }),
    )
    await flow.send(100)
    await flow.isExact()
    expect(await codes()).toEqual(['wrong_type', 'missing_field', 'missing_field'])
  })

  test('where the source is to stop, it stands before what it cannot read, and goes on as it is told (F24)', async () => {
    const strict = await Flow.deploy(kafka, redis, { unreadable: 'stop' })
    await strict.send(700)
    await strict.settles()
    await strict.sendPoison([odd(-2, { amount: '12.50' })])
    const before = await strict.placeOf(0)
    await strict.send(300)
    const { message, nodeId } = await strict.problem('event_unreadable')
    expect([nodeId, message]).toEqual([
      'in',
      expect.stringContaining(`Offset ${before - 1} of ${strict.topics.in}/0 cannot be read: `),
    ])
    expect(await strict.committedOf(0)).toBe(before - 1)
    expect(await strict.inFlight()).toBeGreaterThan(0)
    expect(await strict.deadLetters()).toEqual([])
    await strict.republish('dead-letter')
    await strict.isWell()
    await strict.isExact()
    await strict.stop()
  })

  test('touches no other pipeline', async () => {
    await neighbour.isExact()
    expect(await neighbour.worker(EXECUTOR)).toBe(neighboursWorker)
    expect(executor.alive).toBe(true)
  })
})

/** What cannot be read, each in a way of its own. */
function poison(i: number): Buffer {
  const kinds = [
    () => Buffer.from(`no {JSON ${i}\u0000`),
    () => Buffer.from([0x7b, 0x22, 0xff, 0xfe, i & 0xff, i >> 8, 0x22, 0x7d]),
    () => Buffer.from(`{"id":${i},"x":${'['.repeat(100)}${']'.repeat(100)}}`),
    () => odd(i, { id: undefined }),
    () => Buffer.from(`{"id":1e400,"user":"u0","group":"g","amount":${i},"ts":${START}}`),
  ] as const
  return (kinds[i % kinds.length] as (typeof kinds)[0])()
}

/** A payment whose batch has exactly so many bytes. */
function atLimit(bytes: number): Buffer<ArrayBuffer> {
  const padded = (length: number) => odd(699, { id: -2, pad: 'x'.repeat(length) })
  const spare = bytes - singleRecordBatchSize('odd', padded(bytes - 1_000))
  return padded(bytes - 1_000 + spare)
}
