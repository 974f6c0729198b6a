import { setTimeout as sleep } from 'node:timers/promises'
import { type DeploymentSpec, type MetricBatch, redisKeys, topicNames } from '@millrace/contracts'
import { Redis } from 'ioredis'
import { uniqueName } from '../../it/wire/support/kafka.ts'
import { createDeployment, writeDesired } from '../deployment.ts'
import { ExecutorProcess } from '../executor-process.ts'
import { KafkaForTests, TopicReader } from '../kafka.ts'
import { residentMegabytes } from '../resident-memory.ts'
import { waitFor } from '../wait-for.ts'
import { BigStateCheck, userName } from './big-state-check.ts'
import { BigStateEvents, type Spread } from './big-state-events.ts'
import { type BigStateTopics, bigStateGraph } from './big-state-graph.ts'
import { redisBytes, rowsInChangelog, storedRows } from './stored-state.ts'

const FED_AT_ONCE = 10_000
const SAMPLE_MS = 250
/** Part of the events after which the executor is killed, and after which Redis is emptied. */
const KILL_AT = 0.3
const FLUSH_AT = 0.6
/** So far the feeder may be ahead of what is committed: what is killed has something under way. */
const AHEAD = 0.1

/** How large a run is. */
export interface BigStateSize {
  readonly keys: number
  readonly spread: Spread
  readonly partitions: number
  /** Heap limit of the worker process, MB. */
  readonly heapMb: number
  /** Within which each step must be done. */
  readonly deadlineMs: number
  say?(text: string): void
}

/** What a run came to. */
export interface BigStateOutcome {
  /** Rows that are wrong, missing or there twice; 0 is right. */
  readonly wrong: number
  readonly mistakes: readonly string[]
  /** Events or windows that were under way at each kill. */
  readonly inFlight: readonly number[]
  /** Rows that all events made, in Redis. */
  readonly rows: number
  /** Most rows in memory at once, as the executor said, before windows fire: deletions count until Redis knows. */
  readonly rowsInMemory: number
  readonly eventsPerSecond: number
  readonly rebuiltPerSecond: number
  /** Of Redis, per row with its timer. */
  readonly bytesPerRow: number
  /** Most memory of the worker, and of all processes of the executor, MB; NaN elsewhere than on Linux. */
  readonly peakMb: number
  readonly peakOfAllMb: number
  /** What is left after everything has expired, beside that of the events that moved the time. */
  readonly left: { readonly rows: number; readonly timers: number; readonly inChangelog: number }
}

/**
 * A state that memory has no room for: a window and a dedupe over so many keys, while the executor is killed at work and
 * while windows fire, and Redis is emptied; all rows are compared with an independent count.
 */
export async function runBigState(
  servers: { readonly kafka: string; readonly redis: string },
  size: BigStateSize,
): Promise<BigStateOutcome> {
  const kafka = await KafkaForTests.connect(servers.kafka)
  const redis = new Redis(servers.redis)
  const run = await BigStateRun.prepare(kafka, redis, servers.redis, size)
  try {
    return await run.play()
  } catch (error) {
    throw new Error(`${error}\n${run.lastWords()}`, { cause: error })
  } finally {
    await run.end()
    await kafka.close()
    redis.disconnect()
  }
}

class BigStateRun {
  readonly #kafka: KafkaForTests
  readonly #redis: Redis
  readonly #redisUrl: string
  readonly #size: BigStateSize
  readonly #topics: BigStateTopics
  readonly #spec: DeploymentSpec
  readonly #readers: readonly TopicReader[]
  readonly #events: BigStateEvents
  readonly #check: BigStateCheck
  readonly #sampler: NodeJS.Timeout
  #executor: ExecutorProcess | null = null
  #output = ''
  #peakMb = Number.NaN
  #peakOfAllMb = Number.NaN
  #rowsInMemory = 0
  #fed = 0
  #timeMoved = false
  #ended = false

  private constructor(
    kafka: KafkaForTests,
    redis: Redis,
    redisUrl: string,
    size: BigStateSize,
    topics: BigStateTopics,
    spec: DeploymentSpec,
    readers: readonly TopicReader[],
  ) {
    this.#kafka = kafka
    this.#redis = redis
    this.#redisUrl = redisUrl
    this.#size = size
    this.#topics = topics
    this.#spec = spec
    this.#readers = readers
    this.#events = new BigStateEvents(size.keys, size.spread)
    this.#check = new BigStateCheck(this.#events.truth())
    this.#sampler = setInterval(() => this.#sample(), SAMPLE_MS)
  }

