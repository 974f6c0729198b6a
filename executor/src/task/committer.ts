import type { StageProgress, StateChange } from '@millrace/engine'
import { failPoint } from '../faults/fail-points.ts'
import type { GroupOffset, ProducedBatch } from '../kafka/wire/index.ts'
import { POSITION_KEY } from '../state/changelog.ts'
import type { InputCursor } from './input-cursor.ts'
import { encodeAnchor, encodePosition } from './position.ts'
import type { TakenOver } from './take-over.ts'
import type { TaskIdentity } from './task-identity.ts'
import { TransactionBuffer } from './transaction-buffer.ts'

/** What a commit says beside the records in the buffer. */
export interface CommitContent {
  readonly changes: readonly StateChange[]
  /** Keys of changelog records to be deleted for good. */
  readonly tombstones: readonly string[]
  readonly progress: StageProgress | null
  readonly sealed?: boolean
}

/** What a commit came to. */
export interface CommitResult {
  /** Changelog offset after it: the stamp of the state it leaves behind. */
  readonly end: number
  readonly records: number
  readonly bytes: number
  readonly ms: number
}

/**
 * Writes a task's transactions: results, changelog, position, anchor and mirrored offsets in one
 * (exactly-once.md P4). While one is under way the next is being filled. Any error ends its use.
 */
export class Committer {
  readonly #taken: TakenOver
  readonly #identity: TaskIdentity
  readonly #cursors: readonly InputCursor[]
  #filling: TransactionBuffer
  #spare: TransactionBuffer
  #busy = false

  /** @param limits by topic, the largest batch that it takes, bytes */
  constructor(
    taken: TakenOver,
    identity: TaskIdentity,
    cursors: readonly InputCursor[],
    limits: ReadonlyMap<string, number>,
  ) {
    this.#filling = new TransactionBuffer(limits)
    this.#spare = new TransactionBuffer(limits)
    this.#taken = taken
    this.#identity = identity
    this.#cursors = cursors
  }

  /** Where records of the next transaction go; another object after each `commit`. */
  get buffer(): TransactionBuffer {
    return this.#filling
  }

  /** True while a transaction is under way. */
  get busy(): boolean {
    return this.#busy
  }

  /** Commits the buffer. What goes in is fixed before the first await; the caller may then fill the next buffer. */
  async commit(content: CommitContent): Promise<CommitResult> {
    if (this.#busy) throw new Error('a commit is under way')
    this.#busy = true
    const started = performance.now()
    const buffer = this.#filling
    this.#filling = this.#spare
    this.#writeChangelog(buffer, content)
    const offsets = this.#mirroredOffsets()
    const { records, bytes } = buffer
    const end = await this.#transact(buffer, offsets, content.sealed ?? false)
    buffer.reset()
    this.#spare = buffer
    this.#busy = false
    return { end, records, bytes, ms: performance.now() - started }
  }

  #writeChangelog(
    buffer: TransactionBuffer,
    { changes, tombstones, progress, sealed = false }: CommitContent,
  ): void {
    const { topic, partition } = this.#taken.changelog.partition
    const now = Date.now()
    for (const { stateKey, value } of changes) buffer.append(topic, partition, stateKey, value, now)
    for (const key of tombstones) buffer.append(topic, partition, key, null, now)
    const { generation, births } = this.#identity.spec
    const inputs = Object.fromEntries(this.#cursors.map((cursor) => [cursor.name, cursor.position]))
    const position = { generation, fence: this.#taken.fence, sealed, births, inputs, progress }
    buffer.append(topic, partition, POSITION_KEY, encodePosition(position), now)
  }

  /** Positions of partitions that this task alone reads, for tools; they are never read back. */
  #mirroredOffsets(): GroupOffset[] {
    return this.#cursors
      .filter(({ kind }) => kind === 'source' || kind === 'repartition' || kind === 'outbox')
      .map(({ topic, partition, done }) => ({ topic, partition, offset: done, metadata: '' }))
  }

  async #transact(
    buffer: TransactionBuffer,
    mirror: readonly GroupOffset[],
    sealed: boolean,
  ): Promise<number> {
    const { producer, changelog, fence, names } = this.#taken
    const { topic, partition } = changelog.partition
    failPoint('before-produce')
    const produced = await producer.produce(buffer.writes())
    failPoint('after-produce')
    const end = endOf(produced.filter((batch) => batch.topic === topic && batch.partition === partition))
    const metadata = encodeAnchor({ fence, generation: this.#identity.spec.generation, sealed })
    await producer.commitOffsets(names.group, [{ topic, partition, offset: end, metadata }, ...mirror])
    failPoint('after-offsets')
    const ended = producer.end(true)
    // The request leaves on the next turn of the loop; the test wants it sent, but not answered.
    if (process.env.MILLRACE_FAILPOINT) setImmediate(() => failPoint('end-sent'))
    await ended
    return end
  }
}

function endOf(batches: readonly ProducedBatch[]): number {
  const last = batches.at(-1)
  if (last === undefined) throw new Error('a commit wrote no position')
  return last.baseOffset + last.recordCount
}
