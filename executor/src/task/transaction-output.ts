import { type DeploymentSpec, topicNames } from '@millrace/contracts'
import {
  createRowCodec,
  cutFields,
  type DeadLetter,
  encodeOutbox,
  encodeRow,
  murmur2,
  type OutboxDocument,
  type PlannedCut,
  type Program,
  type RowCodec,
  type StageInput,
  type StageOutput,
  type StreamRecord,
  stageOf,
  type TopicMessage,
} from '@millrace/engine'
import { type PackedBatch, singleRecordBatchSize, type TopicPartition } from '../kafka/wire/index.ts'
import { type DeadLetterTarget, writeDeadBatch, writeDeadLetter } from './dead-letters.ts'
import { strictSources, UnreadableError } from './strict-source.ts'
import { INTERNAL_MAX_BYTES } from './task-topics.ts'
import type { TransactionBuffer } from './transaction-buffer.ts'

/** What a record and its batch take beside key and value, at most. */
const OVERHEAD = 1_000

/** A topic that the task writes. */
export interface WrittenTopic {
  readonly topic: string
  readonly partitions: number
  readonly maxBytes: number
}

/** What the results of a stage are written with. */
export interface TransactionOutputOptions {
  readonly spec: DeploymentSpec
  readonly program: Program
  readonly partition: number
  readonly stage: string
  /** By sink node id: its topic, or its outbox. */
  readonly sinks: ReadonlyMap<string, WrittenTopic>
  readonly deadLetters: DeadLetterTarget
}

/** Turns the results of a stage into records of the transaction that is being filled. */
export class TransactionOutput implements StageOutput {
  readonly #buffer: () => TransactionBuffer
  readonly #options: TransactionOutputOptions
  readonly #cuts: ReadonlyMap<PlannedCut, CutWriter>
  readonly #strict: ReadonlySet<string>
  #spread = 0
  #now = Date.now()

  /** `buffer` gives the transaction that is being filled now. */
  constructor(options: TransactionOutputOptions, buffer: () => TransactionBuffer) {
    this.#options = options
    this.#buffer = buffer
    const { spec, program, stage } = options
    this.#strict = strictSources(program)
    this.#cuts = new Map(
      stageOf(spec.plan, stage).cuts.map((cut) => {
        const reader = stageOf(spec.plan, cut.stage)
        const codec = createRowCodec(cutFields(program, reader, cut.input))
        const topic = topicNames.repartition(spec, cut.stage)
        const nodeId = (reader.inputs[cut.input] as StageInput).nodeId
        return [cut, { topic, partitions: reader.tasks, codec, nodeId }]
      }),
    )
  }

  /** Sets the wall clock for records that carry it. */
  tick(now: number): void {
    this.#now = now
  }

  repartition(cut: PlannedCut, key: string | null, record: StreamRecord): void {
    const { topic, partitions, codec, nodeId } = this.#cuts.get(cut) as CutWriter
    const partition = key === null ? this.#options.partition % partitions : placeOf(key, partitions)
    const row = encodeRow(cut.input, record, codec)
    if (row.length + (key?.length ?? 0) * 3 + OVERHEAD > INTERNAL_MAX_BYTES) {
      this.deadLetter(tooLarge(nodeId, record, null, INTERNAL_MAX_BYTES))
      return
    }
    this.#buffer().append(topic, partition, key, row, this.#now)
  }

  topic(nodeId: string, { key, value }: TopicMessage, record: StreamRecord): void {
    const { topic, partitions, maxBytes } = this.#options.sinks.get(nodeId) as WrittenTopic
    if (!fits(key, value, maxBytes)) {
      this.deadLetter(tooLarge(nodeId, record, value, maxBytes))
      return
    }
    const partition = key === null ? this.#spread++ % partitions : placeOf(key, partitions)
    // Not the event time: the broker would delete what is older than the topic's retention as soon as it is written.
    this.#buffer().append(topic, partition, key, value, this.#now)
  }

  outbox(nodeId: string, document: OutboxDocument, record: StreamRecord): void {
    const { topic, partitions, maxBytes } = this.#options.sinks.get(nodeId) as WrittenTopic
    const { sourceTime, origin } = record
    const entry = encodeOutbox({ document, sourceTime, origin })
    if (entry.length + document.id.length * 3 + OVERHEAD > maxBytes) {
      this.deadLetter(tooLarge(nodeId, record, document.body, maxBytes))
      return
    }
    this.#buffer().append(topic, placeOf(document.id, partitions), document.id, entry, this.#now)
  }

  /** @throws UnreadableError where it comes of a source that makes none */
  deadLetter(letter: DeadLetter): void {
    const { nodeId, origin, message } = letter
    if (origin !== null && this.#strict.has(nodeId)) throw new UnreadableError(nodeId, origin, message)
    writeDeadLetter(letter, this.#options.deadLetters, this.#buffer(), this.#now)
  }

  /**
   * A batch of a source that would unpack to more than we hold in memory.
   *
   * @throws UnreadableError where it is of a source that makes no dead letters
   */
  refuseBatch(nodeId: string, from: TopicPartition, batch: PackedBatch): void {
    if (this.#strict.has(nodeId)) {
      const why = 'its batch would unpack to more than 64 MB, which no task holds in memory.'
      throw new UnreadableError(nodeId, { ...from, offset: batch.baseOffset }, why)
    }
    writeDeadBatch({ nodeId, from, batch }, this.#options.deadLetters, this.#buffer(), this.#now)
  }
}

interface CutWriter {
  /** The node that reads what crosses. */
  readonly nodeId: string
  readonly topic: string
  readonly partitions: number
  readonly codec: RowCodec
}

let keyBytes = Buffer.allocUnsafe(1024)

/** The partition of a key text: murmur2 over its UTF-8 bytes, as Kafka's default partitioner places it. */
export function placeOf(key: string, partitions: number): number {
  if (key.length * 3 > keyBytes.length) keyBytes = Buffer.allocUnsafe(key.length * 3)
  const length = keyBytes.write(key)
  return (murmur2(keyBytes, 0, length) & 0x7fffffff) % partitions
}

function fits(key: string | null, value: string | null, maxBytes: number): boolean {
  const atMost = 100 + 3 * ((key?.length ?? 0) + (value?.length ?? 0))
  return atMost <= maxBytes || singleRecordBatchSize(key, value) <= maxBytes
}

function tooLarge(
  nodeId: string,
  { origin }: StreamRecord,
  value: string | null,
  maxBytes: number,
): DeadLetter {
  const message = `The result is larger than the ${maxBytes} bytes that its topic takes.`
  return { nodeId, code: 'too_large', message, origin, rowJson: origin?.value === undefined ? value : null }
}
