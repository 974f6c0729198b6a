import { setTimeout as sleep } from 'node:timers/promises'
import { type DeploymentSpec, redisKeys, type TaskReport, topicNames } from '@millrace/contracts'
import {
  type DemoOrder,
  demoOracle,
  demoOrder,
  type OracleDocument,
  type OracleReference,
  type OracleWindow,
} from '@millrace/testkit'
import { Redis } from 'ioredis'
import type { SabotageName } from '../faults/sabotage/sabotages.ts'
import {
  createDemoTopics,
  DEMO_SEED,
  type DemoPipeline,
  demoPipeline,
  demoTopicsByNode,
  documentsOf,
  ordersIn,
  windowsOf,
} from './demo.ts'
import { createDeployment, writeDesired } from './deployment.ts'
import { ExecutorProcess } from './executor-process.ts'
import { KafkaForTests, TopicReader } from './kafka.ts'
import { waitFor } from './wait-for.ts'

const START = 1_700_000_000_000
const PER_SECOND = 40
const PARTITIONS = [0, 1, 2, 3]
const COLD_ORDERS = 2_000
const FRESH_ORDERS = 46_000
const END = START + (FRESH_ORDERS / PER_SECOND) * 1_000
/** Late enough that every window closes. */
const CLOSE = END + 600_000
const FED_PER_SECOND = 1_200
const STEPS_PER_SECOND = 50
const KILLS = 3
const KEPT_FOR_KILLS = 10_000
const DEADLINE_MS = 90_000

const timing = { seed: DEMO_SEED, start: START, perSecond: PER_SECOND }
const freshOrders = Array.from({ length: FRESH_ORDERS }, (_, i) => demoOrder(timing, i))

/** Orders that come first and once more at the very end; in between nobody touches their state. */
const coldOrders: DemoOrder[] = Array.from({ length: COLD_ORDERS }, (_, i) => ({
  orderId: `cold-${i}`,
  userId: `u-${String(i).padStart(4, '0')}`,
  items: [],
  total: 10,
  ts: START + i,
}))
const repeatedOrders = coldOrders.map((order, i) => ({ ...order, total: 999, ts: END - i }))

/** The servers a run needs. */
export interface Servers {
  readonly kafka: string
  readonly redis: string
  readonly elasticsearch: string
}

/** What a run came to. */
export interface Outcome {
  readonly documents: readonly OracleDocument[]
  /** As a reader finds them at the end, and as one saw them that was there from the beginning. */
  readonly windows: readonly OracleWindow[]
  readonly windowsSeenLive: readonly OracleWindow[]
  readonly expected: ReturnType<typeof demoOracle>
  /** Per kill: records in the source topic that were not committed when the process died. */
  readonly inFlight: readonly number[]
}

/**
 * The demo under fire: 50,000 orders; one executor dies between a commit and its Redis copy, the one that takes over
 * dies inside the restore, Redis is emptied, a third one is killed at work; then state is needed that nobody touched
 * since the beginning. With a `sabotage` every executor is broken.
 */
export async function runDemoUnderFire(
  servers: Servers,
  sabotage: SabotageName | null = null,
): Promise<Outcome> {
  const run = await DemoRun.prepare(servers, sabotage)
  try {
    return await run.play()
  } catch (error) {
    throw new Error(`${error}\n${run.lastWords()}`, { cause: error })
  } finally {
    await run.close()
  }
}

class DemoRun {
  readonly #servers: Servers
  readonly #sabotage: SabotageName | null
  readonly #kafka: KafkaForTests
  readonly #redis: Redis
  readonly #pipeline: DemoPipeline
  readonly #reference: OracleReference
  readonly #spec: DeploymentSpec
  readonly #live: TopicReader
  readonly #executors: ExecutorProcess[] = []
  readonly #inFlight: number[] = []

