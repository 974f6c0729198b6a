import type { HeaderInput, PartitionWrite, RecordBytes } from '../kafka/wire/index.ts'
import { DEFAULT_MAX_BATCH_BYTES, RecordBatchBuilder } from '../kafka/wire/index.ts'

/** Everything that goes into one transaction, encoded as it comes and grouped by partition. Used again and again. */
export class TransactionBuffer {
  readonly #writes = new Map<string, Map<number, PartitionWrite>>()
  readonly #limits: ReadonlyMap<string, number>
  #records = 0

  /** @param limits by topic, the largest batch that it takes where that is less than the usual one, bytes */
  constructor(limits: ReadonlyMap<string, number> = new Map()) {
    this.#limits = limits
  }

  /** Records in it. */
  get records(): number {
    return this.#records
  }

  /** Bytes as they will be sent. */
  get bytes(): number {
    return this.writes().reduce((sum, { records }) => sum + records.byteLength(), 0)
  }

  /** Adds a record; records of one partition keep their order. */
  append(
    topic: string,
    partition: number,
    key: RecordBytes,
    value: RecordBytes,
    timestamp: number,
    headers?: readonly HeaderInput[],
  ): void {
    this.#builder(topic, partition).append(key, value, timestamp, headers)
    this.#records++
  }

  /** What is to be written, by partition. */
  writes(): PartitionWrite[] {
    const all = [...this.#writes.values()].flatMap((partitions) => [...partitions.values()])
    return all.filter(({ records }) => records.recordCount > 0)
  }

  /** Empties it; its memory is kept. */
  reset(): void {
    for (const { records } of this.writes()) records.reset()
    this.#records = 0
  }

  #builder(topic: string, partition: number): RecordBatchBuilder {
    let partitions = this.#writes.get(topic)
    if (partitions === undefined) {
      partitions = new Map()
      this.#writes.set(topic, partitions)
    }
    let write = partitions.get(partition)
    if (write === undefined) {
      const limit = Math.min(this.#limits.get(topic) ?? DEFAULT_MAX_BATCH_BYTES, DEFAULT_MAX_BATCH_BYTES)
      write = { topic, partition, records: new RecordBatchBuilder(limit) }
      partitions.set(partition, write)
    }
    return write.records
  }
}
