import { type DeploymentSpec, type ExecutorHeartbeat, redisKeys, type TaskReport } from '@millrace/contracts'
import type { PipelineGraph } from '@millrace/graph'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { chain, step } from '../../api/src/templates/build.ts'
import { createDeployment, writeDesired } from '../support/deployment.ts'
import { ExecutorProcess } from '../support/executor-process.ts'
import { KafkaForTests } from '../support/kafka.ts'
import { waitFor } from '../support/wait-for.ts'

const DEADLINE_MS = 90_000
const STEP = 500

let kafka: KafkaForTests
let redis: Redis
let executor: ExecutorProcess
let count = 0

beforeAll(async () => {
  kafka = await KafkaForTests.connect(inject('servers').kafka)
  redis = new Redis(inject('servers').redis)
})

beforeEach(async () => {
  await redis.flushall()
  await redis.set(redisKeys.incarnation, JSON.stringify({ id: 'test', at: 0 }))
})

afterEach(() => executor.kill())

afterAll(async () => {
  redis.disconnect()
  await kafka.close()
})

/** A pipeline that drops repeated events. */
class Pipeline {
  readonly spec: DeploymentSpec
  readonly #topics: { readonly in: string; readonly out: string }
  #sent = 0

  private constructor(spec: DeploymentSpec, topics: { in: string; out: string }) {
    this.spec = spec
    this.#topics = topics
  }

  /** With `reference` it looks the events up there too. */
  static async deploy(reference: string | null = null): Promise<Pipeline> {
    const topics = { in: `in-${++count}`, out: `out-${count}` }
    for (const topic of Object.values(topics)) await kafka.createTopic(topic, 1)
    const nodes = [
      step('in', 'kafka', 'In', {
        ...{
          connection: 'kafka',
          topic: topics.in,
          format: 'json',
          fields: [{ name: 'id', type: 'string' }],
        },
        ...{ eventTime: null, outOfOrderness: 0, idleTimeout: 1_000, maxAhead: null, keyedBy: ['id'] },
      }),
      step('dedupe', 'dedupe', 'Dedupe', { key: ['id'], ttl: 86_400_000 }),
      ...(reference === null ? [] : [lookUp(reference)]),
      step('out', 'kafka-sink', 'Out', { connection: 'kafka', topic: topics.out, key: [] }),
    ]
    const graph: PipelineGraph = { format: 1, name: 'Dedupe', nodes, edges: chain(nodes), layout: {} }
    const all = { ...topics, ...(reference !== null && { look: reference }) }
    const spec = await createDeployment({ graph, partitions: { in: 1 }, topics: all, kafka })
    await writeDesired(redis, spec)
    return new Pipeline(spec, topics)
  }

