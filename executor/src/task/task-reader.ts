import { ownerOf } from '@millrace/engine'
import type { FetchedPartition, Fetcher, KafkaClient } from '../kafka/wire/index.ts'
import type { InputCursor } from './input-cursor.ts'
import { TaskStopError } from './stop-error.ts'

/** What one fetch brought for one input. */
export interface Fetched {
  readonly cursor: InputCursor
  readonly partition: FetchedPartition
}

const PARTITION_BYTES = 1_000_000

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
   *
   * @throws TaskStopError where a position or topic is gone, KafkaError where a broker is out of reach
   */
  async poll(cursors: readonly InputCursor[], maxWaitMs: number): Promise<Fetched[]> {
    const open = cursors.filter(({ paused }) => paused === null)
    const byLeader = await this.#client.leadersOf(open)
    const all = await Promise.all([...byLeader].map(([broker, led]) => this.#fetch(broker, led, maxWaitMs)))
    return all.flat()
  }

  /** Closes its sockets; a fetch under way fails. */
  close(): void {
    this.#fetcher.close()
  }

  async #fetch(broker: number, cursors: readonly InputCursor[], maxWaitMs: number): Promise<Fetched[]> {
    const positions = cursors.map(({ topic, topicId, partition, next }) => ({
      ...{ topic, topicId, partition },
      offset: next,
      maxBytes: PARTITION_BYTES,
    }))
    const options = { isolation: 'read_committed', maxWaitMs, signal: this.#signal } as const
    const partitions = await this.#fetcher.fetch(broker, positions, options)
    return partitions.flatMap((partition, i) => take(cursors[i] as InputCursor, partition))
  }
}

function take(cursor: InputCursor, partition: FetchedPartition): Fetched[] {
  if (partition.error !== null) {
    const stop = stopFor(cursor, partition.error.code)
    if (stop !== null) throw stop
    if (!partition.error.retriable) throw partition.error
    return []
  }
  cursor.next = partition.nextOffset
  cursor.lastStable = partition.lastStableOffset
  cursor.highWatermark = partition.highWatermark
  cursor.logStart = partition.logStartOffset
  return [{ cursor, partition }]
}

/** Faults of a partition that no retry cures: a person must say how to go on. */
function stopFor({ topic, partition, next, nodeId }: InputCursor, code: string): TaskStopError | null {
  const node = nodeId === '' ? null : ownerOf(nodeId)
  if (code === 'OFFSET_OUT_OF_RANGE') {
    const message = `Offset ${next} of ${topic}/${partition} no longer exists: records were deleted before they were read. Stop and start the pipeline afresh to go on.`
    return new TaskStopError('position_lost', message, node)
  }
  if (code === 'UNKNOWN_TOPIC_ID' || code === 'INCONSISTENT_TOPIC_ID') {
    const message = `Topic ${topic} was deleted, or deleted and created again. Stop and start the pipeline afresh to go on.`
    return new TaskStopError('topic_recreated', message, node)
  }
  return null
}
