import { type DeploymentSpec, type StartFrom, topicNames } from '@millrace/contracts'
import { catalogue, runtimes } from '@millrace/nodes'
import { Redis } from 'ioredis'
import kafkajs, { logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { chain, step } from '../../../api/src/templates/build.ts'
import { sealTask } from '../../../executor/src/agent/seal-stages.ts'
import { CopyLostError, RedisCopy } from '../../../executor/src/state/redis-copy.ts'
import { withStateCommands } from '../../../executor/src/state/scripts.ts'
import { type TakeOverOptions, takeOver } from '../../../executor/src/task/take-over.ts'
import { tasksOf } from '../../../executor/src/task/task-identity.ts'
import { createDeployment } from '../../support/deployment.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { RunningTasks } from '../../support/running-tasks.ts'
import { waitFor } from '../../support/wait-for.ts'
import { uniqueName } from '../wire/support/kafka.ts'

const types = { catalogue, runtimes }
const DEADLINE_MS = 60_000
let kafka: KafkaForTests

beforeAll(async () => {
  kafka = await KafkaForTests.connect(inject('servers').kafka)
})

afterAll(() => kafka.close())

/** Lets each number through once: what comes out must be what was sent, each once, in the order of its partition. */
class Numbers {
  readonly spec: DeploymentSpec
  readonly #topics: { readonly in: string; readonly out: string }
  #next = 0

  private constructor(spec: DeploymentSpec, topics: { in: string; out: string }) {
    this.spec = spec
    this.#topics = topics
  }

  static async deploy(partitions: number, start: StartFrom = { kind: 'earliest' }): Promise<Numbers> {
    const topics = { in: uniqueName('in'), out: uniqueName('out') }
    for (const topic of Object.values(topics)) await kafka.createTopic(topic, partitions)
    const nodes = [
      step('in', 'kafka', 'In', {
        ...{ connection: 'kafka', topic: topics.in, fields: [{ name: 'id', type: 'int64 not null' }] },
        ...{ eventTime: null, maxAhead: null, keyedBy: ['id'] },
      }),
      step('dedupe', 'dedupe', 'Dedupe', { key: ['id'], ttl: 86_400_000 }),
      step('out', 'kafka-sink', 'Out', { connection: 'kafka', topic: topics.out, key: [] }),
    ]
    const graph = { format: 1 as const, name: 'Numbers', nodes, edges: chain(nodes), layout: {} }
    const spec = await createDeployment({ graph, partitions: { in: partitions }, topics, kafka, start })
    return new Numbers(spec, topics)
  }

  get stage(): string {
    return this.spec.plan.stages[0]?.id ?? ''
  }

  get group(): string {
    return topicNames.group(this.spec, this.stage)
  }

  run(change: Partial<DeploymentSpec> = {}): Promise<RunningTasks> {
    return RunningTasks.start({ ...this.spec, ...change }, types, inject('servers'))
  }

  /** Sends the next numbers to a partition; gives them. */
  async send(count: number, partition = 0): Promise<number[]> {
    const numbers = Array.from({ length: count }, () => this.#next++)
    await this.sendAgain(numbers, partition)
    return numbers
  }

  async sendAgain(numbers: readonly number[], partition = 0): Promise<void> {
    await kafka.produce(
      this.#topics.in,
      numbers.map((id) => ({ key: `${id}`, partition, value: { id } })),
    )
  }

  async results(): Promise<number[]> {
    const records = await kafka.readAll(this.#topics.out)
    return records.map(({ value }) => (JSON.parse(value ?? '') as { id: number }).id)
  }

  /** Waits until so many numbers have come out. */
  async come(count: number): Promise<void> {
    await waitFor(
      `${count} numbers come out`,
      async () => (await this.results()).length >= count,
      DEADLINE_MS,
    )
  }

  /** Every number that was sent has come out once. */
  async areExact(): Promise<void> {
    const all = Array.from({ length: this.#next }, (_, i) => i)
    await this.come(all.length)
    expect((await this.results()).sort((a, b) => a - b)).toEqual(all)
  }

  /** What a taker of the only task starts from. */
  taker(stillMine: TakeOverOptions['stillMine'], change: Partial<DeploymentSpec> = {}): TakeOverOptions {
    const [identity] = tasksOf({ ...this.spec, ...change })
    if (identity === undefined) throw new Error('there is no task')
    return { client: kafka.client, identity, stillMine }
  }
}

async function deleteGroup(group: string): Promise<void> {
  const admin = new kafkajs.Kafka({ brokers: [kafka.address], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await admin.deleteGroups([group])
  await admin.disconnect()
}

describe('a task whose offsets have expired', () => {
  test('goes on where its changelog says, not at zero', { timeout: 180_000 }, async () => {
    const numbers = await Numbers.deploy(1)
    const first = await numbers.run()
    const sent = await numbers.send(100)
    await numbers.areExact()
    await first.stop()
    await deleteGroup(numbers.group)
    const changelog = { topic: topicNames.changelog(numbers.spec, numbers.stage), partition: 0 }
    expect(await kafka.client.committedOffsets(numbers.group, [changelog])).toMatchObject([{ offset: null }])
    await numbers.sendAgain(sent)
    await numbers.send(100)
    const second = await numbers.run()
    await numbers.areExact()
    expect(await second.failure()).toBeNull()
    await second.stop()
  })
})

describe('a taker of an old version', () => {
  test('that sleeps behind its lease is stopped by generation or lease, and what it fenced goes on', {
    timeout: 180_000,
  }, async () => {
    const numbers = await Numbers.deploy(1)
    await numbers.send(50)
    let tasks: RunningTasks | undefined
    // It has fenced; while it asks whether the task is still its own, the new version takes over and commits.
    const asleep = numbers.taker(async () => {
      tasks = await numbers.run({ generation: 2 })
      await numbers.areExact()
      return true
    })
    await expect(takeOver(asleep)).rejects.toMatchObject({ name: 'TaskEndedError', newer: 2 })
    // It wakes up before it has fenced: the new version loses its transactional id, and takes it again.
    await expect(takeOver(numbers.taker(async () => false))).rejects.toMatchObject({ name: 'TaskEndedError' })
    await numbers.send(50)
    await waitFor('the new version is fenced', async () => (await tasks?.failure()) ?? null, DEADLINE_MS)
    expect(await tasks?.failure()).toMatchObject({ fenced: true })
    await tasks?.crash()
    await numbers.areExact()
    await tasks?.stop()
  })

  test('finds a stage that was sealed closed for good, also where Redis has forgotten everything', async () => {
    const numbers = await Numbers.deploy(1)
    const tasks = await numbers.run()
    await numbers.send(50)
    await numbers.areExact()
    await tasks.stop()
    const { identity } = numbers.taker(async () => true)
    await sealTask(kafka.client, identity, 2)
    await numbers.send(1)
    await expect(numbers.run()).rejects.toMatchObject({ name: 'TaskEndedError' })
    await expect(takeOver(numbers.taker(async () => true, { generation: 2 }))).rejects.toThrow(
      'ended by a publish',
    )
    expect(await numbers.results()).toHaveLength(50)
  })
})

describe('two take-overs without a commit between them', () => {
  test('have the same fence, and yet the copy in Redis obeys the second one only', async () => {
    const numbers = await Numbers.deploy(1)
    const tasks = await numbers.run()
    await numbers.send(50)
    await numbers.areExact()
    await tasks.stop()
    const redis = withStateCommands(new Redis(inject('servers').redis))
    const first = await takeOver(numbers.taker(async () => true))
    const second = await takeOver(numbers.taker(async () => true))
    expect(second.fence).toBe(first.fence)
    const copies = [first, second].map(({ fence, producer, changelog }) => {
      const { producerId, producerEpoch } = producer.identity
      return new RedisCopy(redis, {
        ...{ prefix: `mr:{${numbers.spec.deployment}:test}:`, fence, topicId: changelog.partition.topicId },
        ...{ producer: `${producerId}:${producerEpoch}`, nodes: [{ id: 'dedupe', openSubKeys: false }] },
      })
    }) as [RedisCopy, RedisCopy]
    const [old, now] = copies
    for (const copy of copies) {
      await copy.enter()
      await copy.begin()
      await copy.apply([], first.end)
    }
    const change = { stateKey: 'dedupe:1:k', value: Buffer.from('old'), timer: undefined }
    await expect(old.apply([change], first.end + 1)).rejects.toMatchObject({ reason: 'FENCED' })
    await expect(old.begin()).rejects.toMatchObject({ reason: 'FENCED' })
    await expect(old.read({ keys: ['dedupe:1:k'], ranges: [] })).rejects.toThrow(CopyLostError)
    expect(await now.read({ keys: ['dedupe:1:k'], ranges: [] })).toEqual({ values: [null], ranges: [] })
    for (const { producer, changelog } of [first, second]) {
      producer.close()
      changelog.close()
    }
    redis.disconnect()
    await numbers.send(50)
    const again = await numbers.run()
    await again.crash()
    await numbers.areExact()
    await again.stop()
  })
})

describe('a start at the latest record', () => {
  test('is decided once: who dies before the first commit of results misses nothing that came since', async () => {
    const numbers = await Numbers.deploy(1, { kind: 'latest' })
    await kafka.produce((numbers.spec.topics.in as { topic: string }).topic, [
      { key: 'before', value: { id: -1 } },
    ])
    const tasks = await numbers.run()
    await tasks.crash(async () => {
      await numbers.send(50)
    })
    await numbers.areExact()
    await tasks.stop()
  })

  test('holds for a partition that had no record before the restart', async () => {
    const numbers = await Numbers.deploy(2, { kind: 'latest' })
    const tasks = await numbers.run()
    await numbers.send(50, 0)
    await numbers.areExact()
    await tasks.crash(async () => {
      await numbers.send(50, 1)
      await numbers.send(50, 0)
    })
    await numbers.areExact()
    await tasks.stop()
  })
})

describe('state that begins anew with a version', () => {
  test('never sees rows of before, also after a roll back and without its copy; they leave the changelog', {
    timeout: 180_000,
  }, async () => {
    const numbers = await Numbers.deploy(1)
    const redis = new Redis(inject('servers').redis)
    const sent = await numbers.send(100)
    let tasks = await numbers.run()
    await numbers.come(100)
    for (const generation of [2, 3]) {
      await tasks.stop()
      // A roll back gives the node a birth of its own, too.
      tasks = await numbers.run({ generation, births: { dedupe: generation } })
      await numbers.sendAgain(sent)
      await numbers.come(generation * 100)
      const copies = await redis.keys(`mr:{${numbers.spec.deployment}:*`)
      await tasks.crash(async () => {
        await redis.del(...copies)
      })
      await numbers.sendAgain(sent)
      const [marker] = await numbers.send(1)
      await waitFor('all is worked off', async () => (await numbers.results()).at(-1) === marker, DEADLINE_MS)
    }
    const times = Map.groupBy(await numbers.results(), (id) => id)
    expect(sent.map((id) => times.get(id)?.length)).toEqual(sent.map(() => 3))
    await waitFor('old rows are deleted', async () => {
      const records = await kafka.readAll(topicNames.changelog(numbers.spec, numbers.stage))
      const last = new Map(records.map(({ key, value }) => [key, value]))
      const alive = [...last].filter(([key, value]) => /^dedupe:[12]:/.test(key ?? '') && value !== null)
      return alive.length === 0
    })
    await tasks.stop()
    redis.disconnect()
  })
})
