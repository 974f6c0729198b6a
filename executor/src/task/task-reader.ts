import type { ProblemCode } from '@millrace/contracts'
import { ownerOf } from '@millrace/engine'
import { counted } from '@millrace/graph'
import { type FetchedPartition, type Fetcher, type KafkaClient, KafkaError } from '../kafka/wire/index.ts'
import type { InputCursor } from './input-cursor.ts'
import { TaskStopError } from './stop-error.ts'

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
const START_AFRESH = 'Stop and start the pipeline afresh to go on.'

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
    if (error.code === 'OFFSET_OUT_OF_RANGE') throw await this.#positionLost(cursor)
    if (TOPIC_FAULTS.has(error.code)) await this.#judgeTopic(cursor)
    else if (!error.retriable) throw error
  }

  async #positionLost(cursor: InputCursor): Promise<TaskStopError> {
    const { topic, partition, next } = cursor
    const [[start], [end]] = await Promise.all([
      this.#client.listOffsets([{ topic, partition }], 'earliest'),
      this.#client.listOffsets([{ topic, partition }], 'latest'),
    ])
    const [from, to] = [start?.offset ?? 0, end?.offset ?? 0]
    const place = `${topic}/${partition}`
    const [was, it] = from - next === 1 ? ['was', 'it was'] : ['were', 'they were']
    const what =
      next > to
        ? `${place} ends at offset ${to}, before offset ${next} up to which it was read: records that were there are lost`
        : `Offset ${next} of ${place} no longer exists: ${counted(from - next, 'record')} ${was} deleted before ${it} read`
    return stop('position_lost', `${what}. ${START_AFRESH}`, cursor)
  }

  /** A broker that has just started may not know a topic yet; the cluster does. */
  async #judgeTopic(cursor: InputCursor): Promise<void> {
    const { topic, topicId } = cursor
    const now = await this.#client.describeTopics([topic], { refresh: true }).catch((error: unknown) => {
      if (error instanceof KafkaError && error.code === 'UNKNOWN_TOPIC_OR_PARTITION') return []
      throw error
    })
    if (now[0] === undefined)
      throw stop('topic_missing', `Topic ${topic} was deleted. ${START_AFRESH}`, cursor)
    if (now[0].topicId === topicId) return
    const message = `Topic ${topic} was deleted and created again: its offsets mean something else now. ${START_AFRESH}`
    throw stop('topic_recreated', message, cursor)
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

/** A person must say how to go on. */
function stop(code: ProblemCode, message: string, { nodeId }: InputCursor): TaskStopError {
  return new TaskStopError(code, message, nodeId === '' ? null : ownerOf(nodeId))
}
