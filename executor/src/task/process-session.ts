import { setTimeout as sleep } from 'node:timers/promises'
import type { InputMetrics, LiveSample, ProblemCode, TaskMetrics } from '@millrace/contracts'
import { isReferenceSource, ownerOf, type StageRuntime } from '@millrace/engine'
import { KafkaError, type PackedBatch } from '../kafka/wire/index.ts'
import type { TaskMeter } from '../metrics/task-meter.ts'
import type { TaskState } from '../state/task-state.ts'
import type { Announcer } from './announcer.ts'
import { bootstrapInputs } from './bootstrap-inputs.ts'
import { CommitLoop } from './commit-loop.ts'
import type { Committer } from './committer.ts'
import { DrainWatch } from './drain-watch.ts'
import type { GeneratorClock } from './generator-clock.ts'
import type { IdleClock } from './idle-clock.ts'
import type { InputCursor, PauseReason } from './input-cursor.ts'
import { InputFeeder, type InputFeederOptions } from './input-feeder.ts'
import type { Session, SessionOptions } from './session.ts'
import { TaskStopError } from './stop-error.ts'
import type { TakenOver } from './take-over.ts'
import { type Fetched, TaskReader } from './task-reader.ts'
import { TopicWatch } from './topic-watch.ts'
import type { TransactionOutput } from './transaction-output.ts'

const MAX_WAIT_MS = 100
const TICK_MS = 20
const RETRY_MS = 200
const TRIM_INTERVAL_MS = 5_000
/** What waits at inputs that stand still is looked at so often. */
const LAG_INTERVAL_MS = 1_000
/** At the end the copy in Redis gets this long to catch up: the next owner then has nothing to read. */
const LAST_COPY_MS = 500
/**
 * What stops a task at a record that is not left out and cannot be read, or is there no more: all that was read before is
 * committed, so that the next life begins right there.
 */
const KEEPS_WHAT_IS_READ: ReadonlySet<ProblemCode> = new Set(['event_unreadable', 'position_lost'])

/** The parts of a session, made by `openProcessSession`. */
export interface ProcessParts {
  readonly options: SessionOptions
  readonly taken: TakenOver
  readonly cursors: readonly InputCursor[]
  readonly runtime: StageRuntime
  /** By stage input: how repartition messages are decoded. */
  readonly codecs: InputFeederOptions['codecs']
  readonly committer: Committer
  readonly output: TransactionOutput
  /** Null where no node of the stage keeps state. */
  readonly state: TaskState | null
  readonly announcer: Announcer
  readonly meter: TaskMeter
  /** By source input. */
  readonly idleClocks: ReadonlyMap<InputCursor, IdleClock>
  readonly generatorClocks: ReadonlyMap<InputCursor, GeneratorClock>
  /** By source input: how far it may be ahead of the slowest partition, ms; those without a bound are missing. */
  readonly maxDrifts: ReadonlyMap<InputCursor, number>
  /** Topics whose backlog holds this task up, with the words for it. */
  readonly feeds: ReadonlyMap<string, string>
  /** Ends everything of this life. */
  readonly life: AbortController
}

/** One life of a task that runs a stage. */
export class ProcessSession implements Session {
  readonly #parts: ProcessParts
  readonly #reading = new AbortController()
  readonly #reader: TaskReader
  readonly #feeder: InputFeeder
  readonly #commits: CommitLoop
  readonly #drain: DrainWatch
  readonly #topics: TopicWatch
  readonly #ticker: NodeJS.Timeout
  #live = false
  #working = false
  #stopping = false
  #quietPolls = 0
  #trimmedAt = performance.now()
  #lagAt = performance.now()

