import { setTimeout as sleep } from 'node:timers/promises'
import type { ProblemCode, TaskMetrics } from '@millrace/contracts'
import {
  type Counters,
  type DeliveryOutcome,
  decodeOutbox,
  type OutboxEntry,
  type VersionedDocument,
} from '@millrace/engine'
import { failPoint } from '../faults/fail-points.ts'
import { KafkaError } from '../kafka/wire/index.ts'
import type { TaskMeter } from '../metrics/task-meter.ts'
import type { Committer } from '../task/committer.ts'
import { type DeadLetterTarget, writeDeadLetter } from '../task/dead-letters.ts'
import { DrainWatch } from '../task/drain-watch.ts'
import type { InputCursor } from '../task/input-cursor.ts'
import type { Session } from '../task/session.ts'
import { TaskStopError } from '../task/stop-error.ts'
import type { TakenOver } from '../task/take-over.ts'
import { type Fetched, TaskReader } from '../task/task-reader.ts'
import type { DeliveryOptions } from './open-delivery-session.ts'
import { incarnationOf, versionOf } from './version.ts'

const MAX_WAIT_MS = 100
const RETRY_MS = { least: 100, most: 10_000 } as const
/** Whoever can mend what is refused needs minutes: that it is mended is seen soon enough. */
const REFUSED_RETRY_MS = 15_000
const LEASE_WAIT_MS = 100
const TRIM_INTERVAL_MS = 5_000

/** The parts of a delivery session, made by `openDeliverySession`. */
export interface DeliveryParts {
  readonly options: DeliveryOptions
  readonly taken: TakenOver
  readonly cursor: InputCursor
  readonly committer: Committer
  readonly counters: Counters
  readonly deadLetters: DeadLetterTarget
  readonly meter: TaskMeter
}

interface Delivery {
  readonly entry: OutboxEntry
  readonly document: VersionedDocument
}

/** What keeps documents waiting: the problem that it is, and the words for it. */
const TROUBLES = {
  retry: {
    code: 'sink_unreachable',
    says: (label, reason) => `“${label}” does not take documents now: ${reason}. They wait in the outbox.`,
  },
  refused: {
    code: 'sink_refuses',
    says: (label, reason) =>
      `“${label}” refuses documents: ${reason}. They wait in the outbox; it is tried again every ${REFUSED_RETRY_MS / 1_000} s.`,
  },
} as const satisfies Record<
  string,
  { readonly code: ProblemCode; says(label: string, reason: string): string }
>

/**
 * One life of a task that delivers an outbox to a system outside Kafka. A document's position is committed only after
 * it is settled: written, found to be there in a newer version, or put among the dead letters (exactly-once.md P8).
 */
export class DeliverySession implements Session {
  readonly #parts: DeliveryParts
  readonly #life = new AbortController()
  readonly #reading = new AbortController()
  readonly #reader: TaskReader
  readonly #drain: DrainWatch
  #stopping = false
  #refused = false
  #trimmedAt = performance.now()

  constructor(parts: DeliveryParts) {
    this.#parts = parts
    const { client } = parts.options
    this.#reader = new TaskReader(client, AbortSignal.any([this.#reading.signal, this.#life.signal]))
    this.#drain = new DrainWatch(client, [parts.cursor])
  }

  get drained(): boolean {
    return this.#drain.reached
  }

  get needsPerson(): boolean {
    return this.#refused
  }

