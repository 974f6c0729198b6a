import { setTimeout as sleep } from 'node:timers/promises'
import { type DeploymentSpec, redisKeys, topicNames } from '@millrace/contracts'
import { seededNumber } from '@millrace/engine'
import { Redis } from 'ioredis'
import { uniqueName } from '../../it/wire/support/kafka.ts'
import { createDeployment, writeDesired } from '../../support/deployment.ts'
import { KafkaForTests, type RawRecord, TopicReader } from '../../support/kafka.ts'
import { waitFor } from '../../support/wait-for.ts'
import { type Sent, STORM_START, StormEvents } from './storm-events.ts'
import { type StormTopics, stormGraph } from './storm-graph.ts'
import { type KillKind, StormKills } from './storm-kills.ts'
import { type Expected, stormOracle } from './storm-oracle.ts'
import { type StormOutput, StormRows } from './storm-rows.ts'

const PARTITIONS = 4
const USERS = 20_000
const STEP = 200
const STEP_MS = 20
/** Steps in which what is left of a share shrinks to less than half. */
const TRICKLE = 500
const OUTPUTS: readonly StormOutput[] = ['passed', 'joined', 'windows']
/** A storm that takes longer to be worked off hangs: so much, and so much for each payment. */
const DEADLINE_MS = 600_000
const DEADLINE_PER_EVENT_MS = 1
/** Tells the numbers for kills apart from those for events. */
const KILLS = 100

/** How large a storm is, and which. */
export interface StormSize {
  readonly events: number
  readonly kills: number
  readonly seed: number
}

/** What a storm came to. */
export interface StormOutcome {
  readonly expected: Expected
  readonly found: StormRows
  /** As readers saw it that were there from the beginning. */
  readonly seenLive: StormRows
  readonly dead: readonly RawRecord[]
  readonly kills: readonly { readonly kind: KillKind; readonly inFlight: number }[]
  /** By output topic: last stable offset and end of each partition. */
  readonly ends: readonly { readonly stable: number; readonly end: number }[]
}

/**
 * A storm: payments and confirmations are all there, two executors work through them, and at each of `kills` points of
 * the way something dies.
 */
export async function runStorm(
  servers: { readonly kafka: string; readonly redis: string },
  size: StormSize,
): Promise<StormOutcome> {
  const kafka = await KafkaForTests.connect(servers.kafka)
  const redis = new Redis(servers.redis)
  const storm = await Storm.prepare(kafka, redis, servers.redis, size)
  try {
    return await storm.run()
  } catch (error) {
    throw new Error(`seed ${size.seed}: ${error}\n${storm.lastWords()}`, { cause: error })
  } finally {
    await storm.end()
    await kafka.close()
    redis.disconnect()
  }
}

class Storm {
  readonly #kafka: KafkaForTests
  readonly #size: StormSize
  readonly #events: StormEvents
  readonly #topics: StormTopics
  readonly #spec: DeploymentSpec
  readonly #kills: StormKills
  readonly #live: readonly TopicReader[]
  readonly #seenLive: StormRows
  #killed = 0

  private constructor(
    kafka: KafkaForTests,
    size: StormSize,
    topics: StormTopics,
    spec: DeploymentSpec,
    kills: StormKills,
    live: readonly TopicReader[],
    seenLive: StormRows,
  ) {
    this.#kafka = kafka
    this.#size = size
    this.#events = new StormEvents(size.seed, USERS)
    this.#topics = topics
    this.#spec = spec
    this.#kills = kills
    this.#live = live
    this.#seenLive = seenLive
  }

  static async prepare(kafka: KafkaForTests, redis: Redis, url: string, size: StormSize): Promise<Storm> {
    const names = ['payments', 'confirms', 'passed', 'joined', 'windows'] as const
    const topics = Object.fromEntries(names.map((name) => [name, uniqueName(name)])) as unknown as StormTopics
    for (const topic of Object.values(topics)) await kafka.createTopic(topic, PARTITIONS)
    const spec = await createDeployment({
      ...{ graph: stormGraph(topics), kafka, topics: { ...topics } },
      partitions: { payments: PARTITIONS, confirms: PARTITIONS },
    })
    const desired = async () => {
      await redis.set(redisKeys.incarnation, JSON.stringify({ id: 'storm', at: 0 }))
      await writeDesired(redis, spec)
    }
    await redis.flushall()
    await desired()
    const seenLive = new StormRows(size.events)
    const live = OUTPUTS.map(async (output) => {
      const reader = await TopicReader.open(kafka.client, topics[output])
      reader.start(seenLive.taker(output))
      return reader
    })
    const kills = new StormKills(redis, url, randomOf(size.seed), desired)
    return new Storm(kafka, size, topics, spec, kills, await Promise.all(live), seenLive)
  }