  constructor(parts: ProcessParts) {
    const { options, runtime, codecs, cursors, life } = parts
    this.#parts = parts
    this.#reader = new TaskReader(options.client, AbortSignal.any([this.#reading.signal, life.signal]))
    this.#feeder = new InputFeeder({
      ...{ runtime, codecs },
      commitPoint: () => this.#commitPoint(),
      refuse: (cursor, batch) => this.#refuse(cursor, batch),
    })
    this.#commits = new CommitLoop({
      ...parts,
      settings: options.identity.spec.settings,
      backlog: options.backlog,
      failed: (error) => life.abort(error),
    })
    this.#drain = new DrainWatch(options.client, cursors)
    const read = new Set(cursors.map(({ topic }) => topic))
    this.#topics = new TopicWatch(options.client, options.identity.spec, read, (error) => life.abort(error))
    this.#ticker = setInterval(() => this.#tick(), TICK_MS)
  }

  get drained(): boolean {
    return this.#quietPolls >= 2 && this.#drain.reached && this.#commits.settled
  }

  /** What only a person can mend ends the session. */
  get needsPerson(): boolean {
    return false
  }

  /** Reads what must be known before the first event. */
  async prepare(): Promise<void> {
    const { options, cursors } = this.#parts
    try {
      await bootstrapInputs(options.client, this.#reader, this.#feeder, cursors)
      options.ending.throwIfAborted()
    } catch (error) {
      this.#close()
      throw error
    }
  }

  async run(): Promise<void> {
    const { life, runtime, announcer } = this.#parts
    try {
      this.#live = true
      // Timers that were left over by the last owner fire before anything is announced.
      await this.#exclusively(() => runtime.run(() => this.#commitPoint()))
      announcer.open()
      for (let polling = this.#poll(); !this.#stopping; ) {
        const fetched = await polling
        life.signal.throwIfAborted()
        polling = this.#poll()
        polling.catch(() => {})
        await this.#exclusively(() => this.#work(fetched))
        await this.#housekeep()
      }
      await this.#finish()
    } catch (error) {
      if (error instanceof TaskStopError && KEEPS_WHAT_IS_READ.has(error.code))
        await this.#exclusively(() => this.#commitAll())
      throw error
    } finally {
      this.#close()
    }
  }

  stop(): void {
    this.#stopping = true
    this.#reading.abort()
  }

  abandon(): void {
    this.#parts.life.abort(new Error('the task was given up'))
  }

  metrics(): TaskMetrics {
    const { cursors, meter, options, runtime } = this.#parts
    const { stage, partition } = options.identity
    const rows = [...runtime.states.values()].reduce((sum, state) => sum + state.size, 0)
    return meter.take({ stage, partition, state: { rows } }, inputMetrics(cursors, runtime))
  }

  sample(watched: ReadonlySet<string>): readonly LiveSample[] {
    const { meter, options } = this.#parts
    return meter.sample(options.program, watched)
  }

  async #poll(): Promise<readonly Fetched[]> {
    const { cursors, generatorClocks } = this.#parts
    this.#pause()
    const topics = cursors.filter(({ kind, paused }) => kind !== 'generator' && paused === null)
    try {
      if (topics.length === 0) await sleep(TICK_MS, undefined, { signal: this.#reading.signal })
      const polled = await this.#reader.poll(topics, generatorClocks.size > 0 ? TICK_MS : MAX_WAIT_MS)
      await this.#noteUnread(polled.unread, polled.error)
      return polled.fetched
    } catch (error) {
      if (this.#stopping) return []
      if (!(error instanceof KafkaError && error.retriable)) throw error
      // Whether the topic is really gone is found out at the next take-over.
      if (error.code === 'UNKNOWN_TOPIC_OR_PARTITION') throw error
      await this.#noteUnread(topics, error)
      return []
    }
  }

  /** Partitions that cannot be read fall not idle. `error`: why a broker did not answer at all. */
  async #noteUnread(unread: readonly InputCursor[], error: unknown): Promise<void> {
    const { idleClocks, options } = this.#parts
    for (const cursor of unread) idleClocks.get(cursor)?.stop()
    if (error === null) options.problems.clear('kafka_unreachable')
    else options.problems.raise('kafka_unreachable', 'Kafka is out of reach; the task waits.', null, error)
    if (unread.length > 0) await sleep(RETRY_MS)
  }

  async #work(fetched: readonly Fetched[]): Promise<void> {
    this.#parts.output.tick(Date.now())
    let records = await this.#generate()
    let someFellIdle = false
    for (const one of fetched) {
      const count = await this.#feeder.feed(one)
      this.#commits.worked(count)
      records += count
      someFellIdle = this.#lookIdle(one.cursor, count > 0) || someFellIdle
    }
    if (someFellIdle) await this.#parts.runtime.run(() => this.#commitPoint())
    records += await this.#lookAtClock()
    this.#quietPolls = records === 0 ? this.#quietPolls + 1 : 0
    await this.#commitPoint()
  }

  /** What cannot be unpacked goes to the dead letters as it came. */
  #refuse({ input, nodeId, topic, partition }: InputCursor, batch: PackedBatch): void {
    const { runtime, output, options } = this.#parts
    const { baseOffset, lastOffset, recordCount } = batch
    output.refuseBatch(nodeId, { topic, partition }, batch)
    runtime.noteRefused(input, recordCount)
    options.log.warn({ topic, partition, baseOffset, lastOffset }, 'a batch would unpack to too much')
  }

  /** Early results by processing time; gives the number of rows that had one. */
  async #lookAtClock(): Promise<number> {
    // The wall clock may be set back: an interval would then take very long.
    const now = performance.timeOrigin + performance.now()
    const rows = await this.#parts.runtime.tick(now, () => this.#commitPoint())
    this.#commits.worked(rows)
    return rows
  }

  async #generate(): Promise<number> {
    let records = 0
    for (const [cursor, clock] of this.#parts.generatorClocks) {
      if (cursor.paused !== null) continue
      const due = clock.due(cursor, Date.now())
      await this.#feeder.feedGenerated(cursor, due)
      this.#commits.worked(due.length)
      records += due.length
    }
    return records
  }

  /** True where a partition has fallen idle just now. */
  #lookIdle(cursor: InputCursor, gotRecords: boolean): boolean {
    const idle = this.#parts.idleClocks.get(cursor)?.look(cursor, gotRecords, performance.now()) ?? false
    return idle && this.#parts.runtime.markIdle(cursor.input)
  }

  /** Decides which inputs stand still, and says so where it is for want of room. */
  #pause(): void {
    const { cursors, options, feeds, state } = this.#parts
    const full = [...feeds].find(([topic]) => options.backlog.isFull(topic))
    if (full === undefined) options.problems.clear('internal_topic_full')
    else options.problems.raise('internal_topic_full', `${full[1]} Reading is paused until it is worked off.`)
    const crowded = full !== undefined || (state?.crowded ?? false)
    const draining = options.draining()
    for (const cursor of cursors) {
      cursor.paused = pauseReason(cursor, draining, crowded) ?? (this.#isAhead(cursor) ? 'ahead' : null)
    }
  }

  /** True where a partition runs too far ahead of the slowest one of the pipeline (semantics rule 5). */
  #isAhead(cursor: InputCursor): boolean {
    const { maxDrifts, options, runtime } = this.#parts
    const maxDrift = maxDrifts.get(cursor)
    if (maxDrift === undefined) return false
    const { deployment, generation } = options.identity.spec
    const slowest = options.drift.slowest(deployment, generation)
    const own = runtime.sourceProgress().find(({ input }) => input === cursor.input)?.progress
    return slowest !== null && own !== undefined && own.watermark > slowest + maxDrift
  }

  async #housekeep(): Promise<void> {
    const { options } = this.#parts
    if (!options.draining()) this.#drain.reset()
    else if (options.upstreamDrained()) await this.#drain.noteUpstreamDrained()
    if (performance.now() - this.#trimmedAt > TRIM_INTERVAL_MS) this.#trim()
    if (performance.now() - this.#lagAt > LAG_INTERVAL_MS) this.#lookAtPaused()
    this.#topics.look(performance.now())
  }

  /** Nothing is fetched from inputs that are paused, so nothing would tell how much waits there. */
  #lookAtPaused(): void {
    this.#lagAt = performance.now()
    const { cursors, options } = this.#parts
    const paused = cursors.filter((cursor) => cursor.kind !== 'generator' && cursor.paused !== null)
    if (paused.length === 0) return
    const at = paused.map(({ topic, partition }) => ({ topic, partition }))
    options.client.listOffsets(at, 'last-stable').then(
      (ends) => {
        for (const [i, cursor] of paused.entries()) cursor.end = ends[i]?.offset ?? cursor.end
      },
      (error: unknown) => options.log.debug({ err: error }, 'what waits could not be looked at'),
    )
  }

  /** Deletes what was read of the repartition topic: what is left in it is what waits. */
  #trim(): void {
    this.#trimmedAt = performance.now()
    const { cursors, options } = this.#parts
    const deletions = cursors
      .filter(({ kind, committed, logStart }) => kind === 'repartition' && committed > logStart)
      .map(({ topic, partition, committed }) => ({ topic, partition, beforeOffset: committed }))
    if (deletions.length === 0) return
    options.client.deleteRecords(deletions).catch((error: unknown) => {
      options.log.debug({ err: error }, 'read records could not be deleted yet')
    })
  }

  /** The end of this life is told by `run`, not here. */
  #tick(): void {
    if (!this.#live || this.#working || this.#stopping || this.#parts.life.signal.aborted) return
    void this.#commits.point()
  }

  async #commitPoint(): Promise<void> {
    if (this.#live) await this.#commits.point()
    this.#parts.life.signal.throwIfAborted()
  }

  async #exclusively(work: () => Promise<void>): Promise<void> {
    this.#working = true
    try {
      await work()
    } finally {
      this.#working = false
    }
  }

  async #commitAll(): Promise<void> {
    await this.#commits.finish()
    this.#parts.life.signal.throwIfAborted()
  }

  async #finish(): Promise<void> {
    const { state } = this.#parts
    await this.#commitAll()
    const deadline = performance.now() + LAST_COPY_MS
    while ((state?.pendingBytes ?? 0) > 0 && performance.now() < deadline) await sleep(TICK_MS)
  }

  #close(): void {
    clearInterval(this.#ticker)
    this.#live = false
    this.#parts.life.abort(new Error('the session is over'))
    this.#reader.close()
    this.#parts.taken.producer.close()
    this.#parts.taken.changelog.close()
  }
}

function pauseReason({ kind }: InputCursor, draining: boolean, crowded: boolean): PauseReason {
  if (kind === 'reference' || kind === 'control') return null
  if (draining && (kind === 'source' || kind === 'generator')) return 'draining'
  return crowded ? 'back_pressure' : null
}

function inputMetrics(cursors: readonly InputCursor[], runtime: StageRuntime): InputMetrics[] {
  const { inputs } = runtime.watermarks()
  return cursors.flatMap((cursor) => {
    const { kind, nodeId, partition, lag, paused } = cursor
    if (kind === 'control') return []
    const shown = isReferenceSource(nodeId) ? 'reference' : kind === 'generator' ? 'source' : kind
    const watermark = inputs[cursor.input] ?? Number.NEGATIVE_INFINITY
    const own = runtime.sourceProgress().find(({ input }) => input === cursor.input)?.progress
    const known = own?.watermark ?? watermark
    return [
      {
        ...{ nodeId: ownerOf(nodeId), kind: shown, partition, lag, paused },
        watermark: Number.isFinite(known) ? known : null,
        idle: own?.idle ?? false,
      },
    ]
  })
}
