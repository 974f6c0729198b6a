import { setTimeout as sleep } from 'node:timers/promises'
import {
  type DeploymentSpec,
  deadLetterHeaders,
  type ExecutorHeartbeat,
  type Lease,
  type Problem,
  redisKeys,
  type TaskReport,
  topicNames,
} from '@millrace/contracts'
import type { GraphNode, PipelineGraph } from '@millrace/graph'
import type { Redis } from 'ioredis'
import { expect } from 'vitest'
import { chain, step } from '../../../api/src/templates/build.ts'
import { uniqueName } from '../../it/wire/support/kafka.ts'
import { createDeployment, writeDesired } from '../../support/deployment.ts'
import { type KafkaForTests, type RawRecord, type ReadRecord, TopicReader } from '../../support/kafka.ts'
import { waitFor } from '../../support/wait-for.ts'
import { type Count, MINUTE, oracle, type Payment, paymentOf, probe } from './payments.ts'

const PARTITIONS = 2
const DEADLINE_MS = 240_000
const BATCH_HEADER_BYTES = 61
/** So much that there is always something under way: a commit is due after 100 ms. */
const TRICKLE = { payments: 20, everyMs: 50 }

/** How a flow is deployed. */
export interface FlowOptions {
  /** What executors are told of Kafka; what the test itself uses if absent. */
  readonly brokers?: string
  /** Settings of the topic that is read. */
  readonly topicConfig?: Readonly<Record<string, string>>
  readonly partitions?: number
  /** What becomes of an event that cannot be read; it goes to dead letters if absent. */
  readonly unreadable?: 'dead-letter' | 'stop'
}

/**
 * What becomes of a payment: `late` for its window, it passes and goes to the late ones; `refused` by the topic of those
 * that pass, it is counted and a dead letter.
 */
export type Fate = 'good' | 'late' | 'refused'

type TopicName = 'in' | 'passed' | 'counts' | 'late'

/**
 * Payments through a pipeline with a filter, a dedupe and, behind a repartition, windows by the minute. Knows what must
 * come out, and checks it as exactly-once.md asks: also as a reader saw it that was there before the faults.
 */
export class Flow {
  #spec: DeploymentSpec
  readonly topics: Readonly<Record<TopicName, string>>
  readonly #kafka: KafkaForTests
  readonly #redis: Redis
  readonly #live: LiveReaders
  readonly #partitions: number
  /** In the order in which they were sent, with what becomes of them. */
  readonly #sent: (readonly [Payment, Fate])[] = []
  /** Values of the dead letters that there must be. */
  readonly #dead: Buffer[] = []
  #trickling: Promise<void> | null = null
  #trickles = false
  #next = 0

  private constructor(
    spec: DeploymentSpec,
    topics: Flow['topics'],
    kafka: KafkaForTests,
    redis: Redis,
    live: LiveReaders,
    partitions: number,
  ) {
    this.#spec = spec
    this.topics = topics
    this.#kafka = kafka
    this.#redis = redis
    this.#live = live
    this.#partitions = partitions
  }

  /** Creates topics, writes what should run, and begins to read what passes. */
  static async deploy(kafka: KafkaForTests, redis: Redis, options: FlowOptions = {}): Promise<Flow> {
    const { partitions = PARTITIONS, topicConfig = {}, brokers = kafka.address } = options
    const topics = Object.fromEntries(
      (['in', 'passed', 'counts', 'late'] as const).map((name) => [name, uniqueName(name)]),
    ) as Record<TopicName, string>
    const common: Record<string, string> = kafka.replicationFactor >= 3 ? { 'min.insync.replicas': '2' } : {}
    for (const topic of Object.values(topics))
      await kafka.createTopic(topic, partitions, { ...common, ...(topic === topics.in && topicConfig) })
    const settings = { replicationFactor: kafka.replicationFactor }
    const deployed = {
      graph: graphOf(topics, options.unreadable),
      partitions: { in: partitions },
      topics,
      kafka,
      settings,
    }
    const spec = await createDeployment(deployed)
    const known = { id: 'kafka', kind: 'kafka' as const, settings: { brokers }, secrets: null }
    const through = { ...spec, connections: { kafka: known } }
    await redis.set(redisKeys.incarnation, JSON.stringify({ id: 'matrix', at: 0 }), 'NX')
    await writeDesired(redis, through)
    const live = {
      passed: await TopicReader.open(kafka.client, topics.passed),
      counts: await TopicReader.open(kafka.client, topics.counts),
    }
    for (const reader of Object.values(live)) reader.start()
    return new Flow(through, topics, kafka, redis, live, partitions)
  }

