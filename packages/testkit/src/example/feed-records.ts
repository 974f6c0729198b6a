import { partitionOfKey, type RawRecord } from '@millrace/engine'
import { exactJson } from './exact-json.ts'
import type { Example, ExampleStep } from './example.ts'
import { type Feed, feedNamed } from './feeds.ts'
import { rowValue, tickValue } from './harness-nodes.ts'
import { NODE_ID, type PreparedExample } from './prepare-example.ts'
import { timeOf } from './read-values.ts'

/** A record for one partition of a source's topic, or of a reference topic. */
export interface FedRecord {
  readonly nodeId: string
  readonly partition: number
  readonly record: RawRecord
  /** Position among the rows or records of the example; null for ticks and reference records. */
  readonly position: number | null
}

/** What happens at once. A watermark is due in every partition; all else goes to one. */
export interface Moment {
  readonly records: readonly FedRecord[]
  /** The source with this id falls idle, once everything before is worked off. */
  readonly idle?: string
  /** The clock of processing time moves to this time, epoch ms, once everything before is worked off. */
  readonly clock?: number
}

const utf8 = new TextEncoder()

/** What an example feeds, moment by moment. Rows take turns over the partitions. */
export function momentsOf(
  { example, feeds, referenceId }: Pick<PreparedExample, 'example' | 'feeds' | 'referenceId'>,
  partitions: number,
): readonly Moment[] {
  const feeder = new Feeder(partitions, feeds, referenceId)
  if (example.events) return eventMoments(example.events)
  if (example.records) return example.records.map((record) => ({ records: [feeder.raw(record)] }))
  return (example.steps ?? []).map((step) => feeder.step(step))
}

/** For generators a record carries nothing but its offset. */
function eventMoments({ partition, count }: NonNullable<Example['events']>): readonly Moment[] {
  return Array.from({ length: Number(count) }, (_, offset) => {
    const place = { topic: 'generator', partition: Number(partition), offset }
    const record = { ...place, timestamp: offset, key: null, value: null }
    return { records: [{ nodeId: NODE_ID, partition: Number(partition), record, position: offset }] }
  })
}

/** What a row of an updating stream is, as the gate reads it: null for a new one. */
function changeOf(step: Extract<ExampleStep, { row: unknown }>): string | null {
  if (!('kind' in step)) return null
  return 'before' in step && step.before !== undefined ? exactJson(step.before) : step.kind
}

class Feeder {
  readonly #partitions: number
  readonly #feeds: readonly Feed[]
  readonly #referenceId: string
  readonly #offsets = new Map<string, number>()
  #rows = 0
  #clock = { now: 0, isMoved: false }

  constructor(partitions: number, feeds: readonly Feed[], referenceId: string) {
    this.#referenceId = referenceId
    this.#partitions = partitions
    this.#feeds = feeds
  }

  raw({ key, value, timestamp }: NonNullable<Example['records']>[number]): FedRecord {
    const time = timestamp === undefined ? this.#tell() : timeOf(timestamp)
    return this.#record(NODE_ID, 0, { key: key ?? null, value, time, position: this.#rows++ })
  }

  step(step: ExampleStep): Moment {
    if ('reference' in step) {
      const { key, value } = step.reference
      const text = typeof value === 'string' || value === null ? value : exactJson(value)
      const time = step.at === undefined ? this.#tell() : timeOf(step.at)
      return { records: [this.#record(this.#referenceId, 0, { key, value: text, time, position: null })] }
    }
    if ('idle' in step) return { records: [], idle: this.#referenceId }
    if ('watermark' in step) return this.#tick(timeOf(step.watermark), step.to)
    if ('clock' in step) return this.#moveClock(timeOf(step.clock))
    const position = this.#rows++
    const value = exactJson(rowValue(step.row, timeOf(step.at), changeOf(step)))
    const feed = feedNamed(this.#feeds, step.to)
    const partition = this.#partitionOf(feed, step.row, position)
    return {
      records: [this.#record(feed.feedId, partition, { key: null, value, time: this.#tell(), position })],
    }
  }

  /** The records of one key of an updating stream stay in one partition. */
  #partitionOf({ schema }: Feed, row: Readonly<Record<string, unknown>>, position: number): number {
    if (schema.updates === undefined) return position % this.#partitions
    const key = exactJson(schema.updates.key.map((name) => row[name]))
    return partitionOfKey(utf8.encode(key), this.#partitions)
  }

  #tick(watermark: number, to: string | undefined): Moment {
    const feeds = to === undefined ? this.#feeds : [feedNamed(this.#feeds, to)]
    const time = this.#tell()
    const value = exactJson(tickValue(watermark))
    const records = feeds.flatMap(({ feedId }) =>
      Array.from({ length: this.#partitions }, (_, partition) =>
        this.#record(feedId, partition, { key: null, value, time, position: null }),
      ),
    )
    return { records }
  }

  /** The time at which the next record is written: by the hand-moved clock, else one after the other. */
  #tell(): number {
    return this.#clock.isMoved ? this.#clock.now : ++this.#clock.now
  }

  #moveClock(now: number): Moment {
    this.#clock = { now, isMoved: true }
    return { records: [], clock: now }
  }

  #record(
    nodeId: string,
    partition: number,
    content: { key: string | null; value: string | null; time: number; position: number | null },
  ): FedRecord {
    const offset = this.#offsets.get(`${nodeId}/${partition}`) ?? 0
    this.#offsets.set(`${nodeId}/${partition}`, offset + 1)
    const record: RawRecord = {
      ...{ topic: nodeId, partition, offset, timestamp: content.time },
      key: content.key === null ? null : utf8.encode(content.key),
      value: content.value === null ? null : utf8.encode(content.value),
    }
    return { nodeId, partition, record, position: content.position }
  }
}
