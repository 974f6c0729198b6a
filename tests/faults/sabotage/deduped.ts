import { type DeploymentSpec, type ExecutorHeartbeat, redisKeys, topicNames } from '@millrace/contracts'
import type { PipelineGraph } from '@millrace/graph'
import { Redis } from 'ioredis'
import { chain, step } from '../../../api/src/templates/build.ts'
import { uniqueName } from '../../it/wire/support/kafka.ts'
import { createDeployment, writeDesired } from '../../support/deployment.ts'
import { ExecutorProcess } from '../../support/executor-process.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { waitFor } from '../../support/wait-for.ts'
import { HELD_COPIES, type Place } from './places.ts'
import type { SabotageName } from './sabotages.ts'

/** What executors of a scenario are told. */
interface Told {
  readonly MILLRACE_PLACE?: Place
  readonly MILLRACE_STATE_BYTES?: string
}

const DEADLINE_MS = 120_000

/**
 * A pipeline that lets each number through once, on executors that may all be broken in the same way. One partition: what
 * comes out must be the numbers that were sent, each once, in their order.
 */
export class Deduped {
  readonly #kafka: KafkaForTests
  readonly #redis: Redis
  readonly #url: string
  readonly #spec: DeploymentSpec
  readonly #topics: { readonly in: string; readonly out: string }
  readonly #sabotage: SabotageName | null
  readonly #executors: ExecutorProcess[] = []
  #sent = 0

  private constructor(parts: {
    kafka: KafkaForTests
    redis: Redis
    url: string
    spec: DeploymentSpec
    topics: { in: string; out: string }
    sabotage: SabotageName | null
  }) {
    this.#kafka = parts.kafka
    this.#redis = parts.redis
    this.#url = parts.url
    this.#spec = parts.spec
    this.#topics = parts.topics
    this.#sabotage = parts.sabotage
  }

  /** Makes the pipeline; nobody runs it yet. Redis is emptied. */
  static async deploy(
    servers: { readonly kafka: string; readonly redis: string },
    sabotage: SabotageName | null,
  ): Promise<Deduped> {
    const kafka = await KafkaForTests.connect(servers.kafka)
    const redis = new Redis(servers.redis)
    const topics = { in: uniqueName('in'), out: uniqueName('out') }
    for (const topic of Object.values(topics)) await kafka.createTopic(topic, 1)
    const graph = graphOf(topics)
    const spec = await createDeployment({ graph, partitions: { in: 1 }, topics, kafka })
    const deduped = new Deduped({ kafka, redis, url: servers.redis, spec, topics, sabotage })
    await deduped.flush()
    return deduped
  }

  /** Empties Redis; what should run is written again, as the api does. */
  async flush(): Promise<void> {
    await this.#redis.flushall()
    await this.#redis.set(redisKeys.incarnation, JSON.stringify({ id: 'test', at: 0 }))
    await writeDesired(this.#redis, this.#spec)
  }

  /** Starts one more executor. */
  start(told: Told = {}): ExecutorProcess {
    const env = { ...told, ...(this.#sabotage && { MILLRACE_SABOTAGE: this.#sabotage }) }
    const executor = ExecutorProcess.startBreakable(uniqueName('pod'), this.#url, env)
    this.#executors.push(executor)
    return executor
  }

  /** Sends the next numbers. */
  async send(count: number): Promise<readonly number[]> {
    const numbers = Array.from({ length: count }, (_, i) => this.#sent + i)
    this.#sent += count
    await this.sendAgain(numbers)
    return numbers
  }

  /** Sends numbers that were sent before. */
  sendAgain(numbers: readonly number[]): Promise<void> {
    return this.#kafka.produce(
      this.#topics.in,
      numbers.map((id) => ({ key: `${id}`, value: { id } })),
    )
  }

  /** Sends one more number and waits until it has come out: then everything before it is done. */
  async isWorkedOff(): Promise<void> {
    const [last] = await this.send(1)
    await waitFor(
      `number ${last} has come out`,
      async () => (await this.results()).at(-1) === last,
      DEADLINE_MS,
    )
  }

  /** The numbers that came out, for a reader of committed records. */
  async results(): Promise<number[]> {
    const records = await this.#kafka.readAll(this.#topics.out)
    return records.map(({ value }) => (JSON.parse(value ?? '') as { id: number }).id)
  }

  /** The numbers that must come out. */
  get expected(): number[] {
    return Array.from({ length: this.#sent }, (_, i) => i)
  }

  /** Records that were sent and whose position is not committed. */
  async inFlight(): Promise<number> {
    const place = { topic: this.#topics.in, partition: 0 }
    const [end] = await this.#kafka.client.listOffsets([place], 'last-stable')
    const [done] = await this.#kafka.client.committedOffsets(this.#group, [place])
    return (end?.offset ?? 0) - (done?.offset ?? 0)
  }

  /** Waits until the copy in Redis has everything that is committed. */
  async copyIsWhole(): Promise<void> {
    const changelog = { topic: topicNames.changelog(this.#spec, this.#stage), partition: 0 }
    const meta = `${redisKeys.taskState(this.#spec.deployment, this.#stage, 0)}meta`
    await waitFor('the copy is whole', async () => {
      const [anchor] = await this.#kafka.client.committedOffsets(this.#group, [changelog])
      return anchor?.offset !== null && (await this.#redis.hget(meta, 'stamp')) === String(anchor?.offset)
    })
  }

  /** From now on writes of copies are on their way, for as long as `action` takes. */
  async whileCopiesAreHeld(action: () => Promise<void>): Promise<void> {
    await this.#redis.set(HELD_COPIES, '1')
    await action()
    await this.#redis.del(HELD_COPIES)
  }

  /** The worker process of an executor. */
  worker({ id }: ExecutorProcess): Promise<number> {
    return waitFor(
      'the worker is told of',
      async () => {
        const text = await this.#redis.hget(redisKeys.executors, id)
        return (JSON.parse(text ?? '{"workers":[]}') as ExecutorHeartbeat).workers[0]?.pid
      },
      DEADLINE_MS,
    )
  }

  /** The end of what every executor has printed. */
  lastWords(): string {
    return this.#executors.map(({ id, output }) => `── ${id}\n${output.slice(-2_000)}`).join('\n')
  }

  async close(): Promise<void> {
    await Promise.all(this.#executors.map((executor) => executor.kill()))
    await this.#kafka.close()
    this.#redis.disconnect()
  }

  get #stage(): string {
    return this.#spec.plan.stages[0]?.id ?? ''
  }

  get #group(): string {
    return topicNames.group(this.#spec, this.#stage)
  }
}

function graphOf(topics: { in: string; out: string }): PipelineGraph {
  const nodes = [
    step('in', 'kafka', 'In', {
      ...{ connection: 'kafka', topic: topics.in, fields: [{ name: 'id', type: 'int64 not null' }] },
      ...{ eventTime: null, maxAhead: null, keyedBy: ['id'] },
    }),
    step('dedupe', 'dedupe', 'Dedupe', { key: ['id'], ttl: 86_400_000 }),
    step('out', 'kafka-sink', 'Out', { connection: 'kafka', topic: topics.out, key: [] }),
  ]
  return { format: 1, name: 'Deduped', nodes, edges: chain(nodes), layout: {} }
}
