import type { PartitionOffsets, SampledRecord, SampleOptions } from '../../kafka-port.ts'
import type { ClusterReader, FetchedMessage, FetchedPartition } from './connector-cluster.ts'

const FETCH_BYTES = 1_048_576

/** Offsets looked at per record wanted: transaction markers and removed records take offsets too. */
const FIRST_REACH = 2
const MORE_REACH = 8

/** What is left to read with. */
class Allowance {
  #bytes: number
  readonly #end: number

  constructor({ maxBytes, timeoutMs }: SampleOptions) {
    this.#bytes = maxBytes
    this.#end = performance.now() + timeoutMs
  }

  get isSpent(): boolean {
    return this.#bytes <= 0 || performance.now() >= this.#end
  }

  spend({ key, value }: SampledRecord): void {
    this.#bytes -= (key?.length ?? 0) + (value?.length ?? 0)
  }
}

/** Reads a share of the records from each partition, one after the other. */
export async function sampleRecords(
  reader: ClusterReader,
  topic: string,
  partitions: readonly PartitionOffsets[],
  options: SampleOptions,
): Promise<SampledRecord[]> {
  const allowance = new Allowance(options)
  const sampled: SampledRecord[] = []
  for (const [i, place] of partitions.entries()) {
    const share = Math.ceil((options.limit - sampled.length) / (partitions.length - i))
    const sampler = new PartitionSampler(reader, topic, place, allowance)
    sampled.push(...(await (options.from === 'earliest' ? sampler.oldest(share) : sampler.newest(share))))
  }
  return sampled
}

class PartitionSampler {
  readonly #reader: ClusterReader
  readonly #topic: string
  readonly #place: PartitionOffsets
  readonly #allowance: Allowance

  constructor(reader: ClusterReader, topic: string, place: PartitionOffsets, allowance: Allowance) {
    this.#reader = reader
    this.#topic = topic
    this.#place = place
    this.#allowance = allowance
  }

  oldest(count: number): Promise<SampledRecord[]> {
    return this.#read(this.#place.low, this.#place.high, count)
  }

  /** Reaches further back until there are enough: nobody knows how many records lie between two offsets. */
  async newest(count: number): Promise<SampledRecord[]> {
    const { low, high } = this.#place
    let records: SampledRecord[] = []
    let from = high
    for (let reach = count * FIRST_REACH; records.length < count && from > low; reach *= MORE_REACH) {
      if (this.#allowance.isSpent) break
      const start = Math.max(low, high - reach)
      records = [...(await this.#read(start, from, Number.POSITIVE_INFINITY)), ...records]
      from = start
    }
    return count === 0 ? [] : records.slice(-count)
  }

  async #read(from: number, to: number, count: number): Promise<SampledRecord[]> {
    const records: SampledRecord[] = []
    for (let at = from; at < to && records.length < count && !this.#allowance.isSpent; ) {
      const fetched = await this.#fetch(at)
      const last = fetched?.messages.at(-1)
      // A batch that compaction has emptied gives nothing; it can only be the last one.
      if (fetched === undefined || last === undefined || Number(last.offset) < at) break
      for (const message of committedMessages(fetched)) {
        const record = toRecord(message, this.#place.partition)
        if (record.offset < at || record.offset >= to || records.length >= count) continue
        records.push(record)
        this.#allowance.spend(record)
      }
      at = Number(last.offset) + 1
    }
    return records
  }

  async #fetch(offset: number): Promise<FetchedPartition | undefined> {
    const place = { topic: this.#topic, partition: this.#place.partition, offset, maxBytes: FETCH_BYTES }
    try {
      return await this.#reader.fetch(place)
    } catch {
      await this.#reader.refresh()
      return this.#reader.fetch(place)
    }
  }
}

/**
 * The records of transactions that were committed, and those of none. kafkajs has a filter of its own, which leaks where
 * aborted transactions overlap and where a key looks like that of a control record.
 */
export function committedMessages({ abortedTransactions, messages }: FetchedPartition): FetchedMessage[] {
  const waiting = [...(abortedTransactions ?? [])].sort(
    (a, b) => Number(a.firstOffset) - Number(b.firstOffset),
  )
  const aborted = new Set<string>()
  return messages.filter(({ offset, batchContext }) => {
    while (waiting[0] && Number(waiting[0].firstOffset) <= Number(offset)) {
      aborted.add((waiting.shift() as (typeof waiting)[number]).producerId)
    }
    if (batchContext === undefined) return true
    const { producerId, inTransaction, isControlBatch } = batchContext
    // The marker of an aborted transaction ends it; a producer's next one may be committed.
    if (isControlBatch) aborted.delete(producerId)
    return !isControlBatch && !(inTransaction && aborted.has(producerId))
  })
}

function toRecord(
  { offset, timestamp, key, value, headers }: FetchedMessage,
  partition: number,
): SampledRecord {
  return {
    partition,
    offset: Number(offset),
    timestamp: Number(timestamp),
    key,
    value,
    headers: textHeaders(headers ?? {}),
  }
}

function textHeaders(headers: NonNullable<FetchedMessage['headers']>): SampledRecord['headers'] {
  const texts: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value
    texts[name] = last === undefined ? '' : String(last)
  }
  return texts
}
