import { partitionOfKey, type RawRecord } from '@millrace/engine'
import { exactJson } from './exact-json.ts'
import type { Example, ExampleStep } from './example.ts'
import { rowValue, tickValue } from './harness-nodes.ts'
import { FEED_ID, NODE_ID } from './prepare-example.ts'
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
  /** The clock of processing time moves to this time, epoch ms, once everything before is worked off. */
  readonly clock?: number
}

const utf8 = new TextEncoder()

/** What an example feeds, moment by moment. Rows take turns over the partitions. */
export function momentsOf(example: Example, partitions: number): readonly Moment[] {
  const feeder = new Feeder(partitions, example.input?.updates?.key ?? null)
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
  /** Names of the fields that name a row of an updating stream; its records stay in one partition. */
  readonly #updateKey: readonly string[] | null
  readonly #offsets = new Map<string, number>()
  #rows = 0
  #clock = { now: 0, isMoved: false }

  constructor(partitions: number, updateKey: readonly string[] | null) {
    this.#partitions = partitions
    this.#updateKey = updateKey
  }

  raw({ key, value, timestamp }: NonNullable<Example['records']>[number]): FedRecord {
    const time = timestamp === undefined ? this.#tell() : timeOf(timestamp)
    return this.#record(NODE_ID, 0, { key: key ?? null, value, time, position: this.#rows++ })
  }

  step(step: ExampleStep): Moment {
    if ('reference' in step) {
      const { key, value } = step.reference
      const text = typeof value === 'string' || value === null ? value : exactJson(value)
      return { records: [this.#record(NODE_ID, 0, { key, value: text, time: this.#tell(), position: null })] }
    }
    if ('watermark' in step) return this.#tick(timeOf(step.watermark))
    if ('clock' in step) return this.#moveClock(timeOf(step.clock))
    const position = this.#rows++
    const value = exactJson(rowValue(step.row, timeOf(step.at), changeOf(step)))
    const partition = this.#partitionOf(step.row, position)
    return { records: [this.#record(FEED_ID, partition, { key: null, value, time: this.#tell(), position })] }
  }

  #partitionOf(row: Readonly<Record<string, unknown>>, position: number): number {
    if (this.#updateKey === null) return position % this.#partitions
    const key = exactJson(this.#updateKey.map((name) => row[name]))
    return partitionOfKey(utf8.encode(key), this.#partitions)
  }

  #tick(watermark: number): Moment {
    const time = this.#tell()
    const value = exactJson(tickValue(watermark))
    const records = Array.from({ length: this.#partitions }, (_, partition) =>
      this.#record(FEED_ID, partition, { key: null, value, time, position: null }),
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