  static async prepare(
    kafka: KafkaForTests,
    redis: Redis,
    redisUrl: string,
    size: BigStateSize,
  ): Promise<BigStateRun> {
    const topics = {
      source: uniqueName('events'),
      windows: uniqueName('windows'),
      firsts: uniqueName('firsts'),
    }
    for (const topic of Object.values(topics)) await kafka.createTopic(topic, size.partitions)
    const spec = await createDeployment({
      ...{ graph: bigStateGraph(topics), kafka, topics: { ...topics } },
      partitions: { source: size.partitions },
    })
    const readers = [
      await TopicReader.open(kafka.client, topics.windows),
      await TopicReader.open(kafka.client, topics.firsts),
    ]
    return new BigStateRun(kafka, redis, redisUrl, size, topics, spec, readers)
  }

  async play(): Promise<BigStateOutcome> {
    const { keys } = this.#size
    this.#readers[0]?.start((value) => this.#check.takeWindow(value))
    this.#readers[1]?.start((value) => this.#check.takeFirst(value))
    await this.#redis.flushall()
    const emptyBytes = await redisBytes(this.#redis)
    await this.#wish()
    const inFlight: number[] = []
    await this.#start('first')
    const began = performance.now()
    const feeding = this.#feed()
    feeding.catch(() => {})
    await this.#works(KILL_AT)
    inFlight.push(await this.#underWay())
    await this.#kill()
    await this.#start('second')
    await this.#works(FLUSH_AT)
    inFlight.push(await this.#underWay())
    const rebuiltPerSecond = await this.#emptyRedis()
    await this.#works(1)
    await feeding
    const eventsPerSecond = this.#events.length / ((performance.now() - began) / 1_000)
    await this.#wait('each first event has come out', () => this.#check.firsts >= keys)
    await this.#wait('Redis has all rows', async () => (await this.#stored()).rows >= 2 * keys)
    const { rows } = await this.#stored()
    const bytesPerRow = ((await redisBytes(this.#redis)) - emptyBytes) / rows
    this.#say(
      `${rows.toLocaleString('en')} rows, ${bytesPerRow.toFixed(0)} bytes each in Redis; windows fire`,
    )
    await this.#moveTime()
    // They may be over soon.
    const deadline = Date.now() + this.#size.deadlineMs
    while (this.#check.windows === 0 && Date.now() < deadline) await sleep(2)
    inFlight.push(keys - this.#check.windows)
    await this.#kill()
    await this.#start('third')
    await this.#wait('each window has come out', () => this.#check.windows >= keys)
    const left = await this.#expired()
    return {
      ...{ inFlight, rows, eventsPerSecond, rebuiltPerSecond, bytesPerRow, left },
      wrong: this.#check.wrong + Math.abs(this.#check.windows - keys) + Math.abs(this.#check.firsts - keys),
      mistakes: this.#check.mistakes,
      ...{ rowsInMemory: this.#rowsInMemory, peakMb: this.#peakMb, peakOfAllMb: this.#peakOfAllMb },
    }
  }

  lastWords(): string {
    const done = `fed ${this.#fed}, windows ${this.#check.windows}, firsts ${this.#check.firsts}, wrong ${this.#check.wrong}`
    return `${done}\n${this.#log().slice(-3_000)}`
  }

  async end(): Promise<void> {
    this.#ended = true
    clearInterval(this.#sampler)
    await this.#executor?.kill()
    for (const reader of this.#readers) await reader.stop()
    await this.#redis.srem(redisKeys.deployments, this.#spec.deployment)
  }

  #say(text: string): void {
    this.#size.say?.(text)
  }

  #wait(what: string, ask: () => boolean | Promise<boolean>): Promise<boolean> {
    return waitFor(what, ask, this.#size.deadlineMs)
  }

  #log(): string {
    return this.#output + (this.#executor?.output ?? '')
  }

  async #wish(): Promise<void> {
    await this.#redis.set(redisKeys.incarnation, JSON.stringify({ id: 'big-state', at: 0 }))
    await writeDesired(this.#redis, this.#spec)
  }

  async #start(id: string): Promise<void> {
    this.#executor = ExecutorProcess.start(id, this.#redisUrl, {
      MILLRACE_LOG_LEVEL: 'info',
      MILLRACE_WORKER_HEAP_MB: String(this.#size.heapMb),
    })
    await this.#wait(`executor ${id} is up`, () => this.#executor?.output.includes('executor is up') ?? false)
  }

  async #kill(): Promise<void> {
    await this.#executor?.kill()
    this.#output += this.#executor?.output ?? ''
    this.#say('the executor was killed')
  }

  async #feed(): Promise<void> {
    const { length, keys } = this.#events
    while (this.#fed < length && !this.#ended) {
      const count = Math.min(FED_AT_ONCE, length - this.#fed)
      const batch = Array.from({ length: count }, (_, i) => this.#events.event(this.#fed + i))
      const records = batch.map(({ user, ...rest }) => ({
        key: userName(user),
        value: { user: userName(user), ...rest },
      }))
      await this.#kafka.produce(this.#topics.source, records)
      this.#fed += count
      const most = Math.max(keys * AHEAD, 4 * FED_AT_ONCE)
      await this.#wait(
        'the events are worked off',
        async () => this.#ended || (await this.#underWay()) < most,
      )
    }
  }

  /** Moves the time of every partition to where everything is over. */
  async #moveTime(): Promise<void> {
    this.#timeMoved = true
    const value = { user: 'end', n: -1, amount: 0, ts: BigStateEvents.end }
    const ends = Array.from({ length: this.#size.partitions }, (_, partition) => ({
      key: 'end',
      partition,
      value,
    }))
    await this.#kafka.produce(this.#topics.source, ends)
  }

  async #works(part: number): Promise<void> {
    const events = this.#events.length * part
    await this.#wait(`${events} events are done`, async () => (await this.#committed()) >= events)
    this.#say(`${Math.round(100 * part)} % of ${this.#events.length.toLocaleString('en')} events`)
  }

  /** Events whose position is committed. */
  async #committed(): Promise<number> {
    const { source } = this.#topics
    const partitions = Array.from({ length: this.#size.partitions }, (_, partition) => ({
      topic: source,
      partition,
    }))
    const offsets = await this.#kafka.client.committedOffsets(topicNames.group(this.#spec, 's1'), partitions)
    return offsets.reduce((sum, { offset }) => sum + (offset ?? 0), 0)
  }