  async run(): Promise<void> {
    try {
      while (!this.#stopping) {
        for (const fetched of await this.#poll()) await this.#deliverAll(fetched)
        await this.#housekeep()
        this.#life.signal.throwIfAborted()
      }
    } finally {
      this.#close()
    }
  }

  stop(): void {
    this.#stopping = true
    this.#reading.abort()
  }

  abandon(): void {
    this.#life.abort(new Error('the task was given up'))
  }

  metrics(): TaskMetrics {
    const { cursor, meter, options } = this.#parts
    const { stage, partition } = options.identity
    const { nodeId, lag } = cursor
    const input = {
      nodeId,
      kind: 'outbox',
      partition,
      lag,
      watermark: null,
      idle: false,
      paused: null,
    } as const
    return meter.take({ stage, partition, state: { rows: 0 } }, [input])
  }

  async #poll(): Promise<readonly Fetched[]> {
    const { problems } = this.#parts.options
    try {
      const { fetched } = await this.#reader.poll([this.#parts.cursor], MAX_WAIT_MS)
      problems.clear('kafka_unreachable')
      return fetched
    } catch (error) {
      if (this.#stopping) return []
      if (!(error instanceof KafkaError && error.retriable)) throw error
      problems.raise('kafka_unreachable', 'Kafka is out of reach; the task waits.', null, error)
      await sleep(RETRY_MS.least)
      return []
    }
  }

  async #deliverAll({ cursor, partition }: Fetched): Promise<void> {
    const records = partition.records()
    const size = this.#parts.options.connector.batchSize
    let batch: Delivery[] = []
    while (records.next()) {
      batch.push(this.#toDelivery(records.offset, records.value()))
      if (batch.length < size) continue
      await this.#deliver(batch, records.offset + 1)
      if (this.#stopping) return
      batch = []
    }
    await this.#deliver(batch, Math.max(cursor.done, partition.nextOffset))
  }

  #toDelivery(offset: number, value: Uint8Array | null): Delivery {
    const { spec } = this.#parts.options.identity
    const entry = decodeOutbox(value ?? new Uint8Array())
    const incarnation = spec.incarnations[this.#parts.cursor.nodeId] ?? 0
    return { entry, document: { ...entry.document, version: versionOf(incarnation, offset) } }
  }

  /** Delivers a batch until every document is settled, then commits the position behind it. */
  async #deliver(batch: readonly Delivery[], next: number): Promise<void> {
    let wait: number = RETRY_MS.least
    for (let left = batch; left.length > 0; ) {
      await this.#awaitLease()
      if (this.#stopping) return
      const outcomes = await this.#untilStop(this.#write(left))
      // Not committed, so the next owner delivers it again: what is settled twice has the same version.
      if (outcomes === null) return
      const unsettled = left.filter((delivery, i) => !this.#settle(delivery, outcomes[i] as DeliveryOutcome))
      this.#tellTroubles(outcomes)
      if (unsettled.length > 0) {
        const pause = this.#refused ? REFUSED_RETRY_MS : wait * (0.5 + Math.random() / 2)
        await this.#untilStop(sleep(pause, true, { signal: this.#life.signal }))
        if (this.#stopping) return
        wait = unsettled.length < left.length ? RETRY_MS.least : Math.min(wait * 2, RETRY_MS.most)
      }
      left = unsettled
    }
    await this.#commit(next)
  }

  async #write(batch: readonly Delivery[]): Promise<readonly DeliveryOutcome[]> {
    failPoint('mid-bulk')
    const outcomes = await this.#parts.options.connector.deliver(batch.map(({ document }) => document))
    failPoint('after-bulk')
    return outcomes
  }

  /** Null where the task is to end before the answer is there: a system that is silent must hold no stop up. */
  async #untilStop<T>(answer: Promise<T>): Promise<T | null> {
    const { signal } = this.#reading
    if (signal.aborted) return null
    const stopped = Promise.withResolvers<null>()
    const onStop = () => stopped.resolve(null)
    signal.addEventListener('abort', onStop, { once: true })
    try {
      return await Promise.race([answer, stopped.promise])
    } finally {
      signal.removeEventListener('abort', onStop)
    }
  }

  /** True once nothing is left to do for the document. */
  #settle({ entry, document }: Delivery, outcome: DeliveryOutcome): boolean {
    const { counters, cursor, meter } = this.#parts
    if (outcome.kind === 'retry' || outcome.kind === 'refused') return false
    if (outcome.kind === 'conflict') this.#checkConflict(document, outcome.stored)
    if (outcome.kind === 'reject') this.#reject(entry, outcome.code, outcome.reason)
    else {
      counters.out++
      meter.arrived(cursor.nodeId, entry.sourceTime)
    }
    return true
  }

  /** Says what keeps documents waiting, and what no longer does. */
  #tellTroubles(outcomes: readonly DeliveryOutcome[]): void {
    const { problems } = this.#parts.options
    const worst =
      outcomes.find(({ kind }) => kind === 'refused') ?? outcomes.find(({ kind }) => kind === 'retry')
    for (const kind of ['retry', 'refused'] as const) {
      const { code, says } = TROUBLES[kind]
      if (worst?.kind === kind)
        problems.raise(code, says(this.#label, worst.reason), this.#parts.cursor.nodeId)
      else problems.clear(code)
    }
    this.#refused = worst?.kind === 'refused'
  }

  /** What is there is newer and ours: fine. A higher incarnation means that somebody else writes these documents. */
  #checkConflict({ target, id }: VersionedDocument, stored: bigint): void {
    const { options, cursor } = this.#parts
    const ours = options.identity.spec.incarnations[cursor.nodeId] ?? 0
    if (incarnationOf(stored) <= ours) return
    const message = `Document ${id} in ${target} has a version that this pipeline has not written yet. Is another pipeline writing there?`
    throw new TaskStopError('sink_version_conflict', message, cursor.nodeId)
  }

  #reject({ document, origin }: OutboxEntry, code: string, message: string): void {
    const { counters, cursor, committer, deadLetters } = this.#parts
    counters.errors++
    const letter = { nodeId: cursor.nodeId, code, message, origin, rowJson: document.body ?? '{}' }
    writeDeadLetter(letter, deadLetters, committer.buffer, Date.now())
  }

  async #commit(next: number): Promise<void> {
    const { cursor, committer, counters, meter } = this.#parts
    if (next === cursor.committed) return
    cursor.done = next
    const facts = { counters: new Map([[cursor.nodeId, { ...counters }]]), watermarks: new Map() }
    const progress = { inputs: {}, operators: {}, counters: { [cursor.nodeId]: { ...counters } } }
    const result = await committer.commit({ changes: [], tombstones: [], progress })
    cursor.committed = next
    meter.committed(result, facts)
  }

  get #label(): string {
    const { program, identity } = this.#parts.options
    return program.node(identity.sink as string).node.label
  }

  async #awaitLease(): Promise<void> {
    while (!this.#stopping && !this.#parts.options.leaseHeld()) {
      await sleep(LEASE_WAIT_MS, undefined, { signal: this.#life.signal })
    }
  }

  async #housekeep(): Promise<void> {
    const { options } = this.#parts
    if (!options.draining()) this.#drain.reset()
    else if (options.upstreamDrained()) await this.#drain.noteUpstreamDrained()
    if (performance.now() - this.#trimmedAt > TRIM_INTERVAL_MS) this.#trim()
  }

  #trim(): void {
    this.#trimmedAt = performance.now()
    const { topic, partition, committed, logStart } = this.#parts.cursor
    if (committed <= logStart) return
    this.#parts.options.client
      .deleteRecords([{ topic, partition, beforeOffset: committed }])
      .catch((error: unknown) => {
        this.#parts.options.log.debug({ err: error }, 'delivered documents could not be deleted yet')
      })
  }

  #close(): void {
    this.#life.abort(new Error('the session is over'))
    this.#reader.close()
    this.#parts.taken.producer.close()
    this.#parts.taken.changelog.close()
  }
}
