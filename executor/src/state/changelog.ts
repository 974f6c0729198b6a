import type { Fetcher, KafkaClient } from '../kafka/wire/index.ts'

/** One partition of a changelog topic. */
export interface ChangelogPartition {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
}

/** A changelog record. The value is a view of the fetched bytes; null is a tombstone. */
export interface ChangelogRecord {
  readonly offset: number
  readonly key: string
  readonly value: Uint8Array | null
}

/** The key of the record that says how far a task is; it is the last one of each of its transactions. */
export const POSITION_KEY = '@position'

/** The changelog ends before what was committed: records were lost. */
export class ChangelogLostError extends Error {
  constructor({ topic, partition }: ChangelogPartition, end: number, needed: number) {
    super(`changelog ${topic}/${partition} ends at ${end}, but ${needed} was committed`)
    this.name = 'ChangelogLostError'
  }
}

const MAX_BYTES = 4_000_000
const MAX_WAIT_MS = 100

/** Reads committed records of a task's changelog. */
export class Changelog {
  readonly partition: ChangelogPartition
  readonly #client: KafkaClient
  readonly #fetcher: Fetcher

  constructor(client: KafkaClient, partition: ChangelogPartition) {
    this.#client = client
    this.#fetcher = client.openFetcher()
    this.partition = partition
  }

  /** Where the log begins and where its decided part ends. */
  async bounds(): Promise<{ readonly start: number; readonly end: number }> {
    const [start] = await this.#client.listOffsets([this.partition], 'earliest')
    const [end] = await this.#client.listOffsets([this.partition], 'last-stable')
    return { start: start?.offset ?? 0, end: end?.offset ?? 0 }
  }

  /**
   * Gives the committed records with offsets in [from, to), fetch by fetch. It ends when `to` is reached or passed:
   * compaction and markers leave gaps.
   *
   * @throws ChangelogLostError where the log ends before `to`
   */
  async *read(from: number, to: number): AsyncGenerator<ChangelogRecord[]> {
    for (let at = from; at < to; ) {
      const fetched = await this.#fetch(at)
      const records: ChangelogRecord[] = []
      const cursor = fetched.records()
      while (cursor.next() && cursor.offset < to) {
        records.push({ offset: cursor.offset, key: cursor.keyText() ?? '', value: cursor.value() })
      }
      if (records.length > 0) yield records
      if (fetched.nextOffset === at && fetched.highWatermark < to) {
        throw new ChangelogLostError(this.partition, fetched.highWatermark, to)
      }
      at = fetched.nextOffset
    }
  }

  /** Closes its sockets. */
  close(): void {
    this.#fetcher.close()
  }

  async #fetch(offset: number) {
    const leaders = await this.#client.leadersOf([this.partition])
    const [broker] = leaders.keys()
    const options = { isolation: 'read_committed', maxWaitMs: MAX_WAIT_MS, maxBytes: MAX_BYTES } as const
    const position = { ...this.partition, offset, maxBytes: MAX_BYTES }
    const [fetched] = await this.#fetcher.fetch(broker as number, [position], options)
    if (fetched === undefined) throw new Error('a fetch of one partition gave nothing')
    if (fetched.error !== null) throw fetched.error
    return fetched
  }
}
