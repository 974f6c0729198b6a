import { setImmediate } from 'node:timers/promises'
import {
  type CommitPoint,
  decodeMessage,
  type RawRecord,
  type RowCodec,
  type StageRuntime,
} from '@millrace/engine'
import { KafkaError, type PackedBatch, type RecordCursor } from '../kafka/wire/index.ts'
import type { InputCursor } from './input-cursor.ts'
import { UnreadableError } from './strict-source.ts'
import type { Fetched } from './task-reader.ts'

/** Records that are worked through in one go; between two chunks others in the process have their turn. */
const CHUNK = 1_000

/** What a feeder hands records to. */
export interface InputFeederOptions {
  readonly runtime: StageRuntime
  /** By stage input: how repartition messages are decoded. */
  readonly codecs: readonly RowCodec[]
  /** Called where a commit may fall. */
  readonly commitPoint: CommitPoint
  /** Takes a batch of a source that would unpack to more than we hold in memory. */
  refuse(cursor: InputCursor, batch: PackedBatch): void
}

/** Hands what was fetched to the stage, chunk by chunk, and moves the inputs' positions as it is worked through. */
export class InputFeeder {
  readonly #options: InputFeederOptions

  constructor(options: InputFeederOptions) {
    this.#options = options
  }

  /** Works through what one fetch brought for one input. Returns the number of records. */
  async feed({ cursor, partition }: Fetched): Promise<number> {
    const records = partition.records()
    const count = await this.#feedRecords(cursor, records)
    // Past markers and aborted records too.
    cursor.done = Math.max(cursor.done, partition.nextOffset)
    return count
  }

  /** Works through events that a generator made. */
  async feedGenerated(cursor: InputCursor, records: readonly RawRecord[]): Promise<void> {
    await this.#workThrough(cursor, records, (from) =>
      this.#options.runtime.acceptSource(cursor.input, records, from, null),
    )
  }

  #feedRecords(cursor: InputCursor, records: RecordCursor): Promise<number> {
    if (cursor.kind === 'source') return this.#feedStrictly(cursor, records)
    if (cursor.kind === 'repartition') return this.#feedMessages(cursor, records)
    return this.#feedQuietly(cursor, records)
  }

  async #feedStrictly(cursor: InputCursor, records: RecordCursor): Promise<number> {
    try {
      return await this.#feedSource(cursor, records)
    } catch (error) {
      if (error instanceof UnreadableError) await this.#finishBefore(cursor, error)
      throw error
    }
  }

  /** Works through what came before, so that the next life can begin with what could not be read. */
  async #finishBefore(cursor: InputCursor, { offset }: UnreadableError): Promise<void> {
    cursor.done = Math.max(cursor.done, offset)
    await this.#options.runtime.run(this.#options.commitPoint)
  }

  async #feedSource(cursor: InputCursor, records: RecordCursor): Promise<number> {
    let count = 0
    for (;;) {
      const { chunk, refused } = takeBounded(cursor, records)
      const now = Date.now()
      await this.#workThrough(cursor, chunk, (from) =>
        this.#options.runtime.acceptSource(cursor.input, chunk, from, now),
      )
      count += chunk.length
      if (refused !== null) {
        this.#options.refuse(cursor, refused)
        cursor.done = refused.lastOffset + 1
        count += refused.recordCount
      } else if (chunk.length === 0) return count
    }
  }

  async #feedMessages(cursor: InputCursor, records: RecordCursor): Promise<number> {
    const { runtime, codecs } = this.#options
    let count = 0
    for (let chunk = takeRaw(cursor, records); chunk.length > 0; chunk = takeRaw(cursor, records)) {
      const messages = chunk.map(({ value }) => decodeMessage(value as Uint8Array, codecs))
      await this.#workThrough(cursor, chunk, (from) => runtime.acceptMessages(messages, from))
      count += messages.filter(({ kind }) => kind === 'row').length
    }
    return count
  }

  /** Reference and control records cause no output by themselves; they count for the next record of the stream. */
  async #feedQuietly(cursor: InputCursor, records: RecordCursor): Promise<number> {
    const { runtime, commitPoint } = this.#options
    while (records.next()) {
      if (cursor.kind === 'reference') runtime.acceptReference(cursor.input, toRaw(cursor, records))
      else hearControl(runtime, records)
      cursor.done = records.offset + 1
    }
    if (cursor.kind === 'control') await runtime.run(commitPoint)
    return 0
  }

  async #workThrough(
    cursor: InputCursor,
    chunk: readonly RawRecord[],
    accept: (from: number) => number,
  ): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      at = accept(at)
      cursor.done = (chunk[at - 1] as RawRecord).offset + 1
      await this.#options.runtime.run(this.#options.commitPoint)
    }
    await this.#options.commitPoint()
    await setImmediate()
  }
}

function takeRaw(cursor: InputCursor, records: RecordCursor): RawRecord[] {
  const chunk: RawRecord[] = []
  while (chunk.length < CHUNK && records.next()) chunk.push(toRaw(cursor, records))
  return chunk
}

/** A chunk, and the batch behind it that would unpack to too much; null where there is none. */
function takeBounded(
  cursor: InputCursor,
  records: RecordCursor,
): { readonly chunk: readonly RawRecord[]; readonly refused: PackedBatch | null } {
  const chunk: RawRecord[] = []
  try {
    while (chunk.length < CHUNK && records.next()) chunk.push(toRaw(cursor, records))
    return { chunk, refused: null }
  } catch (error) {
    if (!(error instanceof KafkaError && error.code === 'BATCH_OVER_LIMIT')) throw error
    return { chunk, refused: records.batch() }
  }
}

function toRaw({ topic, partition }: InputCursor, records: RecordCursor): RawRecord {
  return {
    topic,
    partition,
    offset: records.offset,
    timestamp: records.timestamp,
    key: records.key(),
    value: records.value(),
  }
}

/** Control records are keyed by their writer: `<task>/<input>`. */
function hearControl(runtime: StageRuntime, records: RecordCursor): void {
  const value = records.value()
  if (value === null) return
  const message = decodeMessage(value, [])
  if (message.kind === 'watermark') runtime.hearControl(message.input, message.task, message)
}