  private constructor(parts: {
    servers: Servers
    sabotage: SabotageName | null
    kafka: KafkaForTests
    redis: Redis
    pipeline: DemoPipeline
    reference: OracleReference
    spec: DeploymentSpec
    live: TopicReader
  }) {
    this.#servers = parts.servers
    this.#sabotage = parts.sabotage
    this.#kafka = parts.kafka
    this.#redis = parts.redis
    this.#pipeline = parts.pipeline
    this.#reference = parts.reference
    this.#spec = parts.spec
    this.#live = parts.live
  }

  static async prepare(servers: Servers, sabotage: SabotageName | null): Promise<DemoRun> {
    const kafka = await KafkaForTests.connect(servers.kafka)
    const redis = new Redis(servers.redis)
    await redis.flushall()
    await redis.set(redisKeys.incarnation, JSON.stringify({ id: 'test', at: 0 }))
    const pipeline = demoPipeline()
    const reference = await createDemoTopics(kafka, pipeline)
    const spec = await createDeployment({
      ...{ graph: pipeline.graph, partitions: { orders: PARTITIONS.length }, kafka },
      ...{ topics: demoTopicsByNode(pipeline), elasticsearch: servers.elasticsearch },
    })
    const live = await TopicReader.open(kafka.client, pipeline.topics['orders-per-region'])
    live.start()
    return new DemoRun({ servers, sabotage, kafka, redis, pipeline, reference, spec, live })
  }