  async run(): Promise<StormOutcome> {
    this.#kills.start()
    const feeding = this.#feed()
    feeding.catch(() => {})
    const kills = []
    for (; this.#killed < this.#size.kills; this.#killed++) {
      await this.#worksUpTo((await this.#committed()) + this.#size.events / (this.#size.kills + 1) / 5)
      const kind = await this.#kills.next()
      kills.push({ kind, inFlight: (await this.#ends('payments')) - (await this.#committed()) })
    }
    await feeding
    await this.#closeWindows()
    const expected = stormOracle(this.#events, this.#size.events)
    await waitFor('every row has come out', () => this.#seenLive.hasAsManyAs(expected.rows), this.#deadlineMs)
    return { expected, kills, seenLive: this.#seenLive, ...(await this.#read()) }
  }

  lastWords(): string {
    return this.#kills.lastWords()
  }

  async end(): Promise<void> {
    await this.#kills.end()
    await Promise.all(this.#live.map((reader) => reader.stop()))
  }

  /**
   * Each kill has its share of the events; the end of a share trickles, if need be into the next one, so that something
   * is under way at the kill.
   */
  async #feed(): Promise<void> {
    const { events, kills } = this.#size
    for (let from = 0; from < events; ) {
      const left = Math.ceil((events * (this.#killed + 1)) / (kills + 1)) - from
      const trickles = this.#killed < kills && left < events / (kills + 1) / 2
      const length = Math.min(trickles ? Math.max(1, Math.ceil(left / TRICKLE)) : STEP, events - from)
      await this.#sendEvents(Array.from({ length }, (_, i) => from + i))
      from += length
      await sleep(STEP_MS)
    }
  }

  async #sendEvents(indices: readonly number[]): Promise<void> {
    await this.#send(
      'payments',
      indices.flatMap((i) => this.#events.payments(i)),
    )
    await this.#send(
      'confirms',
      indices.flatMap((i) => this.#events.confirms(i)),
    )
  }

  /** The end of everything: dropped, or the partner of nothing, but it moves the watermark in every partition. */
  async #closeWindows(): Promise<void> {
    const ts = STORM_START + 100 * this.#size.events + 86_400_000
    const probes = Array.from({ length: PARTITIONS }, (_, partition) => ({ key: 'probe', partition }))
    const payment = { id: -1, user: 'probe', group: 'probe', amount: -1, ts }
    const confirm = { ref: -1, user: 'probe', code: 0, ts }
    await this.#send(
      'payments',
      probes.map((probe) => ({ ...probe, value: payment })),
    )
    await this.#send(
      'confirms',
      probes.map((probe) => ({ ...probe, value: confirm })),
    )
  }

  #send(topic: 'payments' | 'confirms', records: readonly Sent<unknown>[]): Promise<void> {
    return this.#kafka.produce(this.#topics[topic], records)
  }

  async #worksUpTo(records: number): Promise<void> {
    await waitFor(
      `${records} payments are done`,
      async () => (await this.#committed()) >= records,
      this.#deadlineMs,
    )
  }

  /** Payments whose position is committed. */
  async #committed(): Promise<number> {
    const stage = this.#spec.plan.stages.find(({ inputs }) =>
      inputs.some((input) => input.kind === 'source' && input.nodeId === 'payments'),
    )
    const group = topicNames.group(this.#spec, stage?.id ?? '')
    const offsets = await this.#kafka.client.committedOffsets(group, this.#partitions('payments'))
    return offsets.reduce((sum, { offset }) => sum + (offset ?? 0), 0)
  }

  async #ends(topic: keyof StormTopics): Promise<number> {
    const ends = await this.#kafka.client.listOffsets(this.#partitions(topic), 'last-stable')
    return ends.reduce((sum, { offset }) => sum + (offset ?? 0), 0)
  }

  async #read() {
    const found = new StormRows(this.#size.events)
    for (const output of OUTPUTS) await this.#kafka.readValues(this.#topics[output], found.taker(output))
    const dead = await this.#kafka.readRaw(topicNames.dead(this.#spec.deployment))
    const outputs = OUTPUTS.flatMap((topic) => this.#partitions(topic))
    const stable = await this.#kafka.client.listOffsets(outputs, 'last-stable')
    const latest = await this.#kafka.client.listOffsets(outputs, 'latest')
    const ends = stable.map(({ offset }, i) => ({ stable: offset ?? -1, end: latest[i]?.offset ?? -2 }))
    return { found, dead, ends }
  }

  get #deadlineMs(): number {
    return DEADLINE_MS + this.#size.events * DEADLINE_PER_EVENT_MS
  }

  #partitions(topic: keyof StormTopics): { topic: string; partition: number }[] {
    return Array.from({ length: PARTITIONS }, (_, partition) => ({ topic: this.#topics[topic], partition }))
  }
}

/** One number in [0, 1) after the other. */
function randomOf(seed: number): () => number {
  let index = 0
  return () => seededNumber(seed, index++, KILLS)
}