  async #underWay(): Promise<number> {
    return this.#fed - (await this.#committed())
  }

  #stored(): Promise<{ readonly rows: number; readonly timers: number }> {
    return storedRows(this.#redis, this.#spec, this.#size.partitions)
  }

  /** Empties Redis and waits until the copies are there again; gives the rows rebuilt per second. */
  async #emptyRedis(): Promise<number> {
    const { rows } = await this.#stored()
    await this.#redis.flushall()
    const began = performance.now()
    await this.#wish()
    await this.#wait('the copies are rebuilt', async () => (await this.#stored()).rows >= rows)
    const seconds = (performance.now() - began) / 1_000
    this.#say(`Redis was emptied, ${rows.toLocaleString('en')} rows rebuilt in ${seconds.toFixed(1)} s`)
    return rows / seconds
  }

  /** Waits until nothing is left but what the last events made, which nobody will let expire. */
  async #expired(): Promise<BigStateOutcome['left']> {
    // Of the window and of the dedupe, in each partition.
    const most = 2 * this.#size.partitions
    await this.#wait('all state has expired', async () => (await this.#stored()).rows <= most)
    const { rows, timers } = await this.#stored()
    const inChangelog = await rowsInChangelog(this.#kafka, this.#spec, this.#size.keys)
    return { rows: rows - most, timers: timers - most, inChangelog: inChangelog - most }
  }

  #sample(): void {
    const { pid } = this.#executor ?? {}
    if (pid === undefined) return
    const all = residentMegabytes(pid)
    if (all.length === 0) return
    this.#peakMb = Math.max(...all, Number.isNaN(this.#peakMb) ? 0 : this.#peakMb)
    const sum = all.reduce((total, one) => total + one, 0)
    this.#peakOfAllMb = Math.max(sum, Number.isNaN(this.#peakOfAllMb) ? 0 : this.#peakOfAllMb)
    if (!this.#timeMoved) void this.#sampleRows()
  }

  async #sampleRows(): Promise<void> {
    const last = await this.#redis.xrevrange(redisKeys.metrics, '+', '-', 'COUNT', 1).catch(() => [])
    const text = last[0]?.[1][1]
    if (text === undefined) return
    const { tasks } = JSON.parse(text) as MetricBatch
    this.#rowsInMemory = Math.max(
      this.#rowsInMemory,
      tasks.reduce((sum, { state }) => sum + state.rows, 0),
    )
  }
}