  /** What runs now. */
  get spec(): DeploymentSpec {
    return this.#spec
  }

  /** Publishes the same pipeline again, with another answer to what cannot be read. */
  async republish(unreadable: FlowOptions['unreadable']): Promise<void> {
    const { version, generation } = this.spec
    const graph = graphOf(this.topics, unreadable)
    this.#spec = { ...this.spec, graph, version: version + 1, generation: generation + 1 }
    await writeDesired(this.#redis, this.spec)
  }

  /** The stage that reads payments. */
  get sourceStage(): string {
    const { stages } = this.spec.plan
    return stages.find(({ inputs }) => inputs.some(({ kind }) => kind === 'source'))?.id ?? ''
  }

  /** The stage that has the windows. */
  get windowStage(): string {
    return this.spec.plan.stages.find(({ id }) => id !== this.sourceStage)?.id ?? ''
  }

  /** Payments that were sent. */
  get sent(): number {
    return this.#sent.length
  }

  /** Sends the next payments, each user's in one partition. */
  async send(count: number): Promise<void> {
    const payments = Array.from({ length: count }, (_, i) => paymentOf(this.#next + i))
    this.#next += count
    await this.#produce(payments)
    for (const payment of payments) this.#sent.push([payment, 'good'])
  }

  /** Sends what is no payment, to the first partition, in this order. */
  async sendPoison(values: readonly Buffer[]): Promise<void> {
    for (let i = 0; i < values.length; i += 1_000) await this.#sendBytes(values.slice(i, i + 1_000))
    this.#dead.push(...values)
  }

  /** Sends payments to the first partition that do not go the way of the others; `value` is what is sent. */
  async sendOdd(payment: Payment, fate: Fate, value = Buffer.from(JSON.stringify(payment))): Promise<void> {
    await this.#sendBytes([value])
    this.#sent.push([payment, fate])
    if (fate === 'refused') this.#dead.push(value)
  }

  /** Says that a dead letter with this value must be there. */
  expectDead(value: Buffer): void {
    this.#dead.push(value)
  }

  /** Sends payments all the time, so that something is under way whenever something fails. */
  trickle({ payments, everyMs } = TRICKLE): void {
    this.#trickles = true
    this.#trickling = (async () => {
      while (this.#trickles) {
        await this.send(payments)
        await sleep(everyMs)
      }
    })()
    this.#trickling.catch(() => {})
  }

  /** Ends the trickle; fails where it failed. */
  async dry(): Promise<void> {
    this.#trickles = false
    await this.#trickling
  }

  /** Waits until so many more payments are committed, while they trickle. */
  async works(more = 200): Promise<void> {
    const aim = (await this.committed()) + more
    await waitFor(`${more} more payments are done`, async () => (await this.committed()) >= aim, DEADLINE_MS)
  }

  /** Waits until all that was sent is committed. */
  async settles(): Promise<void> {
    await waitFor('all is committed', async () => (await this.inFlight()) === 0, DEADLINE_MS)
  }

  /** Waits until so many windows of groups are complete. */
  async closes(windows: number): Promise<void> {
    await waitFor('windows close', () => this.#live.counts.records.length >= windows, DEADLINE_MS)
  }

  /** Records of the topic up to which positions are committed. */
  async committed(): Promise<number> {
    const group = topicNames.group(this.spec, this.sourceStage)
    const offsets = await this.#kafka.client.committedOffsets(group, this.#all('in'))
    return offsets.reduce((sum, { offset }) => sum + (offset ?? 0), 0)
  }

  /** The offset up to which one partition of the topic is committed. */
  async committedOf(partition: number): Promise<number> {
    const group = topicNames.group(this.spec, this.sourceStage)
    const [found] = await this.#kafka.client.committedOffsets(group, [{ topic: this.topics.in, partition }])
    return found?.offset ?? 0
  }

  /** The offset that the next record of one partition of the topic gets. */
  async placeOf(partition: number): Promise<number> {
    const [end] = await this.#kafka.client.listOffsets([{ topic: this.topics.in, partition }], 'latest')
    return end?.offset ?? 0
  }

  /** Records that are there and not committed yet. */
  async inFlight(): Promise<number> {
    const ends = await this.#kafka.client.listOffsets(this.#all('in'), 'latest')
    return ends.reduce((sum, { offset }) => sum + (offset ?? 0), 0) - (await this.committed())
  }

  /** Waits until something is under way, and gives how much. */
  isUnderWay(): Promise<number> {
    const more = async () => {
      const records = await this.inFlight()
      return records > 0 && records
    }
    return waitFor('something is under way', more, DEADLINE_MS)
  }

  /** What is wrong with its tasks. */
  async problems(): Promise<Problem[]> {
    return (await this.reports()).flatMap(({ problem }) => problem ?? [])
  }

  /** What executors say of its tasks. */
  async reports(): Promise<TaskReport[]> {
    const found = await this.#redis.hgetall(redisKeys.tasks(this.spec.deployment))
    return Object.values(found).map((text) => JSON.parse(text) as TaskReport)
  }

  /** Waits for a problem; gives its words. */
  problem(code: Problem['code']): Promise<Problem> {
    return waitFor(
      `it says ${code}`,
      async () => (await this.problems()).find((problem) => problem.code === code),
      DEADLINE_MS,
    )
  }

  /** Waits until nothing is wrong and all tasks run. */
  async isWell(): Promise<void> {
    const tasks = this.spec.plan.stages.reduce((sum, stage) => sum + stage.tasks, 0)
    const isWell = async () => {
      const running = (await this.reports()).filter((one) => one.state === 'running' && one.problem === null)
      return running.length === tasks
    }
    await waitFor('all tasks run well', isWell, DEADLINE_MS)
  }

  /** Closes all windows and checks everything. */
  async isExact(): Promise<void> {
    await this.dry()
    const probes = Array.from({ length: this.#partitions }, (_, partition) => ({
      ...{ key: 'probe', partition, value: probe(this.#next) },
    }))
    await this.#kafka.produce(this.topics.in, probes)
    const payments = (...fates: Fate[]) =>
      this.#sent.filter(([, fate]) => fates.includes(fate)).map(([payment]) => payment)
    const { passed } = oracle(payments('good', 'late'))
    const { counts } = oracle(payments('good', 'refused'))
    await this.settles()
    await this.closes(counts.size)
    const [rows, windows] = [await this.read('passed'), await this.read('counts')]
    await waitFor('it was read', () => this.#live.passed.records.length >= rows.length, DEADLINE_MS)
    for (const read of [rows, this.#live.passed.records]) expect(idsByUser(read)).toEqual(passed)
    for (const read of [windows, this.#live.counts.records]) {
      expect(read).toHaveLength(counts.size)
      expect(new Map(read.map(countOf))).toEqual(counts)
    }
    expect((await this.read('late')).map(({ value }) => (JSON.parse(value ?? '') as Payment).id)).toEqual(
      payments('late').map(({ id }) => id),
    )
    // Byte by byte, in the order in which they were sent.
    expect((await this.deadLetters()).map(deadValue)).toEqual(
      this.#dead.map((value) => value.toString('latin1')),
    )
    await this.#isSettled()
  }

  /** Everything that is committed in one of the topics. */
  read(name: TopicName): Promise<ReadRecord[]> {
    return this.#kafka.readAll(this.topics[name])
  }

  /** Its dead letters, in their order. */
  deadLetters(): Promise<RawRecord[]> {
    return this.#kafka.readRaw(topicNames.dead(this.spec.deployment))
  }

  /** What others would see of an executor: leases of the flow that it holds, and where it is registered. */
  async tracesOf(executor: string): Promise<readonly string[]> {
    const { deployment, plan } = this.spec
    const keys = plan.stages.flatMap(({ id, tasks }) =>
      Array.from({ length: tasks }, (_, partition) => redisKeys.lease(deployment, id, partition)),
    )
    const leases = await this.#redis.mget(keys)
    const held = keys.filter((_, i) => (JSON.parse(leases[i] ?? '{}') as Partial<Lease>).owner === executor)
    const isRegistered = (await this.#redis.hexists(redisKeys.executors, executor)) === 1
    return isRegistered ? [...held, redisKeys.executors] : held
  }

  /** The process that runs it on an executor. */
  worker(executor: string): Promise<number> {
    return waitFor(
      'a worker runs it',
      async () => {
        const text = await this.#redis.hget(redisKeys.executors, executor)
        const { workers } = JSON.parse(text ?? '{"workers":[]}') as ExecutorHeartbeat
        return workers.find(({ deployment }) => deployment === this.spec.deployment)?.pid
      },
      DEADLINE_MS,
    )
  }

  /** Says that nobody should run it. */
  async stop(): Promise<void> {
    await this.dry().catch(() => {})
    for (const reader of Object.values(this.#live)) await reader.stop().catch(() => {})
    await writeDesired(this.#redis, this.spec, { state: 'stopped' })
  }

  /** No transaction is left open anywhere. */
  async #isSettled(): Promise<void> {
    const dead = { topic: topicNames.dead(this.spec.deployment), partition: 0 }
    const all = [...this.#all('passed'), ...this.#all('counts'), ...this.#all('late'), dead]
    const stable = await this.#kafka.client.listOffsets(all, 'last-stable')
    const ends = await this.#kafka.client.listOffsets(all, 'latest')
    // What is written here later is not ours: all is committed.
    expect(stable).toEqual(ends)
  }

  async #sendBytes(values: readonly Buffer[]): Promise<void> {
    const messages = values.map((value) => ({ key: 'odd', value, partition: 0 }))
    await this.#kafka.producer.send({ topic: this.topics.in, messages, acks: -1 })
  }

  async #produce(payments: readonly Payment[]): Promise<void> {
    const records = payments.map((value) => ({
      ...{ key: value.user, value, partition: Number(value.user.slice(1)) % this.#partitions },
    }))
    // Each partition by itself: kafkajs leaves out what moves, while it sends, to a broker that has answered already.
    for (const one of Map.groupBy(records, ({ partition }) => partition).values()) {
      await this.#untilTaken(() => this.#kafka.produce(this.topics.in, one))
    }
  }

  /** Some may be there already: what is sent twice passes once. */
  async #untilTaken(send: () => Promise<void>): Promise<void> {
    const begun = performance.now()
    for (;;) {
      try {
        return await send()
      } catch (error) {
        if (performance.now() - begun > DEADLINE_MS) throw error
        await sleep(200)
      }
    }
  }

  #all(name: TopicName): { topic: string; partition: number }[] {
    const topic = this.topics[name]
    return Array.from({ length: this.#partitions }, (_, partition) => ({ topic, partition }))
  }
}

/** Readers that are there all the time. */
interface LiveReaders {
  readonly passed: TopicReader
  readonly counts: TopicReader
}

function countOf({ value }: ReadRecord): readonly [string, Count] {
  const { group, window_start, payments, total } = JSON.parse(value ?? '') as CountRow
  return [`${group}/${window_start}`, { payments, total }]
}

/** Of a whole batch only the packed records: its header is the broker's. */
function deadValue({ value, headers }: RawRecord): string {
  const isBatch = headers[deadLetterHeaders.content] === 'batch'
  return (value ?? Buffer.alloc(0)).subarray(isBatch ? BATCH_HEADER_BYTES : 0).toString('latin1')
}

interface CountRow extends Count {
  readonly group: string
  readonly window_start: number
}

function graphOf(
  topics: Flow['topics'],
  unreadable: FlowOptions['unreadable'] = 'dead-letter',
): PipelineGraph {
  const source = step('in', 'kafka', 'In', {
    ...{ connection: 'kafka', topic: topics.in, format: 'json', unreadable },
    fields: [
      { name: 'id', type: 'int64 not null' },
      { name: 'user', type: 'string not null' },
      { name: 'group', type: 'string not null' },
      { name: 'amount', type: 'int64 not null' },
      { name: 'ts', type: 'timestamp not null' },
    ],
    // Only what is read moves the watermark: nobody who is out of reach is idle.
    ...{ eventTime: 'ts', outOfOrderness: 0, idleTimeout: null, maxAhead: 300_000, keyedBy: ['user'] },
  })
  const filter = step('filter', 'filter', 'Filter', { condition: 'amount >= 0' })
  const dedupe = step('dedupe', 'dedupe', 'Dedupe', { key: ['user', 'id'], ttl: 86_400_000 })
  const count = step('count', 'window', 'Count', {
    ...{ kind: 'tumbling', size: MINUTE, groupBy: ['group'], output: 'final' },
    aggregates: [
      { function: 'count', as: 'payments' },
      { function: 'sum', argument: 'amount', as: 'total' },
    ],
  })
  const sink = (id: TopicName, key: string[]): GraphNode =>
    step(id, 'kafka-sink', id, { connection: 'kafka', topic: topics[id], key })
  const [passed, counts, late] = [sink('passed', ['user']), sink('counts', ['group']), sink('late', [])]
  return {
    ...{ format: 1, name: 'Payments', layout: {} },
    nodes: [source, filter, dedupe, passed, count, counts, late],
    edges: [
      ...chain([source, filter, dedupe, passed]),
      ...chain([dedupe, count, counts]),
      { id: 'count-late', from: { node: 'count', port: 'late' }, to: { node: 'late', port: 'in' } },
    ],
  }
}

/** By user the ids, in the order of the topic. */
function idsByUser(records: readonly ReadRecord[]): Map<string, number[]> {
  const rows = records.map(({ value }) => JSON.parse(value ?? '') as Payment)
  const users = Map.groupBy(rows, ({ user }) => user)
  return new Map([...users].map(([user, all]) => [user, all.map(({ id }) => id)]))
}
