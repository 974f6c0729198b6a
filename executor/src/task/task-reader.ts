import { type FetchedPartition, type Fetcher, type KafkaClient, KafkaError } from '../kafka/wire/index.ts'
import type { InputCursor } from './input-cursor.ts'
import { boundsOf, positionLost, topicMissing, topicRecreated } from './topic-questions.ts'

/** What one fetch brought for one input. */
export interface Fetched {
  readonly cursor: InputCursor
  readonly partition: FetchedPartition
}

/** What one round of fetches came to. */
export interface Polled {
  readonly fetched: readonly Fetched[]
  /** Inputs that could not be read now. */
  readonly unread: readonly InputCursor[]
  /** Why a broker did not answer at all; null where all did. */
  readonly error: unknown
}

const PARTITION_BYTES = 1_000_000
/** What brokers say when the topic that is meant is not there. */
const TOPIC_FAULTS: ReadonlySet<string> = new Set([
  'UNKNOWN_TOPIC_ID',
  'INCONSISTENT_TOPIC_ID',
  'UNKNOWN_TOPIC_OR_PARTITION',
])

/** Reads a task's inputs over sockets of its own. */
export class TaskReader {
  readonly #client: KafkaClient
  readonly #fetcher: Fetcher
  readonly #signal: AbortSignal

  constructor(client: KafkaClient, signal: AbortSignal) {
    this.#client = client
    this.#fetcher = client.openFetcher()
    this.#signal = signal
  }

  /**
   * Fetches the inputs that are not paused and moves their `next`. Returns when something came or after `maxWaitMs`.
   * While one broker does not answer, what others gave is not held back.
   *
   * @throws TaskStopError where a position or topic is gone, KafkaError where no broker answers
   */
  async poll(cursors: readonly InputCursor[], maxWaitMs: number): Promise<Polled> {
    const open = cursors.filter(({ paused }) => paused === null)
    const byLeader = [...(await this.#client.leadersOf(open))]
    const settled = await Promise.allSettled(
      byLeader.map(([broker, led]) => this.#fetch(broker, led, maxWaitMs)),
    )
    const polled = settled.map((one, i): Polled => {
      if (one.status === 'fulfilled') return one.value
      return { fetched: [], unread: byLeader[i]?.[1] ?? [], error: one.reason }
    })
    const errors = polled.flatMap(({ error }) => (error === null ? [] : [error]))
    const fatal = errors.find((error) => !(error instanceof KafkaError && error.retriable))
    // What was taken has moved its cursor: it must be handed over unless this life ends.
    if (fatal !== undefined) throw fatal
    if (errors.length > 0 && errors.length === polled.length) throw errors[0]
    return {
      fetched: polled.flatMap(({ fetched }) => fetched),
      unread: polled.flatMap(({ unread }) => unread),
      error: errors[0] ?? null,
    }
  }

  /** Closes its sockets; a fetch under way fails. */
  close(): void {
    this.#fetcher.close()
  }

  async #fetch(broker: number, cursors: readonly InputCursor[], maxWaitMs: number): Promise<Polled> {
    const positions = cursors.map(({ topic, topicId, partition, next }) => ({
      ...{ topic, topicId, partition },
      offset: next,
      maxBytes: PARTITION_BYTES,
    }))
    const options = { isolation: 'read_committed', maxWaitMs, signal: this.#signal } as const
    const partitions = await this.#fetcher.fetch(broker, positions, options)
    const unread: InputCursor[] = []
    for (const [i, { error }] of partitions.entries()) {
      if (error === null) continue
      const cursor = cursors[i] as InputCursor
      await this.#judge(cursor, error)
      unread.push(cursor)
    }
    const fetched = partitions.flatMap((partition, i) => take(cursors[i] as InputCursor, partition))
    return { fetched, unread, error: null }
  }

  /** Returns where the fault of a partition passes by itself. */
  async #judge(cursor: InputCursor, error: KafkaError): Promise<void> {
    if (error.code === 'OFFSET_OUT_OF_RANGE')
      throw positionLost(cursor, cursor.next, await boundsOf(this.#client, cursor))
    if (TOPIC_FAULTS.has(error.code)) await this.#judgeTopic(cursor)
    else if (!error.retriable) throw error
  }

  /** A broker that has just started may not know a topic yet; the cluster does. */
  async #judgeTopic(cursor: InputCursor): Promise<void> {
    const { topic, topicId } = cursor
    const now = await this.#client.describeTopics([topic], { refresh: true }).catch((error: unknown) => {
      if (error instanceof KafkaError && error.code === 'UNKNOWN_TOPIC_OR_PARTITION') return []
      throw error
    })
    if (now[0] === undefined) throw topicMissing(cursor)
    if (now[0].topicId !== topicId) throw topicRecreated(cursor)
  }
}

function take(cursor: InputCursor, partition: FetchedPartition): Fetched[] {
  if (partition.error !== null) return []
  cursor.next = partition.nextOffset
  cursor.lastStable = partition.lastStableOffset
  cursor.highWatermark = partition.highWatermark
  cursor.logStart = partition.logStartOffset
  return [{ cursor, partition }]
}