  async play(): Promise<Outcome> {
    await this.#produce(coldOrders)
    const first = this.#start('first', 'after-commit#100')
    const second = this.#start('second', 'mid-restore')
    await writeDesired(this.#redis, this.#spec)
    await waitFor(
      'the cold orders are done',
      async () => (await this.#committed()) >= COLD_ORDERS,
      DEADLINE_MS,
    )
    await this.#haveTasks([first, second])
    const feeding = this.#feed()
    await this.#died(first)
    await this.#died(second)
    const third = this.#start('third')
    this.#start('fourth')
    await this.#allRunWithout([first, second])
    await this.#worksOn(5_000)
    await this.#redis.flushall()
    await writeDesired(this.#redis, this.#spec)
    // Long enough that the process writes to the emptied Redis before it dies.
    await this.#worksOn(1_500)
    void third.kill()
    await this.#died(third)
    await feeding
    await this.#allRunWithout([third])
    await this.#produce(repeatedOrders)
    await this.#closeWindows()
    return this.#outcome()
  }

  /** The end of what every executor has printed. */
  lastWords(): string {
    return this.#executors.map(({ id, output }) => `── ${id}\n${output.slice(-1_500)}`).join('\n')
  }

  async close(): Promise<void> {
    await this.#live.stop()
    await Promise.all(this.#executors.map((executor) => executor.kill()))
    await this.#kafka.close()
    this.#redis.disconnect()
  }

  #start(id: string, failPoint?: string): ExecutorProcess {
    const armed = failPoint === undefined ? {} : { MILLRACE_FAILPOINT: failPoint }
    const { redis } = this.#servers
    const executor = this.#sabotage
      ? ExecutorProcess.startBreakable(id, redis, { ...armed, MILLRACE_SABOTAGE: this.#sabotage })
      : ExecutorProcess.start(id, redis, armed)
    this.#executors.push(executor)
    return executor
  }

  async #died(executor: ExecutorProcess): Promise<void> {
    await Promise.race([executor.ended(), sleep(DEADLINE_MS)])
    if (executor.alive)
      throw new Error(`executor ${executor.id} did not die:\n${executor.output.slice(-2_000)}`)
    this.#inFlight.push((await this.#produced()) - (await this.#committed()))
  }

  async #haveTasks(executors: readonly ExecutorProcess[]): Promise<void> {
    await waitFor(
      'each executor has tasks',
      async () => {
        const owners = new Set((await this.#reports()).map(({ executor }) => executor))
        return executors.every(({ id }) => owners.has(id))
      },
      DEADLINE_MS,
    )
  }

  async #allRunWithout(dead: readonly ExecutorProcess[]): Promise<void> {
    const ids = new Set(dead.map(({ id }) => id))
    const { stages, deliveries } = this.#spec.plan
    const tasks = [...stages, ...deliveries].reduce((sum, stage) => sum + stage.tasks, 0)
    await waitFor(
      'every task runs again',
      async () => {
        const running = (await this.#reports()).filter(({ state }) => state === 'running')
        return running.filter(({ executor }) => !ids.has(executor)).length === tasks
      },
      DEADLINE_MS,
    )
  }

  async #reports(): Promise<TaskReport[]> {
    const reports = await this.#redis.hgetall(redisKeys.tasks(this.#spec.deployment))
    return Object.values(reports).map((text) => JSON.parse(text) as TaskReport)
  }

  async #worksOn(records: number): Promise<void> {
    const before = await this.#committed()
    await waitFor('work goes on', async () => (await this.#committed()) >= before + records, DEADLINE_MS)
  }

  async #committed(): Promise<number> {
    const group = topicNames.group(this.#spec, 's1')
    const offsets = await this.#kafka.client.committedOffsets(group, this.#partitions)
    return offsets.reduce((sum, { offset }) => sum + (offset ?? 0), 0)
  }

  async #produced(): Promise<number> {
    const ends = await this.#kafka.client.listOffsets(this.#partitions, 'last-stable')
    return ends.reduce((sum, { offset }) => sum + (offset ?? 0), 0)
  }

  get #partitions(): { topic: string; partition: number }[] {
    return PARTITIONS.map((partition) => ({ topic: this.#pipeline.topics.orders, partition }))
  }

  #produce(orders: readonly DemoOrder[]): Promise<void> {
    const records = orders.map((value) => ({ key: value.userId, value }))
    return this.#kafka.produce(this.#pipeline.topics.orders, records)
  }

  /** In small steps, so that something is always under way; the last orders come slowly until the last kill. */
  async #feed(): Promise<void> {
    const step = FED_PER_SECOND / STEPS_PER_SECOND
    for (let i = 0; i < FRESH_ORDERS; i += step) {
      await this.#produce(freshOrders.slice(i, i + step))
      const isHeldBack = this.#inFlight.length < KILLS && i > FRESH_ORDERS - KEPT_FOR_KILLS
      await sleep((1_000 / STEPS_PER_SECOND) * (isHeldBack ? 5 : 1))
    }
  }

  /** A probe in each partition: filtered out, but it moves the watermark past every window. */
  async #closeWindows(): Promise<void> {
    const probe = { orderId: 'probe', userId: 'healthcheck-end', items: [], total: 0, ts: CLOSE }
    const records = PARTITIONS.map((partition) => ({ key: probe.userId, value: probe, partition }))
    await this.#kafka.produce(this.#pipeline.topics.orders, records)
  }

  async #outcome(): Promise<Outcome> {
    const expected = demoOracle([...coldOrders, ...freshOrders, ...repeatedOrders], this.#reference)
    const topic = this.#pipeline.topics['orders-per-region']
    const windows = await waitFor(
      'all windows are there',
      async () => {
        const rows = windowsOf(await this.#kafka.readAll(topic))
        return ordersIn(rows) >= ordersIn(expected.windows) && rows
      },
      DEADLINE_MS,
    )
    const documents = await waitFor(
      'all documents are there',
      async () => {
        const found = await documentsOf(this.#servers.elasticsearch, this.#pipeline.alias)
        return found.length >= expected.documents.length && found
      },
      DEADLINE_MS,
    )
    await waitFor(
      'the live reader has caught up',
      () => ordersIn(windowsOf(this.#live.records)) >= ordersIn(windows),
      DEADLINE_MS,
    )
    const windowsSeenLive = windowsOf(this.#live.records)
    return {
      documents,
      windows,
      windowsSeenLive,
      expected,
      inFlight: this.#inFlight,
    }
  }
}