  /** Sends more events, each twice. */
  async send(events: number): Promise<void> {
    for (let left = events; left > 0; left -= STEP) {
      const ids = Array.from({ length: Math.min(STEP, left) }, () => `${this.#sent++}`)
      const records = ids.flatMap((id) => [
        { key: id, value: { id } },
        { key: id, value: { id } },
      ])
      await kafka.produce(this.#topics.in, records)
    }
  }

  /** Numbers of the events that came out, in their order. */
  async results(): Promise<number[]> {
    const records = await kafka.readAll(this.#topics.out)
    return records.map(({ value }) => Number((JSON.parse(value ?? '') as { id: string }).id))
  }

  async hasResults(least: number): Promise<void> {
    await waitFor(
      `${least} results`,
      async () => (await kafka.readAll(this.#topics.out)).length >= least,
      DEADLINE_MS,
    )
  }

  /** Each event once, in order: also what was under way when a process ended. */
  async isExact(): Promise<void> {
    await this.hasResults(this.#sent)
    expect(await this.results()).toEqual(Array.from({ length: this.#sent }, (_, i) => i))
  }

  async reports(): Promise<TaskReport[]> {
    const found = await redis.hgetall(redisKeys.tasks(this.spec.deployment))
    return Object.values(found).map((text) => JSON.parse(text) as TaskReport)
  }

  /** The process that runs it, another one than `not`. */
  worker(not?: number): Promise<number> {
    return waitFor('the worker is told of', async () => {
      const text = await redis.hget(redisKeys.executors, executor.id)
      const { workers } = JSON.parse(text ?? '{"workers":[]}') as ExecutorHeartbeat
      const pid = workers.find(({ deployment }) => deployment === this.spec.deployment)?.pid
      return pid !== not && pid
    })
  }

  lease(): Promise<string | null> {
    const [stage] = this.spec.plan.stages
    return redis.get(redisKeys.lease(this.spec.deployment, stage?.id ?? '', 0))
  }

  problem(): Promise<string> {
    return waitFor(
      'it is told what happened',
      async () => {
        const [report] = await this.reports()
        return report?.problem?.code === 'worker_ended' && report.problem.message
      },
      DEADLINE_MS,
    )
  }
}

/** A reference that takes some 150 MB in memory. */
async function largeReference(): Promise<string> {
  const topic = `reference-${++count}`
  await kafka.createTopic(topic, 1, { 'cleanup.policy': 'compact' })
  for (let from = 0; from < 150_000; from += 2_000) {
    const rows = Array.from({ length: 2_000 }, (_, i) => ({
      id: `${from + i}`,
      text: `${from + i}`.padStart(400),
    }))
    await kafka.produce(
      topic,
      rows.map((value) => ({ key: value.id, value })),
    )
  }
  return topic
}

function lookUp(topic: string) {
  return step('look', 'enrich', 'Look up', {
    ...{
      connection: 'kafka',
      topic,
      keyField: 'id',
      key: 'id',
      add: [{ field: 'text', as: '' }],
      miss: 'keep',
    },
    fields: [
      { name: 'id', type: 'string not null' },
      { name: 'text', type: 'string' },
    ],
  })
}

async function start(env: NodeJS.ProcessEnv = {}): Promise<[victim: Pipeline, other: Pipeline]> {
  const pipelines = [await Pipeline.deploy(), await Pipeline.deploy()] as const
  executor = ExecutorProcess.start(`pod-${count}`, inject('servers').redis, env)
  for (const pipeline of pipelines) {
    await pipeline.send(100)
    await pipeline.hasResults(100)
  }
  return [...pipelines]
}

describe('the worker process of a pipeline', { timeout: 300_000 }, () => {
  test('is killed at work: another one goes on, under the same lease, and no other pipeline notices', async () => {
    const [victim, other] = await start()
    const [killed, bystander, lease] = [await victim.worker(), await other.worker(), await victim.lease()]
    const sending = Promise.all([victim.send(10_000), other.send(10_000)])
    await victim.hasResults(1_000)
    process.kill(killed, 'SIGKILL')
    const done = (await victim.results()).length
    await sending
    expect(done).toBeLessThan(10_100)
    await Promise.all([victim.isExact(), other.isExact()])
    await victim.worker(killed)
    expect([await other.worker(), await victim.lease()]).toEqual([bystander, lease])
  })

  test('hangs: it is killed, and another one goes on', async () => {
    const [victim, other] = await start()
    const stopped = await victim.worker()
    process.kill(stopped, 'SIGSTOP')
    await Promise.all([victim.send(1_000), other.send(1_000)])
    await other.isExact()
    await victim.isExact()
    await victim.worker(stopped)
  })

  test('needs more memory than it may: that is told, and no other pipeline notices', async () => {
    const [other] = await start({ MILLRACE_WORKER_HEAP_MB: '80' })
    const bystander = await other.worker()
    const victim = await Pipeline.deploy(await largeReference())
    expect(await victim.problem()).toMatch(
      /^The worker process of the pipeline has ended \(it needed more memory than its 80 MB\)\. Another one goes on/,
    )
    await other.send(1_000)
    await other.isExact()
    expect(await other.worker()).toBe(bystander)
  })

  test('ends when its supervisor is killed', async () => {
    const [victim] = await start()
    const worker = await victim.worker()
    process.kill(executor.pid, 'SIGKILL')
    await waitFor('the worker is gone', () => !isAlive(worker))
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
