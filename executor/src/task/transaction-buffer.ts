import type { HeaderInput, PartitionWrite, RecordBytes } from '../kafka/wire/index.ts'
import { RecordBatchBuilder } from '../kafka/wire/index.ts'

/** Everything that goes into one transaction, encoded as it comes and grouped by partition. Used again and again. */
export class TransactionBuffer {
  readonly #writes = new Map<string, Map<number, PartitionWrite>>()
  #records = 0

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
      write = { topic, partition, records: new RecordBatchBuilder() }
      partitions.set(partition, write)
    }
    return write.records
  }
}
